"""``kvartal schema``: the JSON Schema of plan files, for validators and editors."""

import click

from kvartal.schema.description import SCHEMA_FILE
from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import common_options


@click.command("schema", cls=Command, help=N_("Напечатать JSON Schema файла программы."))
@common_options
def schema_command() -> None:
    """Print the schema as it is shipped."""
    output.raw(SCHEMA_FILE.read_text(encoding="utf-8").rstrip("\n"))
