"""Builds the tree and the plain data of a YAML text from the parser's events.

It uses an explicit stack, so that no text can exhaust Python's. It refuses what a plan has no use
for and could mislead a reader of the file: anchors, tags, several documents, repeated keys, values
that other programs read differently.
"""

# ruff: noqa: ANN401 - the parser's events have no types of their own
import re
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from kvartal.history.yaml_text.nodes import (
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    ScalarValue,
    resolve_unless_ambiguous,
)
from kvartal.history.yaml_text.source import line_and_column
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath, Problem

MAX_DEPTH: Final = 32
"""How deep collections may nest. A plan needs eight levels."""

MAX_NODES: Final = 1_000_000
"""How many values a file may hold; a plan of 10,000 measures has some 400,000."""

_MOST_SHARED: Final = 1000
"""How many texts are kept once however often they occur: the first ones, field names among them."""
_MAX_QUOTED: Final = 40
_CONTEXT: Final = 64
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_EMPTY = N_("файл пуст. Программа начинается с полей «year», «document», «sections», «measures».")
_NOT_A_MAPPING = N_("в корне файла должны стоять поля вида «year: 2024»: имя, двоеточие, пробел.")
_AMBIGUOUS = N_(
    "«{text}» без кавычек одни программы прочтут как текст, другие как дату, число или «да»/«нет». "
    'Текст возьмите в кавычки: "{text}". Число запишите обычными цифрами.'
)
_KEY_NOT_TEXT = N_('имя поля «{text}» читается не как текст. Возьмите его в кавычки: "{text}".')


class ReadingStopped(Exception):
    """Reading on would not find more worth reporting. Caught by the loader, never shown."""


@dataclass(slots=True)
class _Frame:
    """A collection that has not ended yet."""

    start: int
    flow: bool
    data: "list[Any] | dict[str, Any]"
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[ScalarNode, Node]] = field(default_factory=list)
    key: ScalarNode | None = None


