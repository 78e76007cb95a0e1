"""What two versions of a programme differ in, or two programmes: what ``kvartal diff`` prints."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kvartal.history.programme import Programme
from kvartal.tui import failures
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.git.repository import Repository
    from kvartal.schema.changes import Edit, PlanData
    from kvartal.schema.model import Plan
    from kvartal.tui.presentation.compared_version import ComparedVersion

HEAD: Final = "HEAD"


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Two versions of a programme and what they differ in.

    Attributes:
        programme: The programme.
        sides: The older version, the newer one.
        edits: What turns the older one into the newer one.
        groups: The same in words, by measure.
        other: The earlier programme, where it is two programmes that are compared.
    """

    programme: Programme
    sides: "tuple[ComparedVersion, ComparedVersion]"
    edits: "tuple[Edit, ...]"
    groups: "tuple[ChangeGroup, ...]"
    other: Programme | None = None

    @property
    def plan(self) -> "Plan | None":
        """The facts of the newer version; None where it is no programme."""
        from kvartal.schema.printed_order import in_printed_order
        from kvartal.schema.reading import MalformedPlan, read_plan

        try:
            return in_printed_order(read_plan(self.sides[1].data))
        except MalformedPlan:
            return None


def compared_versions(programme: Programme, versions: str) -> PlanDiff:
    """Return what two versions of a programme differ in.

    Args:
        programme: The programme.
        versions: Which ones, as in git: ``A``, ``A..B`` or ``A...B``.

    Raises:
        NoSuchRevision, BeforeFirstCommit: There is no such version.
        UnreadablePlan: A version is not the YAML a plan is written in.
    """
    from kvartal.history.diff.diff import difference
    from kvartal.history.diff.groups import comment_groups, visible_groups
    from kvartal.history.diff.words import Words

    old, new = _sides(programme, versions)
    if new.text and not old.text:
        old = _under_former_name(programme, old, new)
    words = Words(_)
    edits = difference(old.data, new.data)
    groups = visible_groups(old.data, new.data, words, edits)
    if not edits:
        groups = comment_groups(old.text, new.text, words)
    return PlanDiff(programme, (old, new), edits, groups)


def compared_plans(old: Programme, new: Programme) -> PlanDiff:
    """Return what one programme differs in from an earlier one."""
    from kvartal.history.diff.diff import difference
    from kvartal.history.diff.groups import visible_groups
    from kvartal.history.diff.words import Words
    from kvartal.history.yaml_text.loader import read
    from kvartal.tui.presentation.compared_version import ComparedVersion

    sources = [read(programme.path, programme.name) for programme in (old, new)]
    older, newer = (ComparedVersion(one.data, text=one.encoded) for one in sources)
    edits = difference(older.data, newer.data)
    groups = visible_groups(older.data, newer.data, Words(_), edits)
    return PlanDiff(new, (older, newer), edits, groups, other=old)


def _under_former_name(
    programme: Programme, old: "ComparedVersion", new: "ComparedVersion"
) -> "ComparedVersion":
    """Return the older version, read from the file that was renamed since; as it is without one.

    Otherwise all of a programme whose file was renamed would be shown as new.
    """
    from kvartal.history.log.origin import former_path
    from kvartal.history.yaml_text.loader import load

    repository = programme.repository()
    newer = new.commit or repository.commit_id(HEAD)
    if old.commit is None or newer is None:
        return old
    path = former_path(repository, old.commit, newer, programme.path.resolve().name)
    content = repository.at("").blob(old.commit, path) if path else None
    if content is None:
        return old
    note = _("В версии {version} файл программы назывался «{path}»: сравнение с ним.")
    failures.print_stderr(f"kvartal: {note.format(version=old.name, path=path)}")
    return replace(old, data=load(content, f"{old.name}:{path}").data, text=content)


def _sides(programme: Programme, versions: str) -> "tuple[ComparedVersion, ComparedVersion]":
    """Return the older version and the newer one.

    Three dots compare B with the last commit that A and B have in common.
    """
    from kvartal.history.diff.words import SHORT_HASH
    from kvartal.history.log.revision import common_commit

    repository = programme.repository()
    name = programme.path.resolve().name
    first, dots, second = versions.partition("..")
    first = first or HEAD
    if not dots:
        return _committed(repository, name, first), _on_disk(programme, repository)
    if not second.startswith("."):
        return _committed(repository, name, first), _committed(repository, name, second or HEAD)
    second = second.removeprefix(".") or HEAD
    common = common_commit(repository, first, second)
    older = _committed(repository, name, common, common[:SHORT_HASH])
    return older, _committed(repository, name, second)


def _committed(
    repository: "Repository", name: str, revision: str, label: str = ""
) -> "ComparedVersion":
    """Return a committed version of the plan; an empty one if the commit has no plan file.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        revision: A revision, a tag or a date, as typed.
        label: What to call the version; as it was typed, if empty.

    Raises:
        NoSuchRevision, BeforeFirstCommit: There is no such version.
        UnreadablePlan: The version is not the YAML a plan is written in.
    """
    from kvartal.history.log.revision import commit_at
    from kvartal.history.yaml_text.loader import load
    from kvartal.tui.presentation.compared_version import ComparedVersion

    commit = commit_at(repository, revision)
    content = repository.blob(commit, name)
    data: PlanData = {} if content is None else load(content, f"{revision}:{name}").data
    date = repository.read_text("log", "-1", "--format=%cI", commit, "--").strip()
    return ComparedVersion(data, label or revision, commit, date, text=content or b"")


def _on_disk(programme: Programme, repository: "Repository") -> "ComparedVersion":
    from kvartal.history.store.files import digest
    from kvartal.history.yaml_text.loader import read
    from kvartal.tui.presentation.compared_version import ComparedVersion

    source = read(programme.path, programme.name)
    saved = repository.blob(HEAD, programme.path.resolve().name)
    is_saved = saved is not None and digest(saved) == digest(source.encoded)
    return ComparedVersion(source.data, is_saved=is_saved, text=source.encoded)
