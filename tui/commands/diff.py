"""``kvartal diff``: how two versions of the programme differ, as text, JSON or an HTML page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from kvartal.history.programme import Programme
from kvartal.schema.errors import N_
from kvartal.tui import failures
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.output_file import refuse_target, write_output
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, one_of, option
from kvartal.tui.commands.programme import (
    SeveralPlansNamed,
    in_turn,
    print_heading,
    programmes_to_read,
    selected_plan,
)
from kvartal.tui.i18n import _
from kvartal.tui.plan_path import path_in_repository
from kvartal.tui.presentation.compared_version import no_difference
from kvartal.tui.presentation.sanitize import shown

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


@click.command(
    "diff",
    cls=Command,
    help=N_(
        "Чем различаются две версии программы, по мероприятиям и полям. Без версий — чем файл "
        "отличается от сохранённого; A — чем файл отличается от версии A; A...B — что сделано в B "
        "с тех пор, как версии разошлись. Версия — это запись истории, ветка, метка или дата: "
        "2024-03-31 или 31.03.2024 значит «к концу этого дня». С двумя --plan и без версий — чем "
        "вторая программа отличается от первой."
    ),
)
@click.argument("versions", metavar="[A[..B]]", required=False, default=HEAD)
@option(
    "--format",
    "form",
    type=one_of("text", "html", "json"),
    default="text",
    metavar="text|html|json",
    help=N_("Вид вывода: text, json или html — страница, которой больше ничего не нужно."),
)
@option(
    "--output",
    "-o",
    "target",
    type=click.Path(path_type=Path),
    metavar=N_("ФАЙЛ"),
    help=N_("Записать в файл, а не на экран."),
)
@option("--force", is_flag=True, help=N_("Заменить файл, если он уже есть."))
@json_option
@common_options
@click.pass_context
def diff_command(
    ctx: click.Context,
    versions: str,
    form: str,
    target: Path | None,
    force: bool,  # noqa: FBT001 - an option
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print or write how two versions differ."""
    options = ctx.ensure_object(CommonOptions)
    form = "json" if as_json else form
    programmes, selection = programmes_to_read(options)
    is_given = ctx.get_parameter_source("versions") is not ParameterSource.DEFAULT
    if len(options.plans) == len(programmes) == 2 and not is_given and form != "html":  # noqa: PLR2004 - a pair
        _print_pair(_compare_plans(*programmes), form, target, force=force)
        return
    if form == "html":
        selected_plan(options)  # A page is about one programme.
    diffs = [_compare(one, versions) for one in in_turn(programmes, options)]
    if len(diffs) > 1:
        _print_several(diffs, form, target)
        return
    diff = diffs[0]
    if target is not None:
        refuse_target(target, diff.programme.path.resolve(), force=force)
        text = {"text": _as_text, "json": _as_json, "html": _as_page}[form](diff)
        plan = diff.programme.path.resolve()
        write_output(target, text.encode(), plan=plan, force=force)
        output.line(_("Записано: {file}").format(file=target))
    elif form == "text":
        if selection.is_choice:
            print_heading(diff.programme, diff.plan, is_first=True)
        _print_text(diff)
    elif form == "json":
        output.json_data(_rows(diff))
    else:
        output.data(_as_page(diff))


def _print_pair(diff: PlanDiff, form: str, target: Path | None, *, force: bool) -> None:
    """Print how two programmes differ, such as last year's and this one."""
    if target is not None:
        plan = diff.programme.path.resolve()
        text = {"text": _as_text, "json": _as_json}[form](diff)
        write_output(target, text.encode(), plan=plan, force=force)
        output.line(_("Записано: {file}").format(file=target))
    elif form == "json":
        output.json_data(_rows(diff))
    else:
        if diff.other is not None:
            text = _("{new} по сравнению с {old}")
            output.line(text.format(new=diff.programme.name, old=diff.other.name))
        _print_text(diff)


def _compare_plans(old: Programme, new: Programme) -> PlanDiff:
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


def _print_several(diffs: "Sequence[PlanDiff]", form: str, target: Path | None) -> None:
    """Print how each of several programmes differs.

    Raises:
        SeveralPlansNamed: A file was asked for: it would be of one programme.
    """
    if target is not None:
        names = ", ".join(diff.programme.name for diff in diffs)
        raise SeveralPlansNamed(plans=names)
    if form == "json":
        output.json_data([row for diff in diffs for row in _rows(diff)])
        return
    for index, diff in enumerate(diffs):
        print_heading(diff.programme, diff.plan, is_first=not index)
        _print_text(diff)


def _print_text(diff: PlanDiff) -> None:
    for line in _lines(diff):
        output.line(line)


def _as_text(diff: PlanDiff) -> str:
    return "".join(f"{shown(line)}\n" for line in _lines(diff))


def _lines(diff: PlanDiff) -> Iterator[str]:
    old, new = diff.sides
    if diff.groups:
        yield from output.group_lines(diff.groups)
    else:
        yield no_difference(old, new)


def _rows(diff: PlanDiff) -> list[Mapping[str, object]]:
    """Return the difference as ``--json`` prints it: the newer version with all that changed in it.

    Where nothing differs there are no rows; a file that is not saved yet has no commit.
    """
    from kvartal.history.diff.diff import field_changes

    changes = [change.as_json() for change in field_changes(diff.edits)]
    if not changes:
        return []
    commit = _commit_of(diff)
    path = diff.programme.path
    named: dict[str, object] = {"organization": None, "year": None}
    named["plan"] = path_in_repository(path)
    keys = named if diff.plan is None else {**programme_keys(diff.plan, path)}
    compared = {} if diff.other is None else {"compared_with": path_in_repository(diff.other.path)}
    return [{**commit, "changes": changes, **keys, **compared}]


def _commit_of(diff: PlanDiff) -> dict[str, object]:
    """Return the commit of the newer version: who made it, when, and what it says of itself."""
    commit = diff.sides[1].commit
    fields = ("commit", "date", "author", "subject")
    if not commit:
        return dict.fromkeys(fields)
    form = "--format=%H%x00%aI%x00%aN%x00%s"
    printed = diff.programme.repository().read_text("log", "-1", form, commit, "--")
    return dict(zip(fields, printed.rstrip("\n").split("\0"), strict=True))


def _as_json(diff: PlanDiff) -> str:
    return output.json_text(_rows(diff))


def _as_page(diff: PlanDiff) -> str:
    from kvartal.tui.presentation.html.comparison import comparison_page

    old, new = diff.sides
    entries = diff.programme.log(revision=new.commit or HEAD, excluding=old.commit)
    return comparison_page(diff.sides, diff.groups, tuple(entries))


def _compare(programme: Programme, versions: str) -> PlanDiff:
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


def _under_former_name(
    programme: Programme, old: "ComparedVersion", new: "ComparedVersion"
) -> "ComparedVersion":
    """Return an older version that lacks the file as it is there under its former name, if it is.

    Else all of a programme would be told as new of which only the file was renamed.
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
    """Return the two versions that ``A``, ``A..B`` or ``A...B`` means, as in git.

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
