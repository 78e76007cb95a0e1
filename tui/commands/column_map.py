"""The file that says what the columns of a document hold: ``--map`` and ``--write-map``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kvartal.exchange.tables.headings import FIELDS, IGNORED, is_field
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands.output_file import STDOUT

_TABLE: Final = "columns"
_EXTRA: Final = "extra."
_COMMENT: Final = "# kvartal import --map: заголовок столбца → поле (ignore — не брать)\n\n"


class ColumnMapUnreadable(KvartalError):
    """The file of columns is not there, or no TOML."""

    template = N_("Файл столбцов «{path}» не прочитан: {reason}.")


class UnknownColumnField(KvartalError):
    """The file of columns names a field that a column cannot hold."""

    template = N_("В файле столбцов у «{heading}» поле «{field}», а такого нет. Бывают: {known}.")


class ColumnMapNotWritten(KvartalError):
    """The file of columns cannot be written."""

    template = N_("Файл столбцов «{path}» не записан: {reason}.")


class ColumnMapWouldReplace(KvartalError):
    """The column map would overwrite a file that is not a column map."""

    template = N_("Файл «{path}» уже есть, и это не файл столбцов: выберите другое имя.")


class ColumnMapInPlanFolder(KvartalError):
    """The file of columns was to be written where the programmes are."""

    template = N_("Файл столбцов в папке программ «{path}» не пишется: выберите другую папку.")


class ColumnMapToStdout(KvartalError):
    """The file of columns was to go to stdout, where the command says what it did."""

    template = N_("Столбцы записываются только в файл, не в стандартный вывод: укажите его имя.")


def read_column_map(path: Path) -> dict[str, str]:
    """Return the field of each column, by its heading.

    Args:
        path: A TOML file: ``"Заголовок" = "поле"``, at the top or in a table ``[columns]``.

    Raises:
        ColumnMapUnreadable: It cannot be read.
        UnknownColumnField: It names a field that is none.
    """
    import tomllib

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ColumnMapUnreadable(path=path, reason=system_reason(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ColumnMapUnreadable(path=path, reason=str(error)) from error
    table = values.get(_TABLE, values)
    found: dict[str, str] = {}
    for heading, field in table.items() if isinstance(table, dict) else ():
        is_known = isinstance(field, str) and (is_field(field) or field.startswith(_EXTRA))
        if not is_known:
            known = ", ".join(sorted(FIELDS))
            raise UnknownColumnField(heading=heading, field=field, known=known)
        # What no field fits becomes a field of its own without being told to.
        found[heading] = "" if field.startswith(_EXTRA) else field
    return found


def write_column_map(path: Path, columns: Mapping[str, str], plans: Path) -> None:
    """Write what each column was taken for.

    Args:
        path: The file.
        columns: The field of each column, by its heading.
        plans: The folder of the programmes, where nothing but programmes is to be.

    Raises:
        ColumnMapInPlanFolder: It would be in that folder.
        ColumnMapNotWritten: The system refuses.
        ColumnMapToStdout: The file is ``-``.
        ColumnMapWouldReplace: There is some other file.
    """
    import tomli_w

    if path == STDOUT:
        raise ColumnMapToStdout
    folder = plans.resolve()
    if folder.name == "plan" and folder in path.resolve().parents:
        raise ColumnMapInPlanFolder(path=path)
    if path.exists():
        try:
            read_column_map(path)
        except KvartalError:
            raise ColumnMapWouldReplace(path=path) from None
    try:
        text = tomli_w.dumps({_TABLE: {key: value or IGNORED for key, value in columns.items()}})
        path.write_text(_COMMENT + text, encoding="utf-8")
    except OSError as error:
        raise ColumnMapNotWritten(path=path, reason=system_reason(error)) from error
