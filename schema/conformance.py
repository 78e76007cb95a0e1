"""Violations of the JSON Schema, with the program's own codes and sentences.

The schema library's messages are English and print the offending value in full. Here each fault
that the checker finds becomes a sentence that names the field and says what to do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from kvartal.schema import wording
from kvartal.schema.checker import Fault, faults, first_repeated
from kvartal.schema.description import definition, key_order, title
from kvartal.schema.errors import Labels
from kvartal.schema.problems import MOST_COUNTED, MOST_KEPT, DataPath, Problem, Problems

LONGEST_SHOWN: Final = 60
"""How many characters of a value a message shows."""

LIKENESS: Final = 0.7
"""How similar to a known name an unknown one must be to count as a misspelling of it, 0 to 1."""

MOST_COMPARED: Final = 1000
"""For how many different unknown names of one programme a similar one is looked for."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Known names that unknown ones are misspellings of."""

    nearest: dict[tuple[str, tuple[str, ...]], str | None]

    def meant(self, name: object, fault: Fault) -> str | None:
        """Return the known field that an unknown name of a mapping is a misspelling of."""
        text = str(name)
        if len(text) > LONGEST_SHOWN:
            return None
        free = tuple(one for one in fault.schema["properties"] if one not in fault.value)
        key = (text, free)
        if key not in self.nearest and len(self.nearest) < MOST_COMPARED:
            near = get_close_matches(text, free, n=1, cutoff=LIKENESS)
            self.nearest[key] = near[0] if near else None
        return self.nearest.get(key)

    def missing(self, fault: Fault) -> list[str]:
        """Return the missing fields, but for one that is there and misspelt: that is one fault."""
        misspelt = self.misspelt(fault)
        return [name for name in fault.wanted if name not in misspelt]

    def misspelt(self, fault: Fault) -> set[str]:
        """Return the wanted fields that unknown names of the mapping are misspellings of."""
        known = fault.schema["properties"]
        unknown = [name for name in fault.value if name not in known]
        meant = {self.meant(name, fault) for name in unknown}
        return {name for name in fault.wanted if name in meant}


@dataclass(slots=True)
class Violations:
    """What the JSON Schema finds wrong with a programme.

    Attributes:
        roots: First step of the path of each fault.
        rows: Index of each measure with a fault.
        ids: Index of each measure with a fault in its id.
        total: How many faults were found.
        is_cut: Whether the search ended early: there are more faults, in other places too.
    """

    roots: set[str | int] = field(default_factory=set)
    rows: set[str | int] = field(default_factory=set)
    ids: set[str | int] = field(default_factory=set)
    is_cut: bool = False
    _kept: list[Problem] = field(default_factory=list)
    total: int = 0
    _names: _Names = field(default_factory=lambda: _Names({}))

    @property
    def problems(self) -> Problems:
        """The problems, in the order of the data."""
        return Problems(self._kept, self.total, is_cut=self.is_cut)

    def add(self, fault: Fault) -> None:
        """Note a fault; past the first ones it is only counted."""
        self.note(fault.path)
        room = MOST_KEPT - len(self._kept)
        if fault.kind in _OF_WHAT_IS_MISSING:
            missing = self._names.missing(fault)
            self.total += len(missing)
            self._kept += [_missing(fault, name) for name in missing[:room]]
            return
        if fault.kind in _OF_CHOICES and self._names.misspelt(fault):
            return
        self.total += 1
        if not room:
            return
        if fault.kind == "additionalProperties":
            self._kept.append(_unknown(fault, self._names))
        else:
            self._kept.append(_PROBLEM_OF[fault.kind](fault))

    def note(self, path: DataPath) -> None:
        """Note where a fault is: what is there is not for the rules to look at."""
        if path:
            self.roots.add(path[0])
        if len(path) > 1 and path[0] == "measures":
            self.rows.add(path[1])
            if path[2:] == ("id",):
                self.ids.add(path[1])


def violations(data: object) -> Violations:
    """Return what the JSON Schema finds wrong, each fault once.

    Args:
        data: Plain data of any shape.
    """
    found = Violations()
    for fault in faults(data):
        found.add(fault)
        if found.total > MOST_COUNTED:
            found.total, found.is_cut = MOST_COUNTED, True
            break
    return found


def _problem(fault: Fault, code: str, template: str, **fields: object) -> Problem:
    return Problem(code, template, fault.path, {"field": _named(fault.path), **fields})


def _named(*paths: DataPath) -> Labels:
    """Return the names of fields as messages write them: «result» (Ожидаемый результат)."""
    return Labels(tuple((_last_name(path), title(path)) for path in paths))


def _last_name(path: DataPath) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _shown(value: object) -> str:
    """Return a single value, shortened for a message; an ellipsis for a list or mapping."""
    if isinstance(value, list | dict):
        return "…"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _missing(fault: Fault, name: str) -> Problem:
    fields = {"field": _named((*fault.path, name)), "name": name}
    return Problem("schema-required", wording.REQUIRED, fault.path, fields)


