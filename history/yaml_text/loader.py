"""The guarded loader: checks a text before and while it is parsed, and reads only plain YAML.

Only the parser's stream of events is used, never its constructor: nothing is expanded, no tag is
obeyed, and a text that nests, repeats or refers to itself costs no more than its length.

The parser's own messages are English, speak of tokens, and differ between its two implementations:
they are matched for the cause of a syntax error and never shown.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from kvartal.history.system_errors import system_reason
from kvartal.history.yaml_text.nodes import MapNode
from kvartal.history.yaml_text.source import BOM, Source, line_and_column
from kvartal.history.yaml_text.treebuilder import ReadingStopped, TreeBuilder
from kvartal.schema.errors import N_, KvartalError, Translate, filled, untranslated
from kvartal.schema.problems import Problem, Problems, as_problems

MAX_SIZE: Final = 16 * 1024 * 1024
"""The largest file that is read, in bytes."""

MAX_PROBLEMS: Final = 100
"""How many problems of a file that cannot be read are kept; all are counted."""

# Besides control characters: line breaks of YAML 1.1 that YAML 1.2 does not have (NEL, LS, PS), a
# carriage return without a line feed, and a byte order mark that is not at the start.
_REFUSED_CHARACTERS: Final = re.compile(
    "(?:[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n))+"
)

_LAST_CONTROL: Final = 0x9F


class PlanProblems(KvartalError):
    """A plan has problems. The sentence names the first one, with its file and line.

    Args:
        problems: The problems, in the order of the text; at least one.
        **fields: Further values for the template.
    """

    def __init__(self, problems: Iterable[Problem], **fields: object) -> None:
        self.problems = as_problems(problems)
        first = self.problems[0]
        super().__init__(file=first.file, line=first.line, reason=first.message(), **fields)

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user."""
        reason = self.problems[0].message(translate)
        return filled(self.template, {**self.fields, "reason": reason}, translate)


class UnreadablePlan(PlanProblems):
    """A file cannot be read, or is not the plain YAML that a plan is written in."""

    template = N_("Программа не прочитана. {file}, строка {line}: {reason}")


