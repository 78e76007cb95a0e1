"""What happens in the history of `chronicle.py`, from the first commit to the last."""

from kvartal.history.sync.divergence import Side
from tests.audit.chronicle import (
    ACT,
    ANNA,
    ATTRIBUTES,
    BEGINNING,
    IVAN,
    OTHER,
    PLAN,
    REPORT,
    Chronicle,
    Told,
    evidence,
)

ACT_FILE = "plan/evidence/2024/1.1.2/акт.pdf"
REPORT_FILE = "plan/evidence/2024/1.1.1/отчёт.pdf"


def tell(told: Chronicle) -> None:
    """Write all commits."""
    _honest_work(told)
    _undone_and_restored(told)
    _outside_the_program(told)
    _under_false_messages(told)
    _facts_out_of_time(told)
    _evidence_out_of_place(told)
    _merges(told)
    _accepted(told)
    _begun_again(told)
    _broken_under_a_message(told)
    _merged_in_another_order(told)
    _evidence_lost(told)
    _committed_by_others(told)
    _merged_over_a_broken_base(told)
    told.finish()


def _honest_work(told: Chronicle) -> None:
    """One change of each kind, as the program makes it."""
    told.write(
        {PLAN: BEGINNING.encode(), "README": b"x\n"}, "Программа на 2024 год\n", _at("01-09")
    )
    told.change(
        "set", 'measures/0/responsible = "Отдел" & measures/1/notes = "Срочно"', _at("01-10")
    )
    told.change(
        "add",
        'measures/4 = {"id": "2.1", "section": "2", "number": "2.1", "proposal": "Чат-бот", '
        '"term": {"text": "ноябрь 2024", "start": "2024-11-01", "due": "2024-11-30"}}',
        _at("01-11"),
    )
    told.change(
        "copy",
        'measures/5 = {"id": "2.1-2", "section": "2", "number": "2.1", "proposal": "Чат-бот", '
        '"term": {"text": "ноябрь 2024", "start": "2024-11-01", "due": "2024-11-30"}}',
        _at("01-12"),
    )
    told.change("move", 'measures/5/number = "2.2" & measures/5/section = "1"', _at("01-13"))
    told.change("remove", "measures/5", _at("01-14"), who=IVAN)
    told.change(
        "structure",
        'sections/0/title = "Очное обслуживание" & sections/0/channels/1/number = "1.3" & '
        'measures/2/channel = "1.3"',
        _at("01-15"),
    )
    told.change(
        "record",
        'measures/0/records = [{"quarter": 1, "date": "2024-03-29", "result": "Куплено", '
        f'"values": [{{"period": "2024-Q1", "value": 96.5}}], "evidence": {{"files": '
        f'[{evidence("1.1.1/отчёт.pdf", REPORT)}], "links": ["https://tests.example/1"]}}}}]',
        _at("03-30"),
        files={**ATTRIBUTES, REPORT_FILE: REPORT},
    )
    told.change(
        "correct",
        'measures/0/records/0/date = "2024-03-28" & measures/0/records/0/values/0/value = 97',
        _at("04-02"),
    )
    told.change(
        "postpone",
        'measures/2/postponements = [{"date": "2024-04-03", "to": {"text": "3 квартал 2024", '
        '"quarters": [3]}, "reason": "Нет группы", "basis": "Приказ № 3"}]',
        _at("04-03"),
    )
    told.change(
        "cancel",
        'measures/4/cancelled = {"date": "2024-04-04", "reason": "Нет денег"}',
        _at("04-04"),
    )
    told.change(
        "import",
        "measures/2/budget/fact = 90.5 & "
        'measures/3/records = [{"quarter": 1, "date": "2024-03-31"}]',
        _at("04-05"),
    )
    told.change("edit", 'document/code = "П-1/2024"', _at("04-06"), reason="Опечатка → исправлена")
    told.change(
        "record",
        'measures/1/records = [{"quarter": 2, "date": "2024-06-28", "complete": true, "evidence": '
        '{"documents": [{"title": "Акт", "number": "12", "date": "2024-06-28"}], "files": '
        f"[{evidence('1.1.2/акт.pdf', ACT)}]}}}}]",
        _at("06-28"),
        files={ACT_FILE: ACT},
        who=IVAN,
    )


