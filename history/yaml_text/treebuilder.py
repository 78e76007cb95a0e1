"""Builds the tree and the plain data of a YAML text from the parser's events.

With a stack of its own, so that no text can exhaust Python's; and refusing what a plan has no use
for and a reader of the file could be misled by: anchors, tags, several documents, repeated keys,
values that other programs read otherwise.
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
    is_ambiguous,
    resolve,
)
from kvartal.history.yaml_text.source import place
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath, Problem

MAX_DEPTH: Final = 32
"""How deep collections may nest. A plan needs eight levels."""

MAX_NODES: Final = 1_000_000
"""How many values a file may hold; a plan of 10,000 measures has some 400,000."""

_LONGEST_QUOTATION: Final = 40
_NEAR: Final = 64
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_EMPTY = N_("файл пуст. Программа начинается с полей «year», «document», «sections», «measures».")
_NOT_A_MAPPING = N_("в корне файла должны стоять поля вида «year: 2024»: имя, двоеточие, пробел.")
_AMBIGUOUS = N_(
    "«{text}» без кавычек одни программы прочтут как текст, другие как дату, число или «да»/«нет». "
    'Текст возьмите в кавычки: "{text}". Число запишите обычными цифрами.'
)
_KEY_NOT_TEXT = N_('имя поля «{text}» читается не как текст. Возьмите его в кавычки: "{text}".')


class Stopped(Exception):
    """Reading further would cost more than it could tell. For the loader alone, never shown."""


@dataclass(slots=True)
class _Frame:
    """A collection whose end has not come yet."""

    start: int
    flow: bool
    data: "list[Any] | dict[str, Any]"
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[ScalarNode, Node]] = field(default_factory=list)
    key: ScalarNode | None = None


class TreeBuilder:
    """Takes the events of a text, one by one.

    Attributes:
        root: The tree, when all events have been taken; None for an empty file.
        data: The plain data of the tree.
        problems: What was found that a plan may not hold.
    """

    def __init__(self, text: str, name: str, max_problems: int) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._text = text
        self._name = name
        self._max_problems = max_problems
        self._has_tabs = "\t" in text
        self._data: object = None
        self._frames: list[_Frame] = []
        self._documents = 0
        self._nodes = 0
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

    def take(self, event: Any) -> None:
        """Take the next event.

        Raises:
            Stopped: The text cannot be a plan, whatever follows; the problem has been noted.
        """
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def root_problem(self) -> Problem:
        """Return what is wrong with a text whose root is no mapping."""
        if self.root is None or (isinstance(self.root, ScalarNode) and self.root.value is None):
            return self._problem("yaml-empty", _EMPTY, 0)
        code = "yaml-syntax" if isinstance(self.root, ScalarNode) else "schema-type"
        return self._problem(code, _NOT_A_MAPPING, self.root.start)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            template = N_("второй документ в том же файле. Уберите строку «---» и всё после неё.")
            self._note("yaml-several-documents", template, event.start_mark.index)
            raise Stopped
        if event.version or event.tags:
            template = N_("директивы (строки, которые начинаются с «%») не поддерживаются.")
            self._note("yaml-syntax", template, event.start_mark.index)

    def _alias(self, event: Any) -> None:
        template = N_("ссылки (знак «*») не поддерживаются. Повторите само значение.")
        start = event.start_mark.index
        self._note("yaml-anchor", template, start)
        self._add(ScalarNode(start, event.end_mark.index, "", None), None)

    def _scalar(self, event: Any) -> None:
        start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
        self._look_at_properties(event)
        value: ScalarValue = event.value
        if not style:
            value = self._plain(event.value, start, end)
        elif style in "|>":
            end = self._end_of_block(start, end, event.value)
        elif _SURROGATE.search(event.value):  # only the parser in pure Python lets it through
            template = N_("половина суррогатной пары («\\ud800»…) — не знак. Уберите её.")
            self._note("yaml-syntax", template, start)
        self._add(ScalarNode(start, end, style, value), value)

    def _plain(self, value: str, start: int, end: int) -> ScalarValue:
        if self._has_tabs and "\t" in self._text[start:end]:
            template = N_("знак табуляции в тексте без кавычек. Замените его пробелом.")
            self._note("yaml-syntax", template, start + self._text[start:end].index("\t"))
        if is_ambiguous(value) and not (value == "<<" and self._awaits_key()):
            self._note("yaml-ambiguous", _AMBIGUOUS, start, text=value[:_LONGEST_QUOTATION])
        return resolve(value)

    def _end_of_block(self, start: int, end: int, value: str) -> int:
        """Return where a block scalar really ends: the parser's end is after its blank lines."""
        text = self._text
        if value.endswith("\n\n") or (value and not value.strip("\n")):
            # The indicator "+": the blank lines are part of the value.
            return end - _length_of_break(text, end)
        while _length_of_break(text, end):
            end -= _length_of_break(text, end)
        return max(end, start + 1)

    def _open(self, event: Any) -> None:
        self._look_at_properties(event)
        start = event.start_mark.index
        if self._awaits_key():
            template = N_("имя поля должно быть простым текстом, а не списком или набором полей.")
            self._note("yaml-syntax", template, start)
            raise Stopped
        if len(self._frames) == MAX_DEPTH:
            template = N_("вложенность больше {limit} уровней. Это не программа мероприятий.")
            self._note("yaml-too-deep", template, start, limit=MAX_DEPTH)
            raise Stopped
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
        self._add(node, frame.data)

    def _awaits_key(self) -> bool:
        if not self._frames:
            return False
        frame = self._frames[-1]
        return isinstance(frame.data, dict) and frame.key is None

    def _add(self, node: Node, data: object) -> None:
        """Put a finished node where it belongs."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            template = N_("значений больше {limit}. Это не программа мероприятий.")
            self._note("file-too-large", template, node.start, limit=MAX_NODES)
            raise Stopped
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
        if not isinstance(node, ScalarNode):  # _open has refused it
            raise Stopped
        text = self._text[node.start : node.end]
        shown = text[:_LONGEST_QUOTATION]
        before = self._text[max(0, node.start - _NEAR) : node.start].rstrip(" \t")
        after = self._text[node.end : node.end + _NEAR].lstrip(" \t")
        if not after.startswith(":"):
            template = N_("после имени поля «{text}» нет двоеточия.")
            self._note("yaml-syntax", template, node.start, text=shown)
        elif before.endswith("?"):
            template = N_("знак «?» перед именем поля не поддерживается. Уберите его.")
            self._note("yaml-syntax", template, node.start)
        elif text == "<<":
            template = N_("слияние полей («<<») не поддерживается. Запишите сами поля.")
            self._note("yaml-anchor", template, node.start)
        elif not isinstance(node.value, str):
            self._note("yaml-ambiguous", _KEY_NOT_TEXT, node.start, text=shown)
        elif node.value in siblings:
            template = N_("поле «{text}» уже есть выше в том же наборе. Оставьте одно.")
            self._note("yaml-duplicate-key", template, node.start, text=shown)
            self.problems[-1] = replace(self.problems[-1], path=(*self._path(), node.value))
        return node

    def _look_at_properties(self, event: Any) -> None:
        if event.anchor is not None:
            template = N_("метки (знак «&») не поддерживаются. Уберите её.")
            self._note("yaml-anchor", template, event.start_mark.index)
        if event.tag is not None:
            template = N_("указания типа (знак «!») не поддерживаются. Уберите его.")
            self._note("yaml-tag", template, event.start_mark.index)

    def _note(self, code: str, template: str, index: int, **fields: object) -> None:
        self.problems.append(self._problem(code, template, index, **fields))
        if len(self.problems) >= self._max_problems:
            raise Stopped

    def _problem(self, code: str, template: str, index: int, **fields: object) -> Problem:
        problem = Problem(code, template, self._path(), fields)
        return problem.at(self._name, *place(self._text, index))

    def _path(self) -> DataPath:
        """Return the path to what is being read."""
        path: list[str | int] = []
        for frame in self._frames:
            if isinstance(frame.data, list):
                path.append(len(frame.items))
            elif frame.key is not None:
                path.append(str(frame.key.value))
        return tuple(path)


def _length_of_break(text: str, end: int) -> int:
    """Return the length of the line break just before an index; 0 when there is none."""
    if text[end - 1 : end] != "\n":
        return 0
    return 2 if text[end - 2 : end] == "\r\n" else 1
