"""Rules about numbers and references between sections, channels and measures."""

from collections.abc import Iterator
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import is_plan_path
from kvartal.schema.numbering import RESERVED_NAMES
from kvartal.schema.rule import Rule, Subject, Violation, repeated


def _id_duplicate(subject: Subject) -> Iterator[Violation]:
    """An id is given to one measure only; its folder on a disk may ignore case."""
    first: dict[str, str] = {}
    for index, name in subject.ids:
        if name.casefold() in first:
            yield ("measures", index, "id"), {"name": name}
        first.setdefault(name.casefold(), name)


def _id_reserved(subject: Subject) -> Iterator[Violation]:
    """An id is fit to be a folder's name on every system: its evidence lies there."""
    for path, measure in subject.measures():
        if measure.id.partition(".")[0].casefold() in RESERVED_NAMES:
            yield (*path, "id"), {"id": measure.id}


def _section_duplicate(subject: Subject) -> Iterator[Violation]:
    """No two sections have the same number, at whichever depth."""
    yield from repeated([((*path, "number"), one.number) for path, one in subject.sections()])


def _channel_duplicate(subject: Subject) -> Iterator[Violation]:
    """No two channels have the same number, in whichever sections."""
    yield from repeated(
        [
            ((*path, "channels", index, "number"), channel.number)
            for path, section in subject.sections()
            for index, channel in enumerate(section.channels)
        ]
    )


def _channel_unknown(subject: Subject) -> Iterator[Violation]:
    """A measure's channel is one of those in the sections."""
    for path, measure in subject.measures() if subject.has_sections else ():
        if measure.channel is not None and measure.channel not in subject.plan.channels:
            yield (*path, "channel"), {"id": measure.id, "channel": measure.channel}


def _section_unknown(subject: Subject) -> Iterator[Violation]:
    """A measure's section is one of those of the programme."""
    for path, measure in subject.measures() if subject.has_sections else ():
        if measure.section is not None and measure.section not in subject.plan.all_sections:
            yield (*path, "section"), {"id": measure.id, "section": measure.section}


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


def _carried_from_outside(subject: Subject) -> Iterator[Violation]:
    """The programme that a measure was carried over from is in the same repository."""
    for path, measure in subject.measures():
        origin = measure.carried_from
        if origin is not None and not is_plan_path(origin.plan):
            yield (*path, "carried_from", "plan"), {"id": measure.id, "path": origin.plan}


STRUCTURE_RULES: Final = (
    Rule(
        code="id-reserved",
        template=N_(
            "Обозначение «{id}» занято системой Windows: папки с таким именем там не бывает. "
            "Выберите другое."
        ),
        source="design 4: an id is fit for a folder's name",
        check=_id_reserved,
    ),
    Rule(
        code="id-duplicate",
        template=N_("Обозначение «{name}» уже занято другим мероприятием. Дайте этому своё."),
        source="design 4: an id is given once",
        check=_id_duplicate,
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
        code="channel-unknown",
        template=N_(
            "{id}: канала «{channel}» нет в разделах программы. Исправьте номер канала или "
            "добавьте канал в sections."
        ),
        source="design 4: a measure is a row under a channel",
        check=_channel_unknown,
    ),
    Rule(
        code="section-unknown",
        template=N_(
            "{id}: раздела «{section}» нет в программе. Исправьте номер раздела или добавьте "
            "раздел в sections."
        ),
        source="design 4: a measure may stand in a section itself",
        check=_section_unknown,
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
    Rule(
        code="carried-from-outside",
        template=N_(
            "{id}: путь «{path}» к прежней программе не ведёт к файлу в этом репозитории. Напишите "
            "путь от его корня через «/», например plan/2023.yaml."
        ),
        source="design 2.6: no paths that leave the programme's folder",
        check=_carried_from_outside,
        is_later=True,
    ),
)
