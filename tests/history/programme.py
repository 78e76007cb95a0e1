"""A small programme in the words of the real one, and what a coordinator does to it."""

from datetime import date

from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.measure import Document, EvidenceFile, IndicatorValue
from kvartal.schema.operations import add, cancel, postpone, record, remove, set_fields
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft

ACT = Document("Акт ввода", "12", date(2024, 9, 27))
ACT_FILE = EvidenceFile("evidence/2024/1.1.2/Акт ввода.pdf", 4096, "a3" * 32)


def measure(name: str, proposal: str, action: str, *quarters: int, **more: Plain) -> Plain:
    text = f"{quarters[0]} квартал 2024" if len(quarters) == 1 else "1-4 кварталы 2024"
    return {
        "id": name,
        "channel": name.rpartition(".")[0],
        "number": name,
        "proposal": proposal,
        "actions": [action],
        "term": {"text": text, "quarters": list(quarters)},
        "result": "Обеспечено исполнение",
        **more,
    }


OFFICES = "Сохранение центров обслуживания клиентов/ клиентских офисов"
QUEUE = "Увеличение количества систем электронной очереди, установленных в ЦОК/ КО"
INSTALL = "Установка системы электронной очереди в ЦОК «Пригородный» ТО «Центральное» (1 терминал)"
TEACHING = "Проведение обучения сотрудников в части выполнения энергосбытовой функции"
REPAIRS = "Осуществление текущего ремонта зданий/ помещений ЦОК/ КО"
CALLS = "Обеспечение индекса качества работы операторов контактного центра не менее 95%"
YEAR = (1, 2, 3, 4)

PROGRAMME: PlanData = {
    "year": 2024,
    "language": "ru",
    "document": {
        "organization": "АО «Алтайэнергосбыт»",
        "title": "Программа мероприятий",
        "approval": {"date": "2023-09-28", "number": "№АЭС/593"},
    },
    "sections": [
        {
            "number": "1",
            "title": "ОЧНОЕ ОБСЛУЖИВАНИЕ",
            "channels": [
                {"number": "1.1", "title": "Офис обслуживания клиентов В2В"},
                {"number": "1.2", "title": "Офис обслуживания клиентов В2С"},
            ],
        }
    ],
    "measures": [
        measure("1.1.1", f"{OFFICES} в текущем количестве", OFFICES, *YEAR),
        measure("1.1.2", QUEUE, INSTALL, 3),
        measure("1.1.3", TEACHING, "Организация обучения сотрудников", *YEAR),
        measure("1.1.4", REPAIRS, "Проведение ремонтных работ", *YEAR),
        measure("1.2.1", f"{OFFICES} в текущем количестве", OFFICES, *YEAR),
        measure("1.2.2", QUEUE, INSTALL, 3),
        measure(
            "2.2.1",
            CALLS,
            "Организация контроля",
            *YEAR,
            indicator={
                "name": "Индекс качества",
                "unit": "%",
                "direction": "not_less",
                "target": 95,
                "period": "month",
            },
        ),
    ],
}


def completed() -> Change:
    """1.1.2 is done: an act, with its file."""
    draft = RecordDraft(
        CalendarQuarter(2024, 3),
        date(2024, 9, 27),
        complete=True,
        result="Терминал работает",
        documents=(ACT,),
        files={"1.1.2": [ACT_FILE]},
    )
    return record(PROGRAMME, ["1.1.2"], draft)


def after(*changes: Change) -> PlanData:
    """Return the programme after some changes."""
    return apply_edits(PROGRAMME, [edit for change in changes for edit in change.edits])


def quarterly(*measures: str) -> Change:
    """The first quarter's record of some measures, with a report."""
    report = Document("Отчёт о работе", "7", date(2024, 3, 28))
    return record(
        PROGRAMME,
        measures,
        RecordDraft(CalendarQuarter(2024, 1), date(2024, 3, 28), documents=(report,)),
    )


def postponed() -> Change:
    """1.1.2 goes to the fourth quarter."""
    return postpone(
        PROGRAMME,
        "1.1.2",
        to="4 квартал 2024",
        reason="Поставщик задержал терминал",
        day=date(2024, 9, 10),
        basis="Приказ от 10.09.2024 № АЭС/611",
    )


def called_off() -> Change:
    """1.1.4 is taken off the plan."""
    reason = "Ремонт перенесён в программу 2025 года решением правления от 31.05.2024"
    return cancel(PROGRAMME, "1.1.4", reason=reason, day=date(2024, 6, 1))


def set_(name: str, **texts: str) -> Change:
    """Fields of a measure are set, dots in their names written as two underscores."""
    return set_fields(
        PROGRAMME, name, {key.replace("__", "."): text for key, text in texts.items()}
    )


def added() -> Change:
    """A new measure in channel 1.1."""
    row: dict[str, Plain] = {
        "channel": "1.1",
        "number": "1.1.5",
        "proposal": "Оборудование клиентских офисов пандусами для маломобильных клиентов",
        "actions": ["Обследование офисов", "Установка пандусов"],
        "term": {"text": "4 квартал 2024", "quarters": [4]},
        "result": "Офисы оборудованы пандусами",
    }
    return add(PROGRAMME, row)


def figures(*, reported: bool = False) -> Change:
    """The first quarter's figures of the call centre, with its report where there is one."""
    values = tuple(IndicatorValue(f"2024-0{month}", 95 + month / 10) for month in (1, 2, 3))
    report = (Document("Отчёт контактного центра", "4", date(2024, 4, 1)),) if reported else ()
    draft = RecordDraft(CalendarQuarter(2024, 1), date(2024, 4, 2), values=values, documents=report)
    return record(PROGRAMME, ["2.2.1"], draft)


def removed() -> Change:
    """1.2.2 is removed from the file."""
    return remove(PROGRAMME, "1.2.2")


def corrected() -> Change:
    """The date of the record of 1.1.2 is corrected."""
    path = ("records", 0, "date")
    return Change(ChangeKind.SET, (Edit("1.1.2", path, "2024-09-27", "2024-09-26"),))


def merged(kind: ChangeKind, *changes: Change) -> Change:
    """Several changes as one of another kind."""
    return Change(kind, tuple(edit for change in changes for edit in change.edits))


def approval() -> Change:
    """Manually: the number of the order, and a code that did not exist."""
    edits = (
        Edit("", ("document", "approval", "number"), "№АЭС/593", "№АЭС/594"),
        Edit("", ("document", "code"), MISSING, "ЛНА-0015-1"),
    )
    return Change(ChangeKind.EDIT, edits)
