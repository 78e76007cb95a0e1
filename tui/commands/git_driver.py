"""``kvartal merge`` and ``textconv``, which git calls once ``git-setup`` has made it do so."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.tui import failures
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.merge_output import merge_row
from kvartal.tui.commands.params import CommonOptions, change_options, common_options, option
from kvartal.tui.commands.saving import PREVIEW_ONLY
from kvartal.tui.i18n import _, translator
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.diff.words import Words
    from kvartal.history.merge.driver import MergedText, MergeInput
    from kvartal.history.yaml_text.source import Source

    _PathType = click.ParamType[Path]
else:  # The oldest click that is supported has no parameter there.
    _PathType = click.ParamType


class _FileType(_PathType):
    """A file that is there, as git passes it: it may be a device that stands for no file."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path of the file."""
        path = Path(value)
        if not path.exists() or path.is_dir():
            self.fail(_("Файла «{path}» нет.").format(path=value), param, ctx)
        return path


_FILE: Final = _FileType()


@click.command(
    "merge",
    cls=Command,
    help=N_(
        "Слить две версии программы по мероприятиям и полям. Вызывает git: kvartal git-setup. "
        "БЫЛО, НАША и ДРУГАЯ — файлы трёх версий; результат пишется в файл НАША. Код выхода 1, "
        "если одно и то же изменено по-разному: обе версии такого поля остаются в файле."
    ),
)
@click.argument("base", metavar=N_("БЫЛО"), type=_FILE)
@click.argument("ours", metavar=N_("НАША"), type=_FILE)
@click.argument("theirs", metavar=N_("ДРУГАЯ"), type=_FILE)
@click.argument("name", metavar=N_("[ИМЯ]"), required=False)
@option("--marker-size", type=click.IntRange(1), default=7, metavar="N", hidden=True)
@option("--ancestors", is_flag=True, hidden=True)
@change_options
@common_options
@click.pass_context
def merge_command(
    ctx: click.Context,
    base: Path,
    ours: Path,
    theirs: Path,
    name: str | None,
    marker_size: int,
    ancestors: bool,  # noqa: FBT001 - an option
) -> None:
    """Merge the files, and print what the user has to resolve."""
    from kvartal.history.merge.driver import MergeInput, merge_ancestors, merge_files, text_merge
    from kvartal.history.merge.markers import MarkerLabels

    words = MarkerLabels()
    files = MergeInput(
        base=base.read_bytes(),
        ours=ours.read_bytes(),
        theirs=theirs.read_bytes(),
        name=name or str(ours),
        labels=MarkerLabels(_(words.ours), _(words.base), _(words.theirs)),
        marker_size=marker_size,
    )
    if ancestors:
        result = merge_ancestors(files)
        ours.write_bytes(result.content)
        ctx.exit(EXIT_OK if result.is_clean else EXIT_REFUSED)
    options = ctx.ensure_object(CommonOptions)
    by_git = text_merge(files)
    if by_git is not None and not options.dry_run:
        # Should the merge by fields be killed, git finds both sides in the file.
        ours.write_bytes(by_git.content)
    result = merge_files(files, by_git)
    if not options.dry_run:
        ours.write_bytes(result.content)
    notes = [*_merge_notes(result, files.name), *_comment_notes(files, result)]
    if options.as_json:
        output.json_data(merge_row(result, notes))
    else:
        for line in notes:
            failures.print_stderr(line)
        if options.dry_run:
            _print_preview(result)
    ctx.exit(EXIT_OK if result.is_clean else EXIT_REFUSED)


def _print_preview(result: "MergedText") -> None:
    """Print what a merge would make of our version."""
    from kvartal.history.diff.diff import difference
    from kvartal.history.diff.groups import visible_groups
    from kvartal.history.diff.words import Words

    merged = result.merged
    if merged is not None and isinstance(merged.sides.ours, dict):
        ours = merged.sides.ours
        edits = difference(ours, merged.data)
        output.print_groups(visible_groups(ours, merged.data, Words(_), edits))
    output.line(_(PREVIEW_ONLY))


