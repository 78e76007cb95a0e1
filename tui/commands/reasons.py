"""Why facts are taken back: an option, a question at a terminal, else a warning."""

import sys
from collections.abc import Sequence

import click

from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.params import CommonOptions, option
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

reason_option = option("--reason", default="", metavar=N_("ТЕКСТ"), help=N_("Почему: для истории."))


class LostFacts:
    """The reason of a change that may take back facts; a person is asked once at most."""

    def __init__(self, options: CommonOptions, given: str) -> None:
        """Begin with what the command line says.

        Args:
            options: The options of the command.
            given: The reason that it gives; empty for none.
        """
        self._options = options
        self._answers = [given] if given.strip() else []

    def reason(self, lost: Sequence[str]) -> str:
        """Return the reason, asked for where facts are lost and a person can be asked.

        Args:
            lost: Ids of the measures that lose a record, a postponement or the cancellation.
        """
        if (
            lost
            and not self._answers
            and not self._options.dry_run
            and _is_conversation(self._options)
        ):
            self._answers.append(_asked(lost))
        return "".join(self._answers)

    def warnings(self, lost: Sequence[str]) -> tuple[str, ...]:
        """Return that the history will not say why; none where it does. Arguments as above."""
        if not lost or self._options.dry_run or "".join(self._answers).strip():
            return ()
        template = _(
            "Убраны отметка, перенос срока или снятие с плана ({measures}), а почему — не "
            'сказано. Причину пишут так: --reason "…".'
        )
        return (template.format(measures=", ".join(lost)),)


def _is_conversation(options: CommonOptions) -> bool:
    """Return whether a person at a terminal can be asked."""
    is_typed = sys.stdin is not None and sys.stdin.isatty()
    return is_typed and output.is_terminal() and not options.as_json


def _asked(lost: Sequence[str]) -> str:
    """Return why facts are taken back, as typed; empty where the person gives no reason."""
    template = _("Будут убраны отметка, перенос срока или снятие с плана ({measures}). Причина")
    question = template.format(measures=", ".join(lost))
    answer: str = click.prompt(shown(question), default="", show_default=False, err=True)
    return answer
