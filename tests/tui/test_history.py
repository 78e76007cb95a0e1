"""The history screen where the programme that a measure was carried over from is not here."""

from pathlib import Path

import pytest

from kvartal.history.programme import Programme
from tests.support.plans import measure, plan_file
from tests.support.screens import SMALL, opened


async def test_the_history_says_why_it_shows_nothing_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Programme, "entries", lambda *_words, **_more: ())
    origin = {"plan": "plan/2023.yaml", "id": "3.2"}
    plan = plan_file(tmp_path, [measure(1, carried_from=origin), measure(2)])
    async with opened(plan, size=SMALL) as stage:
        await stage.press("р")
        assert "3.2 перешло из программы plan/2023.yaml, а её файла здесь нет" in stage.words()
        await stage.press("enter", "г", "escape", "down", "р")
        assert "Изменений ещё не было." in stage.text()
        assert "2023" not in stage.words()
