"""``kvartal diff``: how two versions of the programme differ, as text, JSON or an HTML page."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.output_file import STDOUT, refuse_target, write_output
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, one_of, option
from kvartal.tui.commands.plan_diff import HEAD, PlanDiff, compared_plans, compared_versions
from kvartal.tui.commands.programme import (
    SeveralPlansNamed,
    in_turn,
    print_heading,
    programmes_to_read,
    selected_plan,
)
from kvartal.tui.i18n import _
from kvartal.tui.plans.names import path_in_repository
from kvartal.tui.presentation.compared_version import no_difference
from kvartal.tui.presentation.sanitize import shown


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
    help=N_("Записать в файл, а не на экран; «-» — в стандартный вывод."),
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
    target = None if target == STDOUT else target
    programmes, selection = programmes_to_read(options)
    is_given = ctx.get_parameter_source("versions") is not ParameterSource.DEFAULT
    if len(options.plans) == len(programmes) == 2 and not is_given and form != "html":  # noqa: PLR2004 - a pair
        _print_pair(compared_plans(*programmes), form, target, force=force)
        return
    if form == "html":
        selected_plan(options)  # A page is about one programme.
    diffs = [compared_versions(one, versions) for one in in_turn(programmes, options)]
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
