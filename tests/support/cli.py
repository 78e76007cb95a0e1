"""Running a command of the command line in the test's own process."""

import sys
from collections.abc import Sequence
from contextvars import copy_context
from typing import Any

import click
from click.testing import CliRunner, Result

from kvartal.tui.main import run


class Program(click.Command):
    """The whole program, as click's runner calls one."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's signature
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> Any:  # noqa: ANN401 - click's signature
        """Run the program and leave with its exit code."""
        del prog_name, complete_var, standalone_mode, extra
        sys.exit(run(args or ()))


def call(words: Sequence[object]) -> Result:
    """Run ``kvartal`` with these words; the language it sets does not outlast the call."""
    program = Program("kvartal")
    return copy_context().run(CliRunner().invoke, program, [str(word) for word in words])
