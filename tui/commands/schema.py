"""``kvartal schema``: the JSON Schema of plan files, for validators and editors."""

import click

from kvartal.schema.description import schema_bytes
from kvartal.schema.editor_schema import editor_schema_text
from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import common_options, option


@click.command("schema", cls=Command, help=N_("Напечатать JSON Schema файла программы."))
@option(
    "--editor",
    is_flag=True,
    help=N_("С подсказками и заготовками, которые понимают редакторы."),
)
@common_options
def schema_command(*, editor: bool) -> None:
    """Print the schema as it is shipped."""
    text = editor_schema_text() if editor else schema_bytes().decode("utf-8")
    output.data(text.rstrip("\n") + "\n")
