"""Evidence files that were altered or deleted are reported on the card, F8 and F6, and put back."""

from pathlib import Path

import pytest

from kvartal.history.store import evidence_watch
from kvartal.history.store.evidence_watch import EvidenceWatch
from kvartal.history.store.files import file_digest
from kvartal.history.store.ledger import Ledger
from tests.support.repository import record_with_file
from tests.support.screens import SMALL, opened, programme_at

BANNER = "Подтверждающие файлы — файл изменён: 1, файла нет: 1. F8 — какие, F6 — вернуть."


async def test_altered_and_missing_files_are_told_and_put_back(
    programme: Path, tmp_path: Path
) -> None:
    ledger = Ledger(programme)
    for measure, name in (("1.1.1", "Приказ.pdf"), ("1.1.2", "Акт.pdf")):
        source = tmp_path / name
        source.write_bytes(name.encode())
        change, attachments = record_with_file(ledger.read().data, programme, source, measure)
        ledger.apply(ledger.read(), change, attachments)
    order, act = sorted((programme.parent / "evidence").rglob("*.pdf"))
    async with opened(programme, size=SMALL, programme=programme_at(programme, "п")) as stage:
        await stage.press("f8")
        assert "Ошибок в файле нет. Подтверждающие файлы целы: 2." in stage.words()
        await stage.press("f6")
        assert "файл и история согласны. Подтверждающие файлы целы: 2." in stage.words()
        await stage.press("escape", "down", "enter")
        assert "файл цел" in stage.line("Акт.pdf")

        act.write_bytes(b"other" + act.read_bytes()[5:])  # of the same size
        order.unlink()
        await stage.press("f5")
        assert BANNER in stage.words()
        assert "файл изменён" in stage.line("Акт.pdf")
        assert "подтверждение: файл изменён" in stage.line("Состояние")
        await stage.press("left")
        assert "файла нет" in stage.line("Приказ.pdf")

        await stage.press("f8")
        assert f"файла «evidence/2024/1.1.1/{order.name}» нет на месте" in stage.words()
        assert "Верните его из истории (F6) или уберите из отметки." in stage.words()
        assert f"файл «evidence/2024/1.1.2/{act.name}» не тот" in stage.words()
        await stage.press("f6")
        assert "Вернуть подтверждающие файлы из истории?" in stage.words()
        await stage.press("f2")
        assert order.read_bytes() == "Приказ.pdf".encode()
        assert act.read_bytes() == "Акт.pdf".encode()
        assert "Подтверждающие файлы —" not in stage.words()
        assert "файл цел" in stage.line("Приказ.pdf")
        assert "возвращены из истории: 2. Копии изменённых лежат в " in stage.words()
    (copy,) = (programme.parent.parent / ".git" / "kvartal" / "aside").iterdir()
    assert copy.read_bytes().startswith(b"other")


def test_a_file_is_hashed_once_while_it_stays_as_it_is(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(programme)
    for number in range(3):
        source = tmp_path / f"акт {number}.pdf"
        source.write_bytes(bytes([number]) * 10)
        change, attachments = record_with_file(
            ledger.read().data, programme, source, f"1.1.{number + 1}"
        )
        ledger.apply(ledger.read(), change, attachments)
    snapshot, hashed = ledger.read(), []

    def seen(place: Path) -> str | None:
        hashed.append(place.name)
        return file_digest(place)

    monkeypatch.setattr(evidence_watch, "file_digest", seen)
    watch = EvidenceWatch()
    # Without time to spare, one file a look.
    assert [watch.check(snapshot, 0).pending for _ in range(4)] == [2, 1, 0, 0]
    assert len(hashed) == 3
    changed = next((programme.parent / "evidence").rglob("*.pdf"))
    changed.write_bytes(b"x" * 10)
    report = watch.check(snapshot, 0)
    assert hashed[3:] == [changed.name]
    assert sorted(report.codes.values()) == ["", "", "evidence-altered"]
    (problem,) = report.problems
    assert problem.line is not None
