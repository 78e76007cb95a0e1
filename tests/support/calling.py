"""A command of the command line, called in this process."""

from collections.abc import Sequence
from contextvars import copy_context

from click.testing import CliRunner, Result

from kvartal.tui.commands.root import kvartal


def call(words: Sequence[object]) -> Result:
    """Run ``kvartal`` with these words; the language it puts in force is its own."""
    return copy_context().run(CliRunner().invoke, kvartal, [str(word) for word in words])