def _unknown(fault: Fault, names: _Names) -> Problem:
    name = fault.wanted
    path = (*fault.path, name) if isinstance(name, str) else fault.path
    meant = names.meant(name, fault)
    template = wording.UNKNOWN if meant is None else wording.MISSPELT
    fields: dict[str, object] = {"name": _shown(name), "known": ", ".join(key_order(fault.path))}
    if meant is not None:
        fields |= {"suggestion": meant, "field": _named((*fault.path, meant))}
    return Problem("schema-unknown-property", template, path, fields)


def _type(fault: Fault) -> Problem:
    if fault.path and fault.value is None:
        return _problem(fault, "schema-type", wording.EMPTY_TEXT)
    if fault.path:
        return _problem(fault, "schema-type", wording.TYPES[fault.wanted])
    names = ", ".join(key_order(()))
    return Problem("schema-type", wording.NOT_A_PLAN, (), {"names": names})


def _const(fault: Fault) -> Problem:
    return _problem(fault, "schema-enum", wording.ONLY_TRUE)


def _enum(fault: Fault) -> Problem:
    if fault.value is None:
        return _problem(fault, "schema-enum", wording.EMPTY_TEXT)
    allowed = ", ".join(fault.wanted)
    value = _shown(fault.value)
    return _problem(fault, "schema-enum", wording.ENUM, value=value, allowed=allowed)


def _pattern(fault: Fault) -> Problem:
    template = next(
        sentence
        for name, sentence in wording.PATTERNS.items()
        if definition(name)["pattern"] == fault.wanted
    )
    return _problem(fault, "schema-pattern", template, value=_shown(fault.value))


def _not(fault: Fault) -> Problem:
    several_lines = fault.wanted in (definition("text")["not"], definition("cell")["not"])
    template = wording.CONTROL_CHARACTER if several_lines else wording.ONE_LINE
    return _problem(fault, "schema-pattern", template)


def _not_beside(fault: Fault) -> Problem:
    """Report a field that excludes another."""
    other, name = fault.wanted
    path = (*fault.path, name)
    fields = {"field": _named(path), "other": _named((*fault.path, other))}
    return Problem("schema-choice", wording.NOT_BESIDE, path, fields)


def _format(fault: Fault) -> Problem:
    return _problem(fault, "date-invalid", wording.NO_SUCH_DAY, value=_shown(fault.value))


def _range(fault: Fault) -> Problem:
    limits = {key: fault.schema[key] for key in ("minimum", "maximum") if key in fault.schema}
    template = wording.RANGE if len(limits) > 1 else wording.MINIMUM
    return _problem(fault, "schema-range", template, **limits)


def _length(fault: Fault) -> Problem:
    template = wording.EMPTY_TEXT if fault.kind == "minLength" else wording.TOO_LONG
    return _problem(fault, "schema-length", template, limit=fault.wanted)


def _items(fault: Fault) -> Problem:
    template = wording.EMPTY_LIST if isinstance(fault.value, list) else wording.EMPTY_FIELDS
    return _problem(fault, "schema-items", template)


def _unique(fault: Fault) -> Problem:
    index = first_repeated(fault.value) or 0
    fields = {"field": _named(fault.path), "value": _shown(fault.value[index])}
    return Problem("schema-unique", wording.REPEATED, (*fault.path, index), fields)


def _choice(fault: Fault) -> Problem:
    """Report a mapping that must have one of several fields."""
    fields = {"names": _named(*((*fault.path, name) for name in fault.wanted))}
    given = [name for name in fault.wanted if name in fault.value]
    if given:
        return Problem("schema-choice", wording.ONLY_ONE_OF, (*fault.path, given[-1]), fields)
    return Problem("schema-choice", wording.ONE_OF, fault.path, fields)


def _too_many(fault: Fault) -> Problem:
    """Report a mapping with several of the fields of which it may have one."""
    names = _named(*((*fault.path, name) for name in fault.value))
    return Problem("schema-choice", wording.ONLY_ONE_OF, fault.path, {"names": names})


_OF_WHAT_IS_MISSING: Final = ("required", "dependentRequired")
_OF_CHOICES: Final = ("anyOf", "oneOf")

# Of the keywords that stand for one problem each; unknown names and missing ones are apart.
_PROBLEM_OF: Final[Mapping[str, Callable[[Fault], Problem]]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "pattern": _pattern,
    "not": _not,
    "dependentSchemas": _not_beside,
    "format": _format,
    "minimum": _range,
    "maximum": _range,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _items,
    "minProperties": _items,
    "maxProperties": _too_many,
    "uniqueItems": _unique,
    "anyOf": _choice,
    "oneOf": _choice,
}
