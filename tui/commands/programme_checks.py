"""What ``kvartal doctor`` checks of each programme: its file, what keeps it from being saved."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import as_problems
from kvartal.tui.commands.machine_checks import Check, result
from kvartal.tui.i18n import _
from kvartal.tui.plans.names import display_name, linked_plan

if TYPE_CHECKING:
    from kvartal.history.programme import Programme


class PlanHasErrors(KvartalError):
    """A plan file can be read, and breaks the schema or a rule."""

    template = N_("{file}: ошибок в файле: {count}. Первая: {reason} Все: `kvartal validate`.")


def plan_summary(programme: "Programme") -> str:
    """Return which programme a file holds.

    Raises:
        PlanHasErrors: It is no valid programme.
        KvartalError: It cannot be read.
    """
    snapshot = programme.read().checked()
    problems = as_problems(snapshot.problems or ())
    if problems:
        reason = problems[0].message(_)
        raise PlanHasErrors(file=programme.name, count=problems.total, reason=reason)
    plan = snapshot.plan
    template = _("{file}, {year} год, мероприятий: {count}")
    if "-" in plan.years_text:
        template = _("{file}, {year} годы, мероприятий: {count}")
    text = template.format(file=programme.name, year=plan.years_text, count=len(plan.measures))
    linked = linked_plan(programme.path)
    return text if linked is None else f"{text}. {linked.message(_)}"


def state_checks(programme: "Programme") -> Iterator[Check]:
    """Yield whether a programme can be saved, and whether it was edited by hand.

    What keeps it from being saved is reported once: a lock file, and an edit, have checks of their
    own.
    """
    from kvartal.history.git.errors import GitLocked
    from kvartal.history.store.errors import UncommittedEdits

    state = programme.state()
    has_own_check = isinstance(state.obstacle, GitLocked) or (
        state.obstacle is None and state.is_edited
    )
    if not has_own_check:
        yield result("state", state.obstacle, _("можно сохранять"))
    edits = UncommittedEdits(plan=programme.name) if state.is_edited else None
    yield result("edits", edits, _("не найдено"))


def schema_check(programme: "Programme") -> Iterator[Check]:
    """Yield whether the schema is where the plan says; nothing but editors needs it."""
    from kvartal.history import creation

    try:
        place = creation.schema_place(programme)
    except KvartalError:
        return  # The check of the file has said so.
    if place is None:
        text = _("программа её не называет")
    elif place.exists():
        text = display_name(place)
    else:
        text = _("файла {file} нет, он нужен только редакторам: `kvartal schema > {file}`")
        text = text.format(file=display_name(place))
    yield Check("schema", text)


def named(
    checks: Iterator[Check], programme: "Programme", programmes: Sequence["Programme"]
) -> Iterator[Check]:
    """Yield checks of one programme; where there are several, each names its own."""
    for check in checks:
        text = _("{plan}: {text}").format(plan=programme.name, text=check.text)
        yield check if len(programmes) == 1 else replace(check, text=text)
