"""Next year's programme as it is chosen measure by measure, and begun."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.creation.new_programme import SCHEMA, NewProgramme
from kvartal.tui.plans.path import open_plan

if TYPE_CHECKING:
    from kvartal.history.git.identity import Identity
    from kvartal.history.programme import Programme
    from kvartal.history.store.ledger import SaveResult
    from kvartal.history.store.repo_state import RepoState
    from kvartal.history.store.snapshot import Snapshot
    from kvartal.schema.changes import PlanData
    from kvartal.schema.errors import Translate

_YEARS: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?:-20[0-9]{2})?(?![0-9])")


class NextProgrammeExists(KvartalError):
    """The programme that follows was begun before."""

    template = N_("Следующая программа уже есть: {file}. Откройте её из списка программ.")


def reason_text(reasons: Mapping[str, str], translate: "Translate") -> str:
    """Return why measures are not carried over, for the first commit; empty for none.

    Args:
        reasons: The reason by the id of the measure.
        translate: Puts it into the plan's language.
    """
    if not reasons:
        return ""
    listed = "; ".join(f"{name} — {why}" for name, why in reasons.items())
    return translate(N_("не перенесены: {measures}")).format(measures=listed)


def next_path(plan: Path, period: ProgrammePeriod) -> Path:
    """Return where the next programme's file comes, beside the one before it.

    A file called by more than its years, or without them, keeps its name beside them: of two
    programmes in a folder each has its own next one.
    """
    new = NewProgramme(period).path_in(plan.parent)
    found = [*_YEARS.finditer(plan.stem)]
    if not found:
        return plan.with_name(f"{plan.stem}-{new.name}")
    start, end = found[-1].span()
    return plan.with_name(f"{plan.stem[:start]}{new.stem}{plan.stem[end:]}{new.suffix}")


def check_next(plan: Path, period: ProgrammePeriod) -> None:
    """Refuse to choose what goes on where the next programme is there already.

    Raises:
        NextProgrammeExists: It is.
    """
    path = next_path(plan, period)
    if path.exists():
        raise NextProgrammeExists(file=path.name)


@dataclass(frozen=True, slots=True)
class BegunYear:
    """The next programme, begun.

    Attributes:
        path: Its file.
        result: Its first commit.
        earlier: The commit that put the programme before it into the history as it is now; None
            where the history held it already.
    """

    path: Path
    result: "SaveResult"
    earlier: str | None = None


def begin_next(  # noqa: PLR0913, PLR0917 - a programme, the one before it, and why they differ
    programme: "Programme",
    snapshot: "Snapshot",
    data: "PlanData",
    period: ProgrammePeriod,
    reasons: Mapping[str, str],
    identity: "Identity | None" = None,
) -> BegunYear:
    """Write the next programme and begin its history.

    What is carried over refers to the programme before: if the history does not hold that as it is
    now, it is committed first, by itself.

    Args:
        programme: The one before it.
        snapshot: What that is now.
        data: The new one.
        period: The days that it is for.
        reasons: Why measures are not carried over, by their ids.
        identity: The author, written to the repository's own settings; None for git's.

    Raises:
        NoIdentityYet: Git knows no author; nothing was written.
        KvartalError: It was not begun; of the new programme nothing was written.
    """
    from kvartal.history import creation

    path = next_path(programme.path, period)
    text = next_text(snapshot, data)
    new = open_plan(path)
    creation.check_new(new, text, identity=identity)
    earlier = _commit_earlier(programme, snapshot, identity)
    reason = reason_text(reasons, programme.translator(snapshot.plan.language))
    result = creation.create(new, text, reason=reason, identity=identity)
    return BegunYear(path, result, earlier)


def next_text(snapshot: "Snapshot", data: "PlanData") -> str:
    """Return the text of the next programme's file.

    Args:
        snapshot: The programme before it.
        data: The new one.
    """
    from kvartal.history.yaml_text.document import plan_text, schema_named_in

    return plan_text(data, schema=schema_named_in(snapshot.source.text) or SCHEMA)


def is_earlier_uncommitted(programme: "Programme") -> bool:
    """Return whether the history does not hold the programme before as it is now."""
    state = programme.state()
    return state.is_edited or _has_no_history(state)


def _has_no_history(state: "RepoState") -> bool:
    from kvartal.history.git.errors import NotARepository

    return isinstance(state.obstacle, NotARepository)


def _commit_earlier(
    programme: "Programme", snapshot: "Snapshot", identity: "Identity | None"
) -> str | None:
    """Commit the programme before as it is now; return the commit, None where it is there.

    Raises:
        KvartalError: It was refused; nothing was written.
    """
    from kvartal.history import creation, repair

    state = programme.state()
    if _has_no_history(state):
        return creation.init_repository(programme, identity=identity).commit
    if not state.is_edited:
        return None
    if identity is not None:
        repair.set_identity(programme, identity)
    return repair.adopt(programme, snapshot).commit