class TreeBuilder:
    """Builds a tree from the events of a text, added one by one.

    Attributes:
        root: The tree, once all events were added; None for an empty file.
        data: The plain data of the tree.
        problems: The first of what was found that a plan must not contain.
        total: How many such problems there are.
    """

    def __init__(self, text: str, name: str, max_problems: int) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.total = 0
        self._text = text
        self._name = name
        self._max_problems = max_problems
        self._has_tabs = "\t" in text
        self._data: object = None
        self._frames: list[_Frame] = []
        self._documents = 0
        self._nodes = 0
        self._texts: dict[str, str] = {}
        self._handlers = {
            ScalarEvent: self._scalar,
            SequenceStartEvent: self._open,
            MappingStartEvent: self._open,
            SequenceEndEvent: self._close,
            MappingEndEvent: self._close,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }

    @property
    def data(self) -> PlanData:
        """The plain data of the tree. Only where :attr:`root` is a mapping."""
        return cast("PlanData", self._data)

    def add_event(self, event: Any) -> None:
        """Process the next event.

        Raises:
            ReadingStopped: The text cannot be a plan, whatever follows; the problem is in
                ``problems``.
        """
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def add_problem(self, problem: Problem) -> None:
        """Add a problem that the parser found."""
        self.total += 1
        if self.total <= self._max_problems:
            self.problems.append(problem)

    def root_problem(self) -> Problem:
        """Return the problem of a text whose root is not a mapping."""
        if self.root is None or (isinstance(self.root, ScalarNode) and self.root.value is None):
            return self._problem("yaml-empty", _EMPTY, 0)
        code = "yaml-syntax" if isinstance(self.root, ScalarNode) else "schema-type"
        return self._problem(code, _NOT_A_MAPPING, self.root.start)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            template = N_("второй документ в том же файле. Уберите строку «---» и всё после неё.")
            self._report("yaml-several-documents", template, event.start_mark.index)
            raise ReadingStopped
        if event.version or event.tags:
            template = N_("директивы (строки, которые начинаются с «%») не поддерживаются.")
            self._report("yaml-syntax", template, event.start_mark.index)

    def _alias(self, event: Any) -> None:
        template = N_("ссылки (знак «*») не поддерживаются. Повторите само значение.")
        start = event.start_mark.index
        self._report("yaml-anchor", template, start)
        self._add_node(ScalarNode(start, event.end_mark.index, "", None), None)

    def _scalar(self, event: Any) -> None:
        start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
        self._refuse_properties(event)
        text = self._shared(event.value)
        value: ScalarValue = text
        if not style:
            value = self._plain(text, start, end)
        elif style in "|>":
            end = self._end_of_block(start, end, event.value)
        elif _SURROGATE.search(event.value):  # only the parser in pure Python lets it through
            template = N_("половина суррогатной пары («\\ud800»…) — не знак. Уберите её.")
            self._report("yaml-syntax", template, start)
        self._add_node(ScalarNode(start, end, style, value), value)

    def _shared(self, text: str) -> str:
        """Return a text, the same object each time it comes: names of fields come most often."""
        known = self._texts.get(text)
        if known is not None:
            return known
        if len(self._texts) < _MOST_SHARED:
            self._texts[text] = text
        return text

    def _plain(self, value: str, start: int, end: int) -> ScalarValue:
        if self._has_tabs and "\t" in self._text[start:end]:
            template = N_("знак табуляции в тексте без кавычек. Замените его пробелом.")
            self._report("yaml-syntax", template, start + self._text[start:end].index("\t"))
        resolved, is_ambiguous = resolve_unless_ambiguous(value)
        if is_ambiguous and not (value == "<<" and self._expects_key()):
            self._report("yaml-ambiguous", _AMBIGUOUS, start, text=value[:_MAX_QUOTED])
        return resolved

    def _end_of_block(self, start: int, end: int, value: str) -> int:
        """Return where a block scalar really ends: the parser counts the blank lines after it."""
        text = self._text
        if value.endswith("\n\n") or (value and not value.strip("\n")):
            # With the indicator "+" the blank lines are part of the value.
            return end - _line_break_length(text, end)
        while _line_break_length(text, end):
            end -= _line_break_length(text, end)
        return max(end, start + 1)

    def _open(self, event: Any) -> None:
        self._refuse_properties(event)
        start = event.start_mark.index
        if self._expects_key():
            template = N_("имя поля должно быть простым текстом, а не списком или набором полей.")
            self._report("yaml-syntax", template, start)
            raise ReadingStopped
        if len(self._frames) == MAX_DEPTH:
            template = N_("вложенность больше {limit} уровней. Это не программа мероприятий.")
            self._report("yaml-too-deep", template, start, limit=MAX_DEPTH)
            raise ReadingStopped
        is_list = isinstance(event, SequenceStartEvent)
        self._frames.append(_Frame(start, bool(event.flow_style), [] if is_list else {}))

    def _close(self, event: Any) -> None:
        frame = self._frames.pop()
        end = event.end_mark.index
        node: Node
        if isinstance(frame.data, list):
            if not frame.flow and frame.items:
                end = frame.items[-1].end
            node = ListNode(frame.start, end, frame.flow, tuple(frame.items))
        else:
            if not frame.flow and frame.pairs:
                end = frame.pairs[-1][1].end
            node = MapNode(frame.start, end, frame.flow, tuple(frame.pairs))
        self._add_node(node, frame.data)

    def _expects_key(self) -> bool:
        if not self._frames:
            return False
        frame = self._frames[-1]
        return isinstance(frame.data, dict) and frame.key is None

    def _add_node(self, node: Node, data: object) -> None:
        """Add a complete node to the collection that holds it."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            template = N_("значений больше {limit}. Это не программа мероприятий.")
            self._report("file-too-large", template, node.start, limit=MAX_NODES)
            raise ReadingStopped
        if not self._frames:
            self.root, self._data = node, data
            return
        frame = self._frames[-1]
        if isinstance(frame.data, list):
            frame.items.append(node)
            frame.data.append(data)
        elif frame.key is None:
            frame.key = self._key(node, frame.data)
        else:
            frame.pairs.append((frame.key, node))
            frame.data[str(frame.key.value)] = data
            frame.key = None

    def _key(self, node: Node, siblings: dict[str, Any]) -> ScalarNode:
        if not isinstance(node, ScalarNode):  # already reported by _open
            raise ReadingStopped
        text = self._text[node.start : node.end]
        shown = text[:_MAX_QUOTED]
        before = self._text[max(0, node.start - _CONTEXT) : node.start].rstrip(" \t")
        after = self._text[node.end : node.end + _CONTEXT].lstrip(" \t")
        if before.endswith("?"):
            template = N_("знак «?» перед именем поля не поддерживается. Уберите его.")
            self._report("yaml-syntax", template, node.start)
        elif not after.startswith(":"):
            template = N_("после имени поля «{text}» нет двоеточия.")
            self._report("yaml-syntax", template, node.start, text=shown)
        elif text == "<<":
            template = N_("слияние полей («<<») не поддерживается. Запишите сами поля.")
            self._report("yaml-anchor", template, node.start)
        elif not isinstance(node.value, str):
            self._report("yaml-ambiguous", _KEY_NOT_TEXT, node.start, text=shown)
        elif node.value in siblings:
            template = N_("поле «{text}» уже есть выше в том же наборе. Оставьте одно.")
            self._report("yaml-duplicate-key", template, node.start, key=node.value, text=shown)
        return node

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor is not None:
            template = N_("метки (знак «&») не поддерживаются. Уберите её.")
            self._report("yaml-anchor", template, event.start_mark.index)
        if event.tag is not None:
            template = N_("указания типа (знак «!») не поддерживаются. Уберите его.")
            self._report("yaml-tag", template, event.start_mark.index)

    def _report(
        self, code: str, template: str, index: int, *, key: str | None = None, **fields: object
    ) -> None:
        if self.total >= self._max_problems:
            self.total += 1
            return
        problem = self._problem(code, template, index, **fields)
        self.add_problem(problem if key is None else replace(problem, path=(*problem.path, key)))

    def _problem(self, code: str, template: str, index: int, **fields: object) -> Problem:
        problem = Problem(code, template, self._path(), fields)
        return problem.at(self._name, *line_and_column(self._text, index))

    def _path(self) -> DataPath:
        """Return the path to the value that is being read."""
        path: list[str | int] = []
        for frame in self._frames:
            if isinstance(frame.data, list):
                path.append(len(frame.items))
            elif frame.key is not None:
                path.append(str(frame.key.value))
        return tuple(path)


def _line_break_length(text: str, end: int) -> int:
    """Return the length of the line break that ends at an index; 0 where there is none."""
    if text[end - 1 : end] != "\n":
        return 0
    return 2 if text[end - 2 : end] == "\r\n" else 1
