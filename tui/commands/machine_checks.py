"""What ``kvartal doctor`` checks of the machine: terminal, colours, encoding, extras."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import ENGLISH, _, current_language
from kvartal.tui.terminal.kind import check_kind

SCREEN_SIZE: Final = (80, 24)
"""Columns and lines that the screen is made for at least."""

_TRUE_COLOUR: Final = "truecolor"
_COLOURS: Final = {"standard": "16", "windows": "16", "256": "256", _TRUE_COLOUR: "16 777 216"}
_COMMAND: Final = re.compile(r"`([^`]+)`")
_EXTRA: Final = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
_REQUIREMENT: Final = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, and the result.

    Attributes:
        code: What was checked, as in the titles of ``doctor``.
        text: What is there; or what is missing, with the command that mends it in backquotes.
        is_ok: Whether nothing is missing.
    """

    code: str
    text: str
    is_ok: bool = True

    def as_json(self) -> dict[str, object]:
        """Return the check for a program, the commands that its text names apart."""
        commands = _COMMAND.findall(self.text)
        return {
            "code": self.code,
            "ok": self.is_ok,
            "message": self.text,
            "commands": commands,
        }


def checked(code: str, ask: Callable[[], str]) -> Check:
    """Return what a question yields, or why it has no answer."""
    try:
        return Check(code, ask())
    except KvartalError as error:
        return Check(code, error.message(_), is_ok=False)


def result(code: str, error: KvartalError | None, text: str) -> Check:
    """Return what is there, or the error that was found instead."""
    return Check(code, text) if error is None else Check(code, error.message(_), is_ok=False)


def machine_checks() -> Iterator[Check]:
    """Yield the checks that no programme is needed for."""
    size = _terminal_size()
    yield _terminal(size)
    if size is not None:
        yield _colours()
    yield _encoding()
    yield _extras()


def _terminal_size() -> tuple[int, int] | None:
    """Return columns and lines, 0 where they are unknown; None where there is no terminal."""
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            if stream is not None and stream.isatty():
                return os.get_terminal_size(stream.fileno())
        except (OSError, ValueError):
            continue
    return None


def _terminal(size: tuple[int, int] | None) -> Check:
    if size is None:
        text = _("команда запущена не в терминале, поэтому он не проверен")
        return Check("terminal", text)
    term = os.environ.get("TERM", "")
    try:
        check_kind(term)
    except KvartalError as error:
        return Check("terminal", error.message(_), is_ok=False)
    columns, lines = size
    fields = {"columns": columns, "lines": lines, "width": SCREEN_SIZE[0], "height": SCREEN_SIZE[1]}
    if not columns or not lines:
        text = _("размер окна неизвестен: `stty cols {width} rows {height}`")
        return Check("terminal", text.format(**fields), is_ok=False)
    if columns < SCREEN_SIZE[0] or lines < SCREEN_SIZE[1]:
        text = _(
            "окно {columns}×{lines}, а экран рассчитан на {width}×{height}: увеличьте окно или "
            "уменьшите шрифт"
        )
        return Check("terminal", text.format(**fields), is_ok=False)
    text = f"{term}, " if term else ""
    return Check("terminal", text + _("окно {columns}×{lines}").format(**fields))


def _colours() -> Check:
    """Return how many colours the screen will have: it can be read without any."""
    if os.environ.get("NO_COLOR"):
        return Check("colours", _("выключены переменной NO_COLOR; включить: `unset NO_COLOR`"))
    from rich.console import Console
    from textual.constants import COLOR_SYSTEM

    # As the screen asks.
    console = Console(color_system=COLOR_SYSTEM, force_terminal=True, file=sys.__stdout__)  # type: ignore[arg-type]
    system = console.color_system
    if system is None:
        text = _("нет; состояния различимы по знакам. Включить: `export TERM=xterm-256color`")
        return Check("colours", text)
    if system == _TRUE_COLOUR or os.environ.get("TERM") == "linux":
        return Check("colours", _COLOURS[system])
    text = _("{count}; если терминал умеет больше: `export COLORTERM=truecolor`")
    return Check("colours", text.format(count=_COLOURS[system]))


def _encoding() -> Check:
    language = "English" if current_language() == ENGLISH else "русский"
    encoding = getattr(sys.stdout or sys.stderr, "encoding", None) or "ascii"
    if encoding.lower().replace("-", "") == "utf8":
        return Check("locale", f"UTF-8, {language}")
    text = _(
        "{encoding}: символы, которых в этой кодировке нет, заменяются другими. UTF-8 включает "
        "`{command}`"
    )
    command = "chcp 65001" if os.name == "nt" else "export LC_ALL=C.UTF-8"
    return Check("locale", text.format(encoding=encoding, command=command), is_ok=False)


def _extras() -> Check:
    """Return which optional parts are installed: nothing else needs them."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        requirements = requires("kvartal") or []
    except PackageNotFoundError:
        return Check("extras", _("программа не установлена как пакет, их список неизвестен"))
    extras: dict[str, bool] = {}
    for requirement in requirements:
        name, extra = _REQUIREMENT.match(requirement), _EXTRA.search(requirement)
        if name and extra:
            extras[extra[1]] = extras.get(extra[1], True) and _is_installed(name[0])
    missing = _('{extra} (нет: `pip install "kvartal[{extra}]"`)')
    parts = [
        extra if is_there else missing.format(extra=extra)
        for extra, is_there in sorted(extras.items())
    ]
    return Check("extras", ", ".join(parts))


def _is_installed(package: str) -> bool:
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True
