"""Measures, channels and sections as arguments of commands: completion, and what they name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.changes import UnknownMeasure
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.measure import Measure
from kvartal.schema.model import Channel, Plan, Section
from kvartal.schema.typed_text import normalised
from kvartal.tui.commands.click_classes import similar_names
from kvartal.tui.commands.params import CommonOptions, Function
from kvartal.tui.commands.programme import selected_plans
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plans.path import open_plan

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

LONGEST_HELP: Final = 60
"""The most letters of the text that a shell shows beside a completion."""


class NoSuchMeasure(UnknownMeasure):
    """No measure has this id, but some have a similar one."""

    template = N_("Мероприятия «{measure}» нет в программе. Может быть, {near}?")
    stable_code = "unknown-measure"


class NumberIsNoId(UnknownMeasure):
    """No measure has this id, but it is printed as the number of one or several."""

    template = N_("Номер «{measure}» стоит у {known}: в команде пишут обозначение, а не номер.")
    stable_code = "unknown-measure"


class NoSuchSection(KvartalError):
    """The programme has no section of this number."""

    template = N_("Раздела «{number}» нет в программе. Есть: {known}.")


class NoSectionsYet(NoSuchSection):
    """A section is named in a programme that has none."""

    template = N_("Раздела «{number}» нет: в программе ещё нет разделов.")
    stable_code = "no-such-section"


class NoSuchChannel(KvartalError):
    """The programme has no channel of this number."""

    template = N_("Канала обслуживания «{number}» нет в программе. Есть: {known}.")


class NoChannelsYet(NoSuchChannel):
    """A channel is named in a programme that has none."""

    template = N_("Канала обслуживания «{number}» нет: в программе ещё нет каналов.")
    stable_code = "no-such-channel"


def measure_argument(function: Function) -> Function:
    """Give a command the argument ID: one measure."""
    argument = click.argument("measure", metavar="ID", shell_complete=complete_measures)
    return argument(function)


def measures_argument(function: Function) -> Function:
    """Give a command the argument ID…: one or more measures."""
    argument = click.argument(
        "measures", metavar="ID…", nargs=-1, required=True, shell_complete=complete_measures
    )
    return argument(function)


def optional_measure_argument(function: Function) -> Function:
    """Give a command the argument [ID]: one measure or none."""
    argument = click.argument(
        "measure", metavar="[ID]", required=False, shell_complete=complete_measures
    )
    return argument(function)


def typed_id(plan: Plan, typed: str) -> Measure | None:
    """Return a measure by its id as typed; None where there is none."""
    return plan.by_id.get(typed.strip()) or plan.by_id.get(normalised(typed).strip())


def find_measure(plan: Plan, typed: str) -> Measure:
    """Return a measure by its id as typed.

    Raises:
        UnknownMeasure: There is none; those of this number or with similar ids are named, if there
            are any.
    """
    measure = typed_id(plan, typed)
    if measure is not None:
        return measure
    numbered = _ids_numbered(plan, typed)
    if numbered:
        raise NumberIsNoId(measure=typed, known=", ".join(numbered))
    near = similar_names(typed, plan.by_id)
    if near:
        raise NoSuchMeasure(measure=typed, near=near)
    raise UnknownMeasure(measure=typed)


def meant_ids(plan: Plan, typed: Iterable[str]) -> list[str]:
    """Return the ids of the measures that a change is about, each once.

    People type the number they see on the screen, so an id that is also the printed number of
    another measure is taken, with a note that names that measure.

    Raises:
        UnknownMeasure: There is no measure of one of the ids.
    """
    found = {find_measure(plan, one).id: one for one in typed}
    for one in found.values():
        report_other_measures(plan, one)
    return list(found)


def report_other_measures(plan: Plan, typed: str) -> None:
    """Name the measures that have as their number what was typed as the id of another one."""
    measure = typed_id(plan, typed)
    # Rows that continue one another share their number, and the first one's id is made of it.
    if measure is None or measure.number == normalised(typed).strip():
        return
    numbered = _ids_numbered(plan, typed)
    if numbered:
        text = _(
            "«{id}» понято как обозначение (ID): это мероприятие под номером {number}. Если нужно "
            "то, что под номером «{id}», укажите {others}."
        )
        fields = {"id": measure.id, "number": measure.number, "others": ", ".join(numbered)}
        print_stderr(f"kvartal: {text.format(**fields)}")


def _ids_numbered(plan: Plan, typed: str) -> list[str]:
    """Return the ids of the measures that have a text as their number."""
    number = normalised(typed).strip()
    return [one.id for one in plan.measures if one.number == number]


def require_section(plan: Plan, number: str) -> None:
    """Refuse a section that the programme does not have.

    Raises:
        NoSuchSection: Names the existing ones.
    """
    known = list(plan.all_sections)
    if not known:
        raise NoSectionsYet(number=number)
    if number not in known:
        raise NoSuchSection(number=number, known=", ".join(known))


def require_channel(plan: Plan, number: str) -> None:
    """Refuse a channel that the programme does not have.

    Raises:
        NoSuchChannel: Names the existing ones.
    """
    if not plan.channels:
        raise NoChannelsYet(number=number)
    if number not in plan.channels:
        raise NoSuchChannel(number=number, known=", ".join(plan.channels))


def complete_measures(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Return the ids of measures that begin with this, with their proposals."""
    del param
    measures = (measure for plan in _plans(ctx) for measure in plan.measures)
    return completion_items(
        (measure.id, measure.title) for measure in measures if measure.id.startswith(incomplete)
    )


def complete_channels(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Return the numbers of channels that begin with this, with their titles."""
    del param
    return _numbered((one for plan in _plans(ctx) for one in plan.channels.values()), incomplete)


def complete_sections(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Return the numbers of sections that begin with this, with their titles."""
    del param
    sections = (one for plan in _plans(ctx) for one in plan.all_sections.values())
    return _numbered(sections, incomplete)


def completion_items(words: Iterable[tuple[str, str]]) -> "list[CompletionItem]":
    """Return words, each with its explanation, as a shell is answered with them."""
    from click.shell_completion import CompletionItem

    from kvartal.tui.presentation.sanitize import shown

    return [CompletionItem(word, help=shown(text)[:LONGEST_HELP]) for word, text in words]


def _numbered(places: Iterable[Section | Channel], incomplete: str) -> "list[CompletionItem]":
    return completion_items(
        (place.number, place.title) for place in places if place.number.startswith(incomplete)
    )


def _plans(ctx: click.Context) -> tuple[Plan, ...]:
    """Return the programmes; none if they cannot be read: a shell has no place to show why."""
    try:
        selection = selected_plans(ctx.ensure_object(CommonOptions))
        return tuple(open_plan(path).read().plan for path in selection.paths)
    except KvartalError:
        return ()