def _undone_and_restored(told: Chronicle) -> None:
    before = _last(told)
    changed = told.change("set", 'measures/3/proposal = "Новый сайт"', _at("07-01"))
    undone = told.undo(changed, before, _at("07-02"), reason="Рано")
    told.undo(undone, changed, _at("07-03"), kind="redo", subject=changed.subject)
    told.change("set", 'measures/3/proposal = "Сайт"', _at("07-04"), reverts=told.commits[1])
    # What it says that it takes back is none of its own.
    told.undo(told.commits[1], changed, _at("07-05"))
    told.change("set", 'measures/3/notes = "Б"', _at("07-06"), reverts=told.commits[2])


def _outside_the_program(told: Chronicle) -> None:
    told.rewrite("proposal: Пандус", "proposal: Пандусы", "Правка", _at("07-08"))
    noted = told.rewrite("notes: Срочно", "notes: Не срочно", "Ещё правка\n", _at("07-09"))
    message = f'Revert "Ещё правка"\n\nThis reverts commit {noted.id}.\n'
    told.rewrite("notes: Не срочно", "notes: Срочно", message, _at("07-10"))
    told.rewrite("language: ru", "language: [", "Сломано", _at("07-11"))
    told.rewrite("language: [", "language: ru", "Починено", _at("07-11", "11"))
    told.rewrite('due: "2024-06-28"', 'due: "2024-06-32"', "Срок", _at("07-12"))
    told.rewrite('due: "2024-06-32"', 'due: "2024-06-28"', "Срок", _at("07-12", "11"))
    told.rewrite(
        "# Решение правления", "# Решение директора", "Комментарий", _at("07-13"), who=IVAN
    )


def _under_false_messages(told: Chronicle) -> None:
    told.change(
        "set", 'measures/1/notes = "Да"', _at("07-15"), unstated='measures/0/result = "Готова"'
    )
    told.change(
        "set",
        'measures/1/notes = "Нет"',
        _at("07-16"),
        alter=lambda text: text.replace("Нет", "Ага"),
    )
    told.change(
        "set",
        'measures/1/notes = "Да"',
        _at("07-17"),
        alter=lambda text: text.replace("Kvartal-Measure: 1.1.2", "Kvartal-Measure: 1.1.1"),
    )
    told.change("move", 'measures/1/notes = "Опять"', _at("07-18"))
    told.change("record", 'measures/1/notes = "Снова"', _at("07-19"))
    told.change(
        "set",
        'measures/1/notes = "Ещё"',
        _at("07-20"),
        alter=lambda text: f"{text}Kvartal-Until: 2025-01-01\n",
    )
    told.change(
        "set", 'measures/2/term = {"text": "3 квартал 2024", "quarters": [2]}', _at("07-21")
    )
    told.write(
        {**_last(told).files, "README": b"y\n"},
        "1.1.1: изменено: примечания\n\nKvartal-Change: set\nKvartal-Measure: 1.1.1\n",
        _at("07-22"),
    )
    last = _last(told)
    text = last.files[PLAN].decode().replace("  - id: V-1", "  # Согласовано\n  - id: V-1")
    text = text.replace("notes: Ещё", "notes: Нет")
    told.write(
        {**last.files, PLAN: text.encode()},
        "1.1.2: изменено: примечания\n\nМероприятие 1.1.2. Пандусы\nПримечания: Ещё → Нет\n\n"
        "Kvartal-Change: set\nKvartal-Measure: 1.1.2\n",
        _at("07-23"),
    )


def _facts_out_of_time(told: Chronicle) -> None:
    told.change(
        "record",
        'measures/0/records/1 = {"quarter": 2, "date": "2024-06-20", "complete": true}',
        _at("08-01"),
    )
    told.change(
        "record",
        'measures/3/records/1 = {"quarter": 2, "date": "2024-04-01", "reason": "Болезнь"}',
        _at("08-02"),
    )
    told.change(
        "record",
        'measures/3/records/2 = {"quarter": 3, "date": "2024-09-09", "evidence": {"documents": '
        '[{"title": "Акт", "date": "2024-10-01"}]}}',
        _at("08-03"),
    )
    told.change(
        "import", 'measures/3/records/3 = {"quarter": 1, "date": "2024-02-02"}', _at("08-04")
    )
    told.change("set", "measures/0/indicator/target = 90", _at("08-05"))
    told.change(
        "record",
        'measures/0/records/2 = {"quarter": 3, "date": "2024-08-05", "values": [{"period": '
        '"2024-Q3", "value": 92}]}',
        _at("08-06"),
    )
    told.change("set", "measures/0/indicator/target = 95", _at("08-07"))
    told.change("set", 'measures/3/notes = "В"', _at("08-09"), committed=_at("08-08"))
    told.change("set", 'measures/3/notes = "Г"', _at("08-01"), committed=_at("08-20"))
    told.change("set", 'measures/3/notes = "Д"', _at("08-10"), who=IVAN)
    told.change(
        "record",
        'measures/3/records/4 = {"quarter": 2, "date": "2024-06-29"}',
        _at("06-30"),
        committed=_at("08-20", "11"),
    )
    told.change("set", 'measures/3/notes = "Е"', _at("08-20", "12"), who=IVAN, committer=ANNA)


