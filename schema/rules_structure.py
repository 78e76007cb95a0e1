"""Rules about numbers and references between sections, channels and measures."""

from collections.abc import Iterator
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.rule import Rule, Subject, Violation, repeated


def _id_duplicate(subject: Subject) -> Iterator[Violation]:
    """An id is given to one measure only."""
    yield from repeated([(("measures", index, "id"), name) for index, name in subject.ids])


def _id_number_mismatch(subject: Subject) -> Iterator[Violation]:
    """An id is the number of its row, or for a continuing row the number with a suffix."""
    for path, measure in subject.measures():
        if measure.id.partition("-")[0] != measure.number:
            yield (*path, "id"), {"id": measure.id, "number": measure.number}


def _section_duplicate(subject: Subject) -> Iterator[Violation]:
    """No two sections have the same number."""
    yield from repeated(
        [
            (("sections", index, "number"), section.number)
            for index, section in enumerate(subject.plan.sections)
        ]
    )


def _channel_duplicate(subject: Subject) -> Iterator[Violation]:
    """No two channels have the same number, in whichever sections."""
    yield from repeated(
        [
            (("sections", outer, "channels", inner, "number"), channel.number)
            for outer, section in enumerate(subject.plan.sections)
            for inner, channel in enumerate(section.channels)
        ]
    )


def _channel_section_mismatch(subject: Subject) -> Iterator[Violation]:
    """A channel's number begins with its section's."""
    for outer, section in enumerate(subject.plan.sections):
        for inner, channel in enumerate(section.channels):
            if channel.number.partition(".")[0] != section.number:
                path = ("sections", outer, "channels", inner, "number")
                yield path, {"channel": channel.number, "section": section.number}


def _channel_unknown(subject: Subject) -> Iterator[Violation]:
    """A measure's channel is one of those in the sections."""
    for path, measure in subject.measures() if subject.has_sections else ():
        if measure.channel not in subject.plan.channels:
            yield (*path, "channel"), {"id": measure.id, "channel": measure.channel}


def _number_channel_mismatch(subject: Subject) -> Iterator[Violation]:
    """A measure's number begins with its channel's."""
    for path, measure in subject.measures():
        if measure.number.rpartition(".")[0] != measure.channel:
            yield (*path, "number"), {"number": measure.number, "channel": measure.channel}


def _actions_from_unknown(subject: Subject) -> Iterator[Violation]:
    """The measure whose cell is shared is in the programme."""
    for path, measure in subject.measures():
        if measure.actions_from is not None and subject.is_unknown(measure.actions_from):
            yield (*path, "actions_from"), {"id": measure.id, "other": measure.actions_from}


def _actions_from_chain(subject: Subject) -> Iterator[Violation]:
    """The measure whose cell is shared does not share another's."""
    by_id = subject.plan.by_id
    for path, measure in subject.measures():
        other = by_id.get(measure.actions_from) if measure.actions_from is not None else None
        if other is not None and other.actions_from is not None:
            yield (*path, "actions_from"), {"id": measure.id, "other": other.id}


def _same_work_unknown(subject: Subject) -> Iterator[Violation]:
    """A measure that is the same work is a different one, and in the programme."""
    for path, measure in subject.measures():
        for index, other in enumerate(measure.same_work):
            if other == measure.id or subject.is_unknown(other):
                yield (*path, "same_work", index), {"id": measure.id, "other": other}


STRUCTURE_RULES: Final = (
    Rule(
        code="id-duplicate",
        template=N_("Обозначение «{name}» уже занято другим мероприятием. Дайте этому своё."),
        source="design 4: an id is given once",
        check=_id_duplicate,
    ),
    Rule(
        code="id-number-mismatch",
        template=N_(
            "Обозначение «{id}» не соответствует номеру «{number}»: нужно {number}, а для "
            "строки-продолжения {number}-2, {number}-3 и дальше."
        ),
        source="design 4: ids of continuing rows",
        check=_id_number_mismatch,
    ),
    Rule(
        code="section-duplicate",
        template=N_("Раздел с номером «{name}» уже есть. Исправьте номер."),
        source="the table: sections are numbered",
        check=_section_duplicate,
    ),
    Rule(
        code="channel-duplicate",
        template=N_("Канал с номером «{name}» уже есть. Исправьте номер."),
        source="the table: channels are numbered",
        check=_channel_duplicate,
    ),
    Rule(
        code="channel-section-mismatch",
        template=N_(
            "Канал «{channel}» стоит в разделе «{section}». Исправьте номер канала или "
            "перенесите его в свой раздел."
        ),
        source="the table: a channel's number begins with its section's",
        check=_channel_section_mismatch,
    ),
    Rule(
        code="channel-unknown",
        template=N_(
            "{id}: канала «{channel}» нет в разделах программы. Исправьте номер канала или "
            "добавьте канал в sections."
        ),
        source="design 4: a measure is a row under a channel",
        check=_channel_unknown,
    ),
    Rule(
        code="number-channel-mismatch",
        template=N_(
            "Номер «{number}» не начинается с номера канала «{channel}». Исправьте номер или канал."
        ),
        source="the table: a row's number begins with its channel's",
        check=_number_channel_mismatch,
    ),
    Rule(
        code="actions-from-unknown",
        template=N_(
            "{id}: мероприятия «{other}», с которым общие действия, нет в программе. Исправьте "
            "обозначение или напишите действия в actions."
        ),
        source="design 4: 2.2.1 shares one cell over three rows",
        check=_actions_from_unknown,
    ),
    Rule(
        code="actions-from-chain",
        template=N_(
            "{id}: у мероприятия «{other}» нет своих действий. Укажите то, у которого они "
            "записаны в actions."
        ),
        source="design 4: 2.2.1 shares one cell over three rows",
        check=_actions_from_chain,
    ),
    Rule(
        code="same-work-unknown",
        template=N_(
            "{id}: «{other}» не другое мероприятие этой программы. Исправьте обозначение или "
            "уберите его из same_work."
        ),
        source="design 4: links between measures that are the same work",
        check=_same_work_unknown,
    ),
)