def _merge_notes(result: "MergedText", name: str) -> Iterator[str]:
    """Yield what the user should know about a merge: its conflicts and renumbered measures."""
    from kvartal.history.diff.words import Words
    from kvartal.history.merge.conflict_text import conflict_text

    if result.merged is None:
        reason = "" if result.parse_error is None else result.parse_error.message(_)
        text = _("{file}: слито как обычный текст, без разбора по полям. {reason}")
        yield f"kvartal: {text.format(file=name, reason=reason)}".rstrip()
        return
    if result.merged.conflicts:
        text = _(
            "{file}: стороны изменили одно и то же по-разному. Обе версии стоят в файле между "
            "строками «<<<<<<<» и «>>>>>>>»: оставьте нужную, остальное удалите, проверьте файл "
            "(kvartal validate) и внесите его: git add."
        )
        yield f"kvartal: {text.format(file=name)}"
    words = Words(_)
    for conflict in result.merged.conflicts:
        yield f"  {conflict_text(conflict, result.merged.data, words)}"
    for note in (*result.merged.notes, *result.merged.doubts):
        yield f"kvartal: {note.message(_)}"


def _comment_notes(files: "MergeInput", result: "MergedText") -> Iterator[str]:
    """Yield the comments that neither the merged file nor a side of its conflicts has."""
    from kvartal.history.merge.lost_comments import lost_comments
    from kvartal.history.merge.markers import marked_versions

    marked = None if result.is_clean else marked_versions(result.content.decode("utf-8", "replace"))
    versions = [marked.ours.encode(), marked.theirs.encode()] if marked else [result.content]
    first, *others = ([note.message(_) for note in lost_comments(files, one)] for one in versions)
    yield from (f"kvartal: {note}" for note in first if all(note in other for other in others))


@click.command(
    "textconv",
    cls=Command,
    help=N_(
        "Напечатать файл программы по строке на значение: «1.1.2 · Срок = …». "
        "Вызывает git diff, git log -p и git blame: kvartal git-setup."
    ),
)
@click.argument("file", metavar=N_("ФАЙЛ"), type=_FILE)
@option("--cache", type=click.Path(path_type=Path), hidden=True)
@common_options
def textconv_command(file: Path, cache: Path | None) -> None:
    """Print the values of a plan; of any other file, its text.

    Always in the language of the plan: git may cache the output and compare it with later output.
    """
    data = file.read_bytes()
    text = "".join(f"{line}\n" for line in _flattened(data, file.name)).encode("utf-8", "replace")
    # UTF-8 whatever the locale: it goes to git and not to a terminal.
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    if cache is not None:
        from kvartal.history.git.textconv_cache import store

        store(cache, data, text)


def _words_of(source: "Source") -> "Words":
    """Return the words of a plan's own language; the Russian ones where it names no language."""
    from kvartal.history.diff.words import Words

    return Words(translator("en" if source.data.get("language") == "en" else "ru"))


def _flattened(data: bytes, name: str) -> list[str]:
    from kvartal.history.git.flatten import flattened, flattened_sides
    from kvartal.history.yaml_text.loader import UnreadablePlan, load

    try:
        source = load(data, name)
        return [shown(line) for line in flattened(source, _words_of(source))]
    except UnreadablePlan:
        text = data.decode("utf-8", "replace")
    from kvartal.history.merge.markers import marked_versions

    versions = marked_versions(text)
    try:
        if versions is not None:
            ours, theirs = (load(side.encode(), name) for side in (versions.ours, versions.theirs))
            return [shown(line) for line in flattened_sides(ours, theirs, _words_of(ours))]
    except UnreadablePlan:
        pass  # A half resolved conflict: shown as it is.
    return [shown(line) for line in text.splitlines()]
