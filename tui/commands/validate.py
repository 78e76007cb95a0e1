"""``kvartal validate``: print what is wrong with plan files, for people and for CI services."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.schema.problems import Problem, Problems, counted
from kvartal.tui.commands import output
from kvartal.tui.commands.ci_formats import FORMATS, NOTE, TRUNCATED, WARNING, WRITERS, Issue
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, one_of, option
from kvartal.tui.commands.programme import every_plan, recover_to_read, report_link
from kvartal.tui.i18n import _
from kvartal.tui.plans.names import display_name, path_in_repository
from kvartal.tui.plans.path import open_plan
from kvartal.tui.presentation.problem_list import MOST_SHOWN, cut_sentence, total_of

if TYPE_CHECKING:
    from kvartal.schema.changes import Json

ProblemsByFile = Mapping[str, Problems]
"""Problems by the name of the file, in the order of the files."""

WarningsByFile = Mapping[str, Sequence[Problem]]
"""What is worth a look in valid files, by the name of the file."""


@click.command(
    "validate",
    cls=Command,
    help=N_(
        "Проверить файлы программы: запись, схему, правила и подтверждающие документы. "
        "Без ФАЙЛА проверяются все программы репозитория. Код выхода 1, если есть ошибки."
    ),
)
@click.argument("files", metavar=N_("[ФАЙЛ…]"), nargs=-1, type=click.Path(path_type=Path))
@option(
    "--format",
    "form",
    type=one_of(*FORMATS),
    default="text",
    metavar="|".join(FORMATS),
    help=N_("Вид вывода: для людей, для программ или для страниц службы проверки."),
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
        selection = every_plan(ctx.ensure_object(CommonOptions))
        named = (*selection.paths, *selection.no_files)
        paths = {display_name(path): path for path in named}
    for path in paths.values():
        recover_to_read(open_plan(path))
    problems = {name: _problems(path, name) for name, path in paths.items()}
    for name, path in paths.items():
        report_link(path, (problem.code for problem in problems[name]))
    warnings = {
        name: () if problems[name] else _warnings(path, name) for name, path in paths.items()
    }
    if as_json or form == "json":
        _print_json(problems, warnings)
    elif form == "text":
        _print_text(problems, warnings)
    else:
        _print_for_ci(problems, warnings, form)
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


def _warnings(path: Path, name: str) -> Sequence[Problem]:
    from kvartal.history.store import snapshot
    from kvartal.history.yaml_text.loader import read

    return snapshot.warnings(read(path, name))[:MOST_SHOWN]


def _print_text(problems_by_file: ProblemsByFile, warnings: WarningsByFile) -> None:
    for name, problems in problems_by_file.items():
        for problem in (*problems[:MOST_SHOWN], *warnings[name]):
            place = f"{problem.file or name}:{problem.line or 1}:{problem.column or 1}"
            output.line(f"{place}: {problem.code}: {problem.message(_)}")
        if not problems:
            output.line(_("{file}: ошибок нет").format(file=name))
        if sentence := cut_sentence(problems):
            output.line(f"{name}: {sentence}")


def _print_json(problems_by_file: ProblemsByFile, warnings: WarningsByFile) -> None:
    problems = _rows(problems_by_file)
    more: dict[str, Json] = {}
    if any(map(cut_sentence, problems_by_file.values())):
        more = {"count": sum(map(total_of, problems_by_file.values())), "truncated": True}
    if any(warnings.values()):
        more["warnings"] = _rows(warnings)
    output.json_data({"ok": not problems, "problems": problems, **more})


def _rows(problems_by_file: WarningsByFile) -> "list[Json]":
    return [
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


def _print_for_ci(problems_by_file: ProblemsByFile, warnings: WarningsByFile, form: str) -> None:
    issues = []
    for name, problems in problems_by_file.items():
        for problem in problems[:MOST_SHOWN]:
            file = path_in_repository(Path(problem.file or name))
            place = problem.line or 1, problem.column or 1
            key = ".".join(map(str, problem.path))
            issues.append(Issue(file, *place, problem.code, problem.message(_), key=key))
        for warning in warnings[name]:
            file = path_in_repository(Path(warning.file or name))
            place = warning.line or 1, warning.column or 1
            key = ".".join(map(str, warning.path))
            issues.append(Issue(file, *place, warning.code, warning.message(_), WARNING, key=key))
        if sentence := cut_sentence(problems):
            file = path_in_repository(Path(name))
            issues.append(Issue(file, 1, 1, TRUNCATED, sentence, NOTE))
    files = [path_in_repository(Path(name)) for name in problems_by_file]
    output.data(WRITERS[form](issues, files))
