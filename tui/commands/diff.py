"""``kvartal diff``: how two versions of the programme differ, as text, as data or as a page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, json_option, one_of, option, shared_options
from kvartal.tui.commands.programme import display_name, plan_path
from kvartal.tui.i18n import _
from kvartal.tui.presentation.commit_notes import no_difference
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.git.repository import Repository
    from kvartal.schema.changes import Edit, PlanData
    from kvartal.tui.presentation.html.side import ComparedVersion


HEAD: Final = "HEAD"
_HASH: Final = 10


class OutputExists(KvartalError):
    """A file is there already in the place of the one to be written."""

    template = N_("Файл «{path}» уже есть. Чтобы заменить его, добавьте --force.")


class OutputIsProgramme(KvartalError):
    """What was asked for would take the place of the programme itself."""

    template = N_("«{path}» — сама программа, её нельзя заменить. Укажите другой файл.")


class OutputIsFolder(KvartalError):
    """A folder is in the place of the file to be written."""

    template = N_("«{path}» — папка. Укажите файл в ней.")


class OutputNowhere(KvartalError):
    """The folder of the file to be written is not there."""

    template = N_("Папки «{path}» нет. Создайте её или укажите другой файл.")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a programme and what they differ in.

    Attributes:
        repository: As seen from the plan's folder.
        path: The plan file, with symbolic links followed.
        sides: The older version, the newer one.
        edits: What makes the newer of the older.
        groups: The same in words, by measure.
    """

    repository: "Repository"
    path: Path
    sides: "tuple[ComparedVersion, ComparedVersion]"
    edits: "tuple[Edit, ...]"
    groups: "tuple[ChangeGroup, ...]"


