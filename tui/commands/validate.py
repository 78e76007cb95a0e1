"""``kvartal validate``: print what is wrong with plan files, as text, JSON or for GitHub."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.problems import Problems, counted
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, one_of, option
from kvartal.tui.commands.programme import recover_to_read, selected_plans
from kvartal.tui.i18n import _
from kvartal.tui.plan_path import display_name, open_plan
from kvartal.tui.presentation.problem_list import MOST_SHOWN, cut_sentence, total_of
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.tui.commands.json_rows import Json

# What GitHub's workflow commands need escaped.
_IN_MESSAGE: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: Final = _IN_MESSAGE | {":": "%3A", ",": "%2C"}

ProblemsByFile = Mapping[str, Problems]
"""Problems by the name of the file, in the order of the files."""


@click.command(
    "validate",
    cls=Command,
    help=N_(
        "Проверить файлы программы: запись, схему, правила и подтверждающие документы. "
        "Без ФАЙЛА проверяется найденная программа. Код выхода 1, если есть ошибки."
    ),
)
@click.argument("files", metavar=N_("[ФАЙЛ…]"), nargs=-1, type=click.Path(path_type=Path))
@option(
    "--format",
    "form",
    type=one_of("text", "json", "github"),
    default="text",
    metavar="text|json|github",
    help=N_("Вид вывода: text, json или github."),
)
@json_option
@common_options
@click.pass_context
def validate_command(
    ctx: click.Context,
    files: tuple[Path, ...],
    form: str,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the problems of each file."""
    paths = {str(path): path for path in files}
    if not paths:
        selection = selected_plans(ctx.ensure_object(CommonOptions))
        paths = {display_name(path): path for path in selection.paths}
    for path in paths.values():
        recover_to_read(open_plan(path))
    problems = {name: _problems(path, name) for name, path in paths.items()}
    _PRINT["json" if as_json else form](problems)
    ctx.exit(EXIT_REFUSED if any(problems.values()) else EXIT_OK)


def _problems(path: Path, name: str) -> Problems:
    """Return what is wrong with a plan file or, if nothing is, with its evidence files."""
    from kvartal.history.store.evidence import check_evidence
    from kvartal.history.store.snapshot import check
    from kvartal.history.yaml_text.loader import UnreadablePlan, read

    try:
        source = read(path, name)
    except UnreadablePlan as error:
        return error.problems
    problems = check(source)
    if problems:
        return problems
    return counted(
        problem.at(name, *source.position(problem.path))
        for problem in check_evidence(source.data, path.resolve().parent)
    )


def _print_text(problems_by_file: ProblemsByFile) -> None:
    for name, problems in problems_by_file.items():
        for problem in problems[:MOST_SHOWN]:
            place = f"{problem.file or name}:{problem.line or 1}:{problem.column or 1}"
            output.line(f"{place}: {problem.code}: {problem.message(_)}")
        if not problems:
            output.line(_("{file}: ошибок нет").format(file=name))
        if sentence := cut_sentence(problems):
            output.line(f"{name}: {sentence}")


def _print_json(problems_by_file: ProblemsByFile) -> None:
    problems: list[Json] = [
        {
            "file": problem.file or name,
            "line": problem.line or 1,
            "column": problem.column or 1,
            "path": ".".join(str(part) for part in problem.path),
            "code": problem.code,
            "message": problem.message(_),
        }
        for name, in_file in problems_by_file.items()
        for problem in in_file[:MOST_SHOWN]
    ]
    cut: dict[str, Json] = {}
    if any(map(cut_sentence, problems_by_file.values())):
        cut = {"count": sum(map(total_of, problems_by_file.values())), "truncated": True}
    output.json_data({"ok": not problems, "problems": problems, **cut})


def _print_github(problems_by_file: ProblemsByFile) -> None:
    for name, problems in problems_by_file.items():
        for problem in problems[:MOST_SHOWN]:
            properties = {
                "file": problem.file or name,
                "line": str(problem.line or 1),
                "col": str(problem.column or 1),
                "title": problem.code,
            }
            parameters = ",".join(
                f"{key}={_escaped(value, _IN_PROPERTY)}" for key, value in properties.items()
            )
            message = _escaped(problem.message(_), _IN_MESSAGE)
            output.raw(shown(f"::error {parameters}::{message}"))
        if sentence := cut_sentence(problems):
            file, message = _escaped(name, _IN_PROPERTY), _escaped(sentence, _IN_MESSAGE)
            output.raw(shown(f"::notice file={file}::{message}"))


def _escaped(text: str, replaced: Mapping[str, str]) -> str:
    return "".join(replaced.get(character, character) for character in text)


_PRINT: Final[Mapping[str, Callable[[ProblemsByFile], None]]] = {
    "text": _print_text,
    "json": _print_json,
    "github": _print_github,
}