def read(path: Path, name: str | None = None) -> Source:
    """Read a plan from a file.

    Args:
        path: The file.
        name: What to call it in messages; its path, if not given.

    Raises:
        UnreadablePlan: The file cannot be read, or is not the YAML that a plan is written in.
    """
    name = str(path) if name is None else name
    return load(read_bytes(path, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a file that is to be a plan; of one that is too large, too many.

    Args:
        path: The file.
        name: What to call it in messages.

    Raises:
        UnreadablePlan: The file cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise _refused(name, "file-unreadable", N_("это не файл."))
        with path.open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        raise unreadable_file(name, error) from error


def unreadable_file(name: str, error: Exception) -> UnreadablePlan:
    """Return the refusal for a plan file that the system does not give.

    Args:
        name: What to call the file in messages.
        error: Why it does not.
    """
    template = N_("файл не открывается: {reason}.")
    return _refused(name, "file-unreadable", template, reason=system_reason(error))


def load(data: bytes, name: str) -> Source:
    """Read a plan from the bytes of a file.

    Args:
        data: The bytes.
        name: What to call the file in messages.

    Raises:
        UnreadablePlan: The bytes are not the YAML that a plan is written in. Carries every problem
            found before reading had to stop.
    """
    text = _decoded(data, name)
    bom = text.startswith(BOM)
    text = text.removeprefix(BOM)
    _check_characters(text, name)
    tree = TreeBuilder(text, name, MAX_PROBLEMS)
    try:
        _parse(text, tree)
    except ReadingStopped:
        pass
    except (YAMLError, ValueError, AttributeError, TypeError, IndexError) as error:
        # The parser has been seen to raise all of these on mangled files.
        tree.add_problem(_syntax_problem(error, text, name))
    if tree.problems:
        raise UnreadablePlan(Problems(tree.problems, tree.total))
    root = tree.root
    if not isinstance(root, MapNode):
        raise UnreadablePlan([tree.root_problem()])
    return Source(name, text, bom, root, tree.data)


class _Parser(YAML):
    """A parser that does not search its folder for plug-ins: a log reads thousands of texts."""

    def official_plug_ins(self) -> list[str]:
        """Return the plug-ins to load: none."""
        return []


def _parse(text: str, tree: TreeBuilder) -> None:
    events = _Parser(typ="safe", pure=False).parse(text)
    try:
        for event in events:
            tree.add_event(event)
    finally:
        events.close()


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_SIZE:
        template = N_("файл больше {limit} МБ. Это не программа мероприятий.")
        raise _refused(name, "file-too-large", template, limit=MAX_SIZE // 1024**2)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode().removeprefix(BOM)
        template = N_("файл не в кодировке UTF-8. Сохраните его в UTF-8.")
        problem = Problem("not-utf8", template)
        raise UnreadablePlan([problem.at(name, *line_and_column(before, len(before)))]) from error


def _check_characters(text: str, name: str) -> None:
    total = 0
    problems: list[Problem] = []
    for run in _REFUSED_CHARACTERS.finditer(text):
        total += run.end() - run.start()
        for index in range(run.start(), run.end()):
            if len(problems) == MAX_PROBLEMS:
                break
            problems.append(_character_problem(text, index, name))
    if problems:
        raise UnreadablePlan(Problems(problems, total))


def _character_problem(text: str, index: int, name: str) -> Problem:
    code = ord(text[index])
    template = N_("невидимый служебный знак {sign}: в программе его быть не может. Уберите его.")
    if code > _LAST_CONTROL:  # The schema allows only these in a text, written as escapes.
        template = N_(
            "невидимый служебный знак {sign}. "
            "Уберите его или запишите в двойных кавычках как {escape}."
        )
    fields = {"sign": f"U+{code:04X}", "escape": f"\\u{code:04X}"}
    problem = Problem("yaml-control-character", template, fields=fields)
    return problem.at(name, *line_and_column(text, index))


def _refused(name: str, code: str, template: str, **fields: object) -> UnreadablePlan:
    return UnreadablePlan([Problem(code, template, fields=fields).at(name, 1, 1)])


# ---------------------------------------------------------------------- syntax errors, in words

# Words in the parser's message (of the C parser, then of the pure Python one) and what to report.
# The first match counts.
_CAUSES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("unexpected end of stream", "unexpected document indicator"),
        N_("кавычка открыта и не закрыта. Закройте её тем же знаком."),
    ),
    (
        ("escape character", "escape code", "hexdecimal", "hexadecimal"),
        N_(
            "в двойных кавычках знак «\\» начинает особую последовательность, и такой нет. "
            "Удвойте его («\\\\») или возьмите текст в одинарные кавычки."
        ),
    ),
    (
        ("',' or ']'", "',' or '}'"),
        N_("скобка открыта и не закрыта, или между элементами нет запятой."),
    ),
    (
        ("mapping values are not allowed",),
        N_(
            "двоеточие с пробелом внутри текста или лишний отступ. Возьмите текст в кавычки "
            "или выровняйте строку по соседним."
        ),
    ),
    (
        ("could not find expected ':'",),
        N_("после имени поля нет двоеточия с пробелом."),
    ),
    (
        ("'-' indicator", "sequence entries are not allowed"),
        N_("элементы списка начинаются с «- » и стоят один под другим. Выровняйте отступ."),
    ),
    (
        ("expected key", "block end", "document start"),
        N_(
            "строка не на своём месте: её отступ не такой, как у соседних полей, или после "
            "закрытых кавычек идёт ещё текст."
        ),
    ),
    (
        ("did not find expected node content", "expected the node content"),
        N_("здесь должно стоять значение. Если это знак препинания, возьмите текст в кавычки."),
    ),
    (
        ("indentation",),
        N_("отступ не такой, как нужно. Выровняйте строку по соседним пробелами."),
    ),
    (
        ("directive", "incompatible YAML document"),
        N_("директивы (строки, которые начинаются с «%») не поддерживаются. Уберите её."),
    ),
)

_CONFLICT_MARKER: Final = re.compile(r"^(?:<{7,}|>{7,})(?: |\r?$)", re.MULTILINE)
_UNRESOLVED: Final = N_(
    "в файле остались обе версии того, что с двух сторон изменили по-разному. "
    "Оставьте нужную и удалите строки «<<<<<<<», «|||||||», «=======» и «>>>>>>>»."
)
_TAB: Final = N_("знак табуляции. Отступы и промежутки делаются пробелами: замените его.")
_NEEDS_QUOTES: Final = N_(
    "текст не может начинаться со знака «{sign}» без кавычек. Возьмите в кавычки."
)
_OTHER_CAUSE: Final = N_(
    "здесь нарушено устройство файла YAML. Проверьте отступы, кавычки и двоеточия."
)


def _syntax_problem(error: Exception, text: str, name: str) -> Problem:
    words, index = str(error), 0
    if isinstance(error, MarkedYAMLError):
        words = str(error.problem)
        mark = error.problem_mark or error.context_mark
        if error.context_mark and ("end of stream" in words or "expected ':'" in words):
            mark = error.context_mark  # where the quotation mark was opened or the key was written
        index = mark.index if mark else 0
    template, fields = _syntax_cause(words, text, index)
    return Problem("yaml-syntax", template, fields=fields).at(name, *line_and_column(text, index))


def _syntax_cause(words: str, text: str, index: int) -> tuple[str, dict[str, object]]:
    """Return a template, with its fields, for why a text cannot be parsed.

    Args:
        words: The parser's message.
        text: The text.
        index: Where in the text the parser stopped.
    """
    if _CONFLICT_MARKER.search(text):
        return _UNRESOLVED, {}
    sign = text[index : index + 1]
    if sign == "\t":
        return _TAB, {}
    if "cannot start any token" in words and sign:
        return _NEEDS_QUOTES, {"sign": sign}
    for signs, template in _CAUSES:
        if any(each in words for each in signs):
            return template, {}
    return _OTHER_CAUSE, {}