@click.command(
    "diff",
    cls=Command,
    help=N_(
        "Чем различаются две версии программы, по мероприятиям и полям. Без версий — чем файл "
        "отличается от сохранённого; A — чем файл отличается от версии A; A...B — что сделано в B "
        "с тех пор, как версии разошлись. Версия — это запись истории, ветка, метка или дата: "
        "2024-03-31 или 31.03.2024 значит «к концу этого дня»."
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
@shared_options
@click.pass_context
def diff_command(
    ctx: click.Context,
    versions: str,
    form: str,
    target: Path | None,
    force: bool,  # noqa: FBT001 - an option
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the difference of two versions."""
    compared = _compared(ctx.ensure_object(CommonOptions), versions)
    form = "json" if as_json else form
    if target is not None:
        _refuse_place(target, compared.path, force=force)
        text = {"text": _as_text, "json": _as_json, "html": _as_page}[form](compared)
        _write(target, text, force=force)
        output.line(_("Записано: {file}").format(file=target))
    elif form == "text":
        _print_text(compared)
    elif form == "json":
        output.json_data(_rows(compared))
    else:
        output.data(_as_page(compared))


def print_groups(groups: "Iterable[ChangeGroup]") -> None:
    """Print what changed, measure by measure; what several have in common once."""
    for text in _group_lines(groups):
        output.line(text)


def _group_lines(groups: "Iterable[ChangeGroup]") -> Iterator[str]:
    from kvartal.history.diff.groups import told_alike
    from kvartal.tui.presentation.word_diff import field_line_text

    for alike in told_alike(groups):
        for group in alike:
            yield f"  {group.id} {group.title}" if group.id else f"  {_('Программа в целом')}"
        for one in alike[0].lines:
            yield from (f"    {text}" for text in field_line_text(one))


def _print_text(compared: Compared) -> None:
    for line in _lines(compared):
        output.line(line)


def _as_text(compared: Compared) -> str:
    return "".join(f"{shown(line)}\n" for line in _lines(compared))


def _lines(compared: Compared) -> Iterator[str]:
    old, new = compared.sides
    if compared.groups:
        yield from _group_lines(compared.groups)
    else:
        yield no_difference(old, new)


def _rows(compared: Compared) -> list[Mapping[str, object]]:
    from kvartal.history.diff.diff import field_changes

    return [one.as_json() for one in field_changes(compared.edits)]


def _as_json(compared: Compared) -> str:
    return output.json_text(_rows(compared))


def _as_page(compared: Compared) -> str:
    from kvartal.history.log.log import entries
    from kvartal.tui.presentation.html.comparison import comparison_page

    old, new = compared.sides
    found = entries(
        compared.repository,
        compared.path.name,
        revision=new.commit or HEAD,
        excluding=old.commit,
    )
    return comparison_page(compared.sides, compared.groups, tuple(found))


def _compared(asked: CommonOptions, versions: str) -> Compared:
    from kvartal.history.diff.diff import difference
    from kvartal.history.diff.groups import change_groups, comment_groups
    from kvartal.history.diff.words import Words
    from kvartal.history.git.repository import find_repository

    path = plan_path(asked)
    real = path.resolve()
    repository = find_repository(real.parent)
    old, new = _sides(path, repository, versions)
    said = Words(_)
    edits = difference(old.data, new.data)
    groups = change_groups(old.data, new.data, said, edits)
    if not edits:
        groups = comment_groups(old.text, new.text, said)
    return Compared(repository, real, (old, new), edits, groups)


def _sides(
    path: Path, repository: "Repository", versions: str
) -> "tuple[ComparedVersion, ComparedVersion]":
    """Return the two versions that ``A``, ``A..B`` or ``A...B`` means, as git reads them.

    Three dots are what came after the beginning that both have in common.
    """
    from kvartal.history.log.revision import common_commit

    name = path.resolve().name
    first, dots, second = versions.partition("..")
    if not dots:
        return _kept(repository, name, first or HEAD), _on_disk(path, repository)
    if not second.startswith("."):
        return _kept(repository, name, first or HEAD), _kept(repository, name, second or HEAD)
    second = second.removeprefix(".") or HEAD
    shared = common_commit(repository, first or HEAD, second)
    return _kept(repository, name, shared, shared[:_HASH]), _kept(repository, name, second)


def _kept(repository: "Repository", name: str, text: str, known_as: str = "") -> "ComparedVersion":
    """Return the plan at a version; empty where it was not there yet.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        text: The version.
        known_as: What to call it; as it was asked for, if empty.

    Raises:
        NoSuchRevision, BeforeFirstCommit: There is no such version.
        UnreadablePlan: The version is not the YAML a plan is written in.
    """
    from kvartal.history.git.command import text as words
    from kvartal.history.log.revision import commit_at
    from kvartal.history.yaml_text.loader import load
    from kvartal.tui.presentation.html.side import ComparedVersion

    commit = commit_at(repository, text)
    content = repository.blob(commit, name)
    data: PlanData = {} if content is None else load(content, f"{text}:{name}").data
    date = words(repository.read("log", "-1", "--format=%cI", commit, "--")).strip()
    return ComparedVersion(data, known_as or text, commit, date, text=content or b"")


def _on_disk(path: Path, repository: "Repository") -> "ComparedVersion":
    from kvartal.history.store.files import digest
    from kvartal.history.yaml_text.loader import read
    from kvartal.tui.presentation.html.side import ComparedVersion

    source = read(path, display_name(path))
    kept = repository.blob(HEAD, path.resolve().name)
    is_saved = kept is not None and digest(kept) == digest(source.encoded)
    return ComparedVersion(source.data, is_saved=is_saved, text=source.encoded)


def _refuse_place(output: Path, plan: Path, *, force: bool) -> None:
    """Refuse to write over what is there, before any work is done.

    Raises:
        OutputIsProgramme, OutputIsFolder, OutputNowhere, OutputExists: Something is in the way.
    """
    if output.resolve() == plan:
        raise OutputIsProgramme(path=output)
    if output.is_dir():
        raise OutputIsFolder(path=output)
    if not output.absolute().parent.is_dir():
        raise OutputNowhere(path=output.parent)
    if output.exists() and not force:
        raise OutputExists(path=output)


def _write(output: Path, text: str, *, force: bool) -> None:
    """Write a file whole; somebody may have put one there meanwhile."""
    try:
        with output.open("wb" if force else "xb") as file:
            file.write(text.encode())
    except FileExistsError:
        raise OutputExists(path=output) from None
