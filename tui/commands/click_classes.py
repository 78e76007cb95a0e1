"""Click's classes with help and usage errors in the user's language, and commands imported late.

Help texts are message ids (``N_``) and are translated when they are shown: the language is not
known before the arguments are.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

import click

from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.signals import raised_signals
from kvartal.tui.i18n import _
from kvartal.tui.terminal.locales import is_undecoded

_SENTENCES: Final = re.compile(r"(?<=\.)\s+(?=[А-ЯA-Z])")
HELP_NAMES: Final = ("-h", "--help")


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's names and its help."""
        record = super().get_help_record(ctx)
        return None if record is None else (record[0], _(self.help or ""))

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the placeholder of the option's value."""
        return _(super().make_metavar(ctx))


class Command(click.Command):
    """A command whose help and usage errors are in the user's language."""

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **{"add_help_option": False, **settings})
        self.params.append(_help_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; refuse extra ones in the user's language."""
        ctx.allow_extra_args = True
        with _in_context(ctx):
            rest = super().parse_args(ctx, args)
            _refuse_undecoded(ctx)
        if rest and not ctx.resilient_parsing:
            raise click.UsageError(
                _("Лишние аргументы: {arguments}.").format(arguments=" ".join(rest)), ctx
            )
        return rest

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run the command; a signal to end is raised where it is at that moment."""
        with raised_signals():
            return super().invoke(ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        del limit
        return _first_sentence(self)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        del ctx
        _write_text(_(self.help or ""), formatter)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write nothing: the help text describes the arguments."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _write_options(self, ctx, formatter)


class LazyGroup(click.Group):
    """A group that imports the module of a command when that command is called.

    Args:
        lazy: Commands by name, each as ``module:attribute``, in the order of the help.
    """

    def __init__(self, *args: Any, lazy: dict[str, str], **settings: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **{"add_help_option": False, **settings})
        self.lazy = lazy
        self.params.append(_help_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments."""
        with _in_context(ctx):
            return super().parse_args(ctx, args)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        del limit
        return _first_sentence(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help."""
        del ctx
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module; None if there is no such command."""
        del ctx
        if cmd_name not in self.lazy:
            return None
        module, _separator, attribute = self.lazy[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; refuse others in the user's language."""
        if not ctx.resilient_parsing and args[0] not in self.lazy:
            hint = suggestion(args[0], self.lazy)
            raise click.UsageError(
                _("Команды «{name}» нет. {hint}").format(name=args[0], hint=hint).strip(), ctx
            )
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the program does."""
        del ctx
        _write_text(_(self.help or ""), formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        _write_options(self, ctx, formatter)
        rows = [
            (name, command.get_short_help_str())
            for name in self.lazy
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        with formatter.section(_("Команды")):
            formatter.write_dl(rows)


def similar_names(word: str, known: Iterable[str]) -> str:
    """Return the names that a word may be a misspelling of, comma-separated; empty for none."""
    from difflib import get_close_matches

    return ", ".join(get_close_matches(word, list(known), cutoff=0.75))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names what was probably meant; empty if nothing is similar."""
    near = similar_names(word, known)
    return _("Может быть, {names}?").format(names=near) if near else ""


def usage_error_text(error: click.ClickException) -> str:
    """Return the message of a usage error, ours for each of click's own."""
    if isinstance(error, click.NoSuchOption):
        hint = suggestion(error.option_name, _option_names(error.ctx))
        text = _("Параметра «{name}» нет. {hint}").format(name=error.option_name, hint=hint)
    elif isinstance(error, click.MissingParameter):
        text = _("Не хватает: {name}.").format(name=_parameter_name(error))
    elif isinstance(error, click.BadParameter):
        text = f"{_parameter_name(error)}: {error.message}"
    elif isinstance(error, click.BadOptionUsage):
        text = _option_usage(error)
    else:
        text = error.message
    return text.strip()


@contextmanager
def _in_context(ctx: click.Context) -> Iterator[None]:
    """Add the context, and so the command, to usage errors of click's parser, which lack it."""
    try:
        yield
    except click.UsageError as error:
        error.ctx = error.ctx or ctx
        raise


def _refuse_undecoded(ctx: click.Context) -> None:
    """Refuse texts that were typed in an unknown encoding; a path may be of any bytes.

    Raises:
        UsageError: There is one.
    """
    for value in ctx.params.values():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and is_undecoded(text):
                template = _(
                    "Буквы параметра «{text}» не прочесть: они набраны не в UTF-8, а в другой "
                    "кодировке. Запустите команду в терминале с UTF-8 или с его кодировкой в "
                    "LC_ALL, например LC_ALL=ru_RU.CP1251."
                )
                raise click.UsageError(template.format(text=text))


def _option_usage(error: click.BadOptionUsage) -> str:
    if "=" in error.message or "does not take" in error.message:
        return _("Параметр «{name}» пишется без значения.").format(name=error.option_name)
    return _("Параметру «{name}» нужно значение.").format(name=error.option_name)


def _parameter_name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    ctx = error.ctx
    return _(error.param.make_metavar(ctx)) if ctx else error.param.human_readable_name


def _option_names(ctx: click.Context | None) -> list[str]:
    if ctx is None:
        return []
    options = [param for param in ctx.command.get_params(ctx) if isinstance(param, click.Option)]
    return [name for option in options for name in option.opts]


def _first_sentence(command: click.Command) -> str:
    """Return what a list of commands says of one, in the user's language."""
    return _SENTENCES.split(_(command.help or ""), maxsplit=1)[0].rstrip(".")


def _write_usage(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    pieces = [
        _(piece)
        for param in command.get_params(ctx)
        if isinstance(param, click.Argument)
        for piece in param.get_usage_pieces(ctx)
    ]
    end = _("[ПАРАМЕТРЫ]")
    if isinstance(command, click.Group):
        pieces, end = [end], _("[КОМАНДА …]")
    formatter.write_usage(ctx.command_path, " ".join([*pieces, end]), prefix=_("Использование: "))


def _write_text(text: str, formatter: click.HelpFormatter) -> None:
    if text:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
    records = [option.get_help_record(ctx) for option in options]
    with formatter.section(_("Параметры")):
        formatter.write_dl([record for record in records if record is not None])


def _help_option() -> click.Option:
    return Option(
        list(HELP_NAMES),
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help=N_("Показать эту справку."),
    )


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not ctx.resilient_parsing:
        output.raw(ctx.get_help())
        ctx.exit()
