"""The field for where a measure stands: a channel, a section, or neither."""

from collections.abc import Iterator
from typing import Final

from kvartal.schema.model import Plan, Section
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import ChoiceInput
from kvartal.tui.i18n import _
from kvartal.tui.places import Place
from kvartal.tui.presentation.levels import channel_level_name, level_name

PLACE: Final = "place"
"""Key of the field in its form."""

_CHANNEL: Final = "channel "
_SECTION: Final = "section "
NEITHER: Final = "neither"
"""The value of the place outside all sections."""
_LONGEST_LABEL: Final = 40
_INDENT: Final = "\N{NO-BREAK SPACE}" * 2


class PlaceField(FormField):
    """One of the channels and sections of a programme, in printed order."""

    def __init__(self, plan: Plan, place: Place) -> None:
        """Make the field.

        Args:
            plan: The programme, with sections.
            place: The place proposed; where there is no such one, the first channel, else the
                first section.
        """
        choices = place_choices(plan)
        values = [value for value, _label in choices]
        first = next((value for value in values if value.startswith(_CHANNEL)), values[0])
        proposed = place_value(place) if place_value(place) in values else first
        super().__init__(
            PLACE,
            place_label(plan),
            ChoiceInput(choices, proposed, optional=False),
            initial=proposed,
            required=True,
            hint=_("Enter открывает список, буквы в нём ищут."),
        )

    @property
    def place(self) -> Place:
        """The place chosen."""
        return place_of(self.typed)


def place_choices(plan: Plan) -> list[tuple[str, str]]:
    """Return every place of a programme in printed order: its value in a form, and its label."""
    return [*_choices(plan.sections, 0), (NEITHER, _("Вне разделов"))]


def place_of(value: str) -> Place:
    """Return the place that a value in a form means."""
    if value.startswith(_CHANNEL):
        return Place(channel=value.removeprefix(_CHANNEL))
    if value == NEITHER:
        return Place()
    return Place(section=value.removeprefix(_SECTION))


def place_value(place: Place) -> str:
    """Return the value of a place in a form; empty for none."""
    if place.channel is not None:
        return f"{_CHANNEL}{place.channel}"
    return f"{_SECTION}{place.section}" if place.section is not None else ""


def _choices(sections: tuple[Section, ...], depth: int) -> Iterator[tuple[str, str]]:
    for section in sections:
        indent = _INDENT * depth
        yield f"{_SECTION}{section.number}", f"{indent}{section.number} {section.title}"
        for channel in section.channels:
            label = f"{indent}{_INDENT}{channel.number} {channel.title}"
            yield f"{_CHANNEL}{channel.number}", label
        yield from _choices(section.sections, depth + 1)


def place_label(plan: Plan) -> str:
    """Return what the places are called: the levels of the table, in the organisation's words."""
    names = list(dict.fromkeys(_level_names(plan, plan.sections, 0)))
    label = " / ".join(names)
    return label if len(label) <= _LONGEST_LABEL else _("Место в программе")


def _level_names(plan: Plan, sections: tuple[Section, ...], depth: int) -> Iterator[str]:
    if sections:
        yield level_name(plan, depth)
    if any(section.channels for section in sections):
        yield channel_level_name(plan, depth + 1)
    below = tuple(low for section in sections for low in section.sections)
    if below:
        yield from _level_names(plan, below, depth + 1)