def _evidence_out_of_place(told: Chronicle) -> None:
    last = _last(told)
    told.write({**last.files, ACT_FILE: OTHER}, "Скан получше", _at("08-21"))
    told.write({**last.files, ACT_FILE: ACT}, "Как было", _at("08-22"))
    told.write(
        {path: content for path, content in last.files.items() if path != REPORT_FILE},
        "Лишнее",
        _at("08-23"),
    )
    told.change(
        "correct",
        f"measures/1/records/0/evidence/files/0 = {evidence('1.1.2/акт.pdf', OTHER)}",
        _at("08-24"),
        files={ACT_FILE: OTHER, REPORT_FILE: REPORT},
    )

    told.edit_outside(
        f"measures/1/records/0/evidence/files/0 = {evidence('1.1.2/акт.pdf', REPORT)}",
        "Другой скан",
        _at("08-25"),
        {ACT_FILE: REPORT},
    )


def _merges(told: Chronicle) -> None:
    base = _last(told)
    ours = told.change("set", 'measures/0/notes = "Наше" & measures/3/notes = "Одно"', _at("09-01"))
    told.last = base
    theirs = told.change(
        "set", 'measures/0/notes = "Их" & measures/2/notes = "Другое"', _at("09-02"), who=IVAN
    )
    merged = told.merge(base, ours, theirs, _at("09-03"), sides=[Side.THEIRS])
    ours = told.change("set", 'measures/0/notes = "Наше"', _at("09-04"))
    told.last = merged
    theirs = told.change("set", 'measures/0/notes = "Новое"', _at("09-05"), who=IVAN)
    chosen = told.merge(
        merged,
        ours,
        theirs,
        _at("09-06"),
        sides=[Side.OURS],
        alter=lambda text: text.replace("«Наше»", "«Новое»"),
    )
    ours = told.change("set", 'measures/3/notes = "Два"', _at("09-07"))
    told.last = chosen
    theirs = told.change("set", 'measures/2/notes = "Три"', _at("09-08"), who=IVAN)
    honest = told.merge(chosen, ours, theirs, _at("09-09"), message="Merge branch 'other'\n")
    ours = told.change("set", 'measures/3/notes = "Четыре"', _at("09-10"))
    told.last = honest
    theirs = told.change("set", 'measures/2/notes = "Пять"', _at("09-11"), who=IVAN)
    told.merge(
        honest,
        ours,
        theirs,
        _at("09-12"),
        message="Merge branch 'other'\n",
        unstated='measures/1/responsible = "Никто" & document/title = "Иное"',
    )


def _accepted(told: Chronicle) -> None:
    by_hand = next(one for one in told.commits if one.subject == "Правка")
    noted = next(one for one in told.commits if one.subject == "Ещё правка")
    broken = next(one for one in told.commits if one.subject == "Сломано")
    told.accept("by-hand", by_hand, _at("09-20"), "1.1.2")
    told.accept("by-hand", noted, _at("09-21"), "1.1.2", until="2024-10-01")
    told.accept("broken-version", broken, _at("09-22"), reason="")
    told.accept("by-hand", broken, _at("09-23"), told=f"backdated:{'0' * 12}")
    told.accept("backdated", told.commits[0], _at("09-24"), who=ANNA)


def _begun_again(told: Chronicle) -> None:
    last = _last(told)
    rest = {path: content for path, content in last.files.items() if path != PLAN}
    told.write(rest, "Убрано", _at("09-25"))
    told.write(last.files, "Возвращено", _at("09-26"))


