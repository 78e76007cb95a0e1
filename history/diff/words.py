"""Values of a programme in business words: what commit messages, the log and previews show.

Everything here returns one line that is safe to print: no value in the plan can add a line break,
a terminal escape or a character that changes the direction of writing.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from kvartal.history.diff.own_names import OwnNames, own_names
from kvartal.schema.changes import Plain
from kvartal.schema.day_text import DAY, day_text, moment_phrase
from kvartal.schema.description import title
from kvartal.schema.errors import N_, Phrase, Translate, part_text, untranslated
from kvartal.schema.fields import BY_NAME, show
from kvartal.schema.months import MONTH_NAMES
from kvartal.schema.printed_number import printed_number
from kvartal.schema.quarter_text import HALVES_OF_YEARS, QUARTER_NAMES, QUARTERS_OF_YEARS
from kvartal.schema.quarters import QUARTERS
from kvartal.schema.unprintable import revealed

_TAKEN: Final = (
    *(N_("Отметка за {checkpoint}"), N_("Перенос срока от {date}")),
    *(N_("Документ"), N_("Файл"), N_("Ссылка"), N_("Срок")),
    *(N_("Снято с плана"), N_("Место в таблице")),
)
"""What lines about a record, evidence or a decision are called: no own field goes by that name."""
ABSENT: Final = "—"
"""Shown for a value that is not there."""
SHORT_HASH: Final = 10
"""How many digits of a commit's hash messages, notes and errors show."""
# Matched from the first space of several on: a try at each of them would take quadratic time.
_LINE_BREAKS: Final = re.compile(r"(?<!\s)\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PERIOD: Final = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?")
_DAYS: Final = frozenset({"date", "start", "due", "point"})
_KILO: Final = 1024


def one_line(text: str) -> str:
    """Return a text as one line in which every invisible character is made visible.

    Line breaks become « / », tabs become spaces, control characters their pictures (``␛``), and
    what directs or hides text (bidirectional marks, zero-width characters, lone surrogates)
    its code, ``‹U+202E›``.
    """
    flat = _LINE_BREAKS.sub(" / ", text.strip()).replace("\t", " ")
    # A soft hyphen is shown too, other than on the screen: it may be all that was changed.
    return revealed(flat)


def moment_text(text: str, *, time: bool = True, zone: bool = True) -> Phrase | str:
    """Return the date of a commit as it is shown: «27.09.2024 14:05 +03:00», by its author's clock.

    Args:
        text: ISO 8601, as git prints it; anything else is returned unchanged.
        time: Whether to show the time of day too.
        zone: Whether to show the zone of that time: without it two entries of people in different
            zones cannot be put in order.
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return text
    if not time:
        return day_text(parsed)
    offset = f"{parsed:%z}"
    shown_zone = f" {offset[:3]}:{offset[3:5]}" if zone and offset else ""
    return moment_phrase(parsed, f"{parsed:%H:%M}{shown_zone}")


def commit_moment(text: str) -> datetime:
    """Return the moment of a commit, to compare with others.

    Args:
        text: ISO 8601, as git prints it. Where its zone is none that a clock can have, it counts as
            that of Greenwich.
    """
    for form in (text, f"{text[:19]}+00:00"):
        with suppress(ValueError):
            return datetime.fromisoformat(form)
    return datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Words:
    """Values in the words of one language.

    Attributes:
        translate: Turns a Russian template into that language.
        about: What the named fields belong to, such as one record; empty for the measure itself.
        own: What the organisation calls its own fields and levels.
        as_in_2026_11: Whether sections and channels are put into words as they were until then:
            value by value. Older messages say so.
    """

    translate: Translate = untranslated
    about: str = ""
    own: OwnNames = field(default_factory=OwnNames)
    as_in_2026_11: bool = False

    def of(self, *versions: Mapping[str, Plain]) -> "Words":
        """Return the words for a plan, with the names in its versions; the last one counts."""
        return replace(self, own=own_names(*versions))

    def within(self, about: str) -> "Words":
        """Return the words for fields of a part of the measure: «Отметка …, дата»."""
        return replace(self, about=about)

    def say(self, template: str, **fields: object) -> str:
        """Return a template in the language, with its fields filled in."""
        return self.translate(template).format(**fields)

    def quoted(self, text: str) -> str:
        """Return a text in the quotes of the language."""
        return self.say(N_("«{name}»"), name=text)

    def label(self, *path: str | int) -> str:
        """Return the name of a field of a measure by its path, as the schema titles it."""
        known = title(("measures", 0, *path))
        own = self.own.fields.get(str(path[-1])) if path[:1] == ("extra",) else None
        if own and not self.as_in_2026_11 and self._is_taken(own):
            own = f"{self.translate(title(('measures', 0, 'extra')))}, {lowered(own)}"
        return self.own_label(own or str(path[-1])) if own or not known else self.name(known)

    def _is_taken(self, own: str) -> bool:
        """Return whether an own field has the name of a line about a record or a decision."""
        for template in _TAKEN:
            for text in (template, self.translate(template)):
                start, is_begun, _ = text.casefold().partition("{")
                rest = own.casefold().removeprefix(start)
                if rest != own.casefold() and (is_begun or not rest or rest.startswith(",")):
                    return True
        return False

    def own_label(self, text: str) -> str:
        """Return the organisation's own name of a field, after that of what it belongs to."""
        return self._named(one_line(text))

    def name(self, template: str, **fields: object) -> str:
        """Return the name of a field, after the name of what it belongs to."""
        return self._named(self.say(template, **fields))

    def _named(self, name: str) -> str:
        # A colon within the label would read as the one before the value.
        plain = name.replace(": ", ", ")
        if not self.about:
            return plain
        # «Бюджет, тариф, план»: the name of the field begins with what it is a part of.
        whole, _, _ = self.about.partition(", ")
        return f"{self.about}, {lowered(plain.removeprefix(f'{whole}, '))}"

    def value(self, path: tuple[str, ...], value: Plain | None) -> str | None:
        """Return the value of a measure's field; None for an absent one."""
        if value is None:
            return None
        field = BY_NAME.get(".".join(path))
        if field and isinstance(value, str) and value in dict(field.choices):
            value = self.translate(dict(field.choices)[value])
        if isinstance(value, bool):
            return self.translate(N_("да") if value else N_("нет"))
        if isinstance(value, int | float):
            return self.number(value)
        if path and (path[-1] in _DAYS or (path[0] == "extra" and path[-1] in self.own.days)):
            return self.day(value)
        if isinstance(value, list) and path[-1:] in {("points",), ("quarters",)}:
            # What is no text is a quarter of the programme's year: «2; 3».
            texts = (
                self.period(self.day(one)) if isinstance(one, str) else show(one) for one in value
            )
            return "; ".join(map(one_line, texts))
        return one_line(show(value))

    def things(self, path: tuple[str, ...], value: Plain) -> str:
        """Return one thing of a list or all of them: «Отдел ОК (исполнитель); Отдел ИТ»."""
        if isinstance(value, list):
            return "; ".join(self.things(path, one) for one in value)
        if not isinstance(value, dict):
            return one_line(show(value))
        if path == ("responsible",) and "name" in value:
            role = f" ({one_line(show(value['role']))})" if "role" in value else ""
            return one_line(show(value["name"])) + role
        parts = self.within(self.label(*path))
        names = {key: parts.label(*path, 0, key).removeprefix(f"{parts.about}, ") for key in value}
        return ", ".join(f"{names[key]}: {self.value((*path, key), value[key])}" for key in value)

    def number(self, value: float) -> str:
        """Return a number with the language's decimal mark; a long one with spaced thousands."""
        return printed_number(value, self.translate)

    def day(self, value: Plain | None) -> str:
        """Return an ISO date as the language writes it; anything else unchanged."""
        text = "" if value is None else one_line(show(value))
        match = _DAY.fullmatch(text)
        if not match:
            return text
        year, month, day = match.groups()
        return self.say(DAY, year=year, month=month, day=day)

    def moment(self, text: str, *, time: bool = True) -> str:
        """Return the date of a commit as the language writes it; see `moment_text`."""
        return part_text(moment_text(text, time=time), self.translate)

    def checkpoint(self, record: Mapping[str, Plain]) -> str:
        """Return the checkpoint of a record: «III квартал», «III квартал 2026», «27.03.2026»."""
        if "point" in record:
            return self.day(record["point"])
        quarter = record.get("quarter")
        if isinstance(quarter, str):
            return self.period(quarter)
        if isinstance(quarter, int) and quarter in QUARTERS:
            return self.say(QUARTER_NAMES[quarter - 1])
        name = "?" if quarter is None else one_line(show(quarter))
        return self.say(N_("{quarter} квартал"), quarter=name)

    def period(self, value: Plain | None) -> str:
        """Return the period of an indicator's value: «июль 2024», «III квартал 2024»."""
        text = "" if value is None else one_line(show(value))
        match = _PERIOD.fullmatch(text)
        if not match:
            return text
        year, quarter, half, month = match.groups()
        if half:
            return self.say(HALVES_OF_YEARS[int(half) - 1], year=year)
        if quarter:
            return self.say(QUARTERS_OF_YEARS[int(quarter) - 1], year=year)
        if month:
            return f"{self.translate(MONTH_NAMES[int(month) - 1])} {year}"
        return self.say(N_("{year} год"), year=year)

    def size(self, value: Plain | None) -> str:
        """Return a size in bytes as a file manager rounds it: «812 Б», «15 КБ», «1,4 МБ».

        The only formatter of sizes: commit messages hold its result, and the audit compares it.
        """
        if not isinstance(value, int) or isinstance(value, bool):
            return "" if value is None else one_line(show(value))
        if value < _KILO:
            return self.say(N_("{size} Б"), size=value)
        if value < _KILO * _KILO:
            return self.say(N_("{size} КБ"), size=round(value / _KILO))
        return self.say(N_("{size} МБ"), size=self.number(round(value / _KILO / _KILO, 1)))

    def term(self, value: Plain | None) -> str | None:
        """Return the text of a term."""
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            return one_line(str(value["text"]))
        return None if value is None else one_line(show(value))

    def document(self, value: Plain) -> str:
        """Return a document as a reference to it: «Акт ввода № 12 от 27.09.2024»."""
        if not isinstance(value, dict):
            return one_line(show(value))
        text = one_line(show(value.get("title", "")))
        if "number" in value:
            text = self.say(N_("{title} № {number}"), title=text, number=_number_sign(value))
        if "date" in value:
            text = self.say(N_("{title} от {date}"), title=text, date=self.day(value["date"]))
        return text

    def file(self, value: Plain) -> str:
        """Return a file of evidence by its name and size: «Акт ввода.pdf», 4 КБ."""
        if not isinstance(value, dict):
            return one_line(show(value))
        name = file_name(value)
        size = self.size(value.get("size"))
        return self.say(N_("«{name}», {size}"), name=name, size=size) if size else self.quoted(name)


def file_name(file: Mapping[str, Plain]) -> str:
    """Return the last part of the path of a file of evidence."""
    return one_line(show(file.get("path", "")).rpartition("/")[2])


def lowered(label: str) -> str:
    """Return a label as it is written in the middle of a sentence."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _number_sign(document: Mapping[str, Plain]) -> str:
    """Return a document's number without its «№», which the template adds."""
    return one_line(show(document["number"])).removeprefix("№").lstrip()