def _broken_under_a_message(told: Chronicle) -> None:
    """A message of the program over a file that cannot be read, and over the mending of it."""
    last = _last(told)
    for old, new, hour in (("ru", "[", "10"), ("[", "ru", "11")):
        text = last.files[PLAN].decode().replace("language: ru", f"language: {new}")
        told.write(
            {**last.files, PLAN: text.encode()},
            f"1.1.2: примечания: {old} → {new}\n\nМероприятие 1.1.2. Пандусы\n"
            f"Примечания: {old} → {new}\n\nKvartal-Change: set\nKvartal-Measure: 1.1.2\n",
            _at("09-27", hour),
        )


def _merged_in_another_order(told: Chronicle) -> None:
    """Merges that put records and documents in an order of their own, with a choice or without."""
    documents = '{"documents": [{"title": "Акт", "number": "1"}, {"title": "Акт", "number": "2"}]}'
    base = told.change(
        "record",
        f'measures/2/records = [{{"quarter": 3, "date": "2024-09-27", "evidence": {documents}}}]',
        _at("09-28"),
    )
    late = '{"quarter": 3, "date": "2024-09-28", "result": "Один"}'
    later = '{"quarter": 3, "date": "2024-09-29", "result": "Два"}'
    ours = told.change("record", f"measures/2/records/1 = {late}", _at("09-29"))
    told.last = base
    theirs = told.change("record", f"measures/2/records/1 = {later}", _at("09-29", "11"), who=IVAN)
    turned = documents.replace('"1"', '"0"').replace('"2"', '"1"').replace('"0"', '"2"')
    first = f'{{"quarter": 3, "date": "2024-09-27", "evidence": {turned}}}'
    merged = told.merge(
        base,
        ours,
        theirs,
        _at("09-29", "12"),
        sides=[],
        unstated=f"measures/2/records = [{later}, {first}, {late}]",
    )
    ours = told.change("correct", 'measures/2/records/2/result = "Раз"', _at("09-30"))
    told.last = merged
    theirs = told.change(
        "correct", 'measures/2/records/2/result = "1"', _at("09-30", "11"), who=IVAN
    )
    told.merge(
        merged,
        ours,
        theirs,
        _at("09-30", "12"),
        sides=[Side.THEIRS],
        unstated=f"measures/2/records = [{first}, {late.replace('Один', '1')}, {later}]",
    )


def _evidence_lost(told: Chronicle) -> None:
    """A fault of the evidence that stays, with a commit after it."""
    last = _last(told)
    rest = {path: content for path, content in last.files.items() if path != REPORT_FILE}
    told.write(rest, "Лишнее", _at("10-01"))
    told.change("set", 'measures/3/notes = "Ж"', _at("10-02"))


def _committed_by_others(told: Chronicle) -> None:
    """Committers who are forges, by their name or by their mailbox, and one who is none."""
    for at, committer in enumerate(
        (
            "GitHub <merges@forge.example>",
            "Сервер <123+NoReply@forge.example>",
            "Сервер <no-reply@forge.example>",
            "Сервер <web-flow@forge.example>",
            "Сервер <reply@noreply.example>",
        )
    ):
        told.change(
            "set", f'measures/3/notes = "{at}"', _at(f"10-{at + 3:02}"), committer=committer
        )


def _merged_over_a_broken_base(told: Chronicle) -> None:
    """A merge of two sides that mended alike what cannot be read in their base."""
    whole = _last(told)
    text = whole.files[PLAN].decode().replace("language: ru", "language: [")
    base = told.write({**whole.files, PLAN: text.encode()}, "Сломано", _at("10-10"))
    # With a file of each side the merge is looked at.
    mine, yours = ({f"plan/evidence/2024/{name}.txt": b"x\n"} for name in ("а", "б"))
    ours = told.write({**whole.files, **mine}, "Починено", _at("10-11"))
    told.last = base
    theirs = told.write({**whole.files, **yours}, "Починено", _at("10-11", "11"), who=IVAN)
    files = {**whole.files, **mine, **yours}
    told.write(files, "Merge branch 'other'\n", _at("10-12"), parents=(ours, theirs))


def _last(told: Chronicle) -> Told:
    assert told.last is not None
    return told.last


def _at(day: str, hour: str = "10") -> str:
    return f"2024-{day}T{hour}:00:00+03:00"
