"""Whatever stands in a plan, a file name or a commit is shown literally and does nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.log.entry import CommitEntry
from kvartal.history.messages.trailers import parse_trailers
from kvartal.tui.presentation.repo_notice import RepoNotice
from kvartal.tui.widgets.card_view import CardView
from tests.support.plans import check_file, measure, plan_file
from tests.support.screens import LARGE, SMALL, Stage, StillProgramme, opened

HOSTILE = {
    "markup": "[b]жирный[/b] [/b] [@click=app.quit]нажми[/] [red on blue",
    "escape": "а\x1b[31mб\x1b]52;c;QQ==\x07в\x00",
    "bidi": "a\u202eb\u2066c\u200bd\u2028e\u00adf",
    "lines": "первая\r\nвторая\tтретья\nчетвёртая",
    "wide": "漢字" * 60,
    "braces": "{0} {имя} %s %(x)s \\n",
}


class TalkativeProgramme(StillProgramme):
    """Has a commit whose every word is data."""

    text = ""

    def recent(self, known: tuple[CommitEntry, ...] = ()) -> tuple[CommitEntry, ...]:
        if known or not self.text:
            return known
        trailers = parse_trailers("x\n\nKvartal-Change: set\nKvartal-Measure: 1.1.1\n")
        return (CommitEntry("0" * 40, (), self.text, self.text, self.text, self.text, trailers),)

    def entries(
        self, measure: str = "", *, revision: str = "HEAD", limit: int
    ) -> tuple[CommitEntry, ...]:
        del measure, revision, limit
        return self.recent()


def looked_through(stage: Stage) -> str:
    """Return what is on the terminal; fail on what would act there."""
    text = stage.text()
    assert not set(text) & set("\x1b\x07\x00\r\t\u202e\u2066\u200b\u2028\u00ad\ud800\udfff")
    for line in text.split("\n"):
        assert not line or line.isprintable()
    return text


def hostile(number: int, text: str) -> list[dict[str, Any]]:
    """Return a measure whose every text is this one, and two that refer to it."""
    whole = measure(
        number,
        proposal=text,
        actions=[text, text],
        result=text,
        responsible=[{"name": text, "role": text}, {"name": "Отдел"}],
        budget=[{"source": text, "plan": 1}],
        extra={"a": text, text[:99]: text},
        carried_from={"plan": text, "id": text},
        notes=text,
        indicator={
            "name": text,
            "unit": text[:20],
            "direction": "not_less",
            "target": 1,
            "period": "year",
        },
        term={"text": text},
        same_work=[text],
        postponements=[{"date": "2024-01-10", "to": {"text": text}, "reason": text}],
        records=[
            {
                "quarter": 1,
                "date": "2024-02-01",
                "result": text,
                "values": [{"period": text, "value": 5}],
                "evidence": {
                    "documents": [{"title": text, "number": text}],
                    "files": [{"path": text, "size": 1, "sha256": text}],
                    "links": [text],
                },
            }
        ],
    )
    named = {**measure(number), "id": text, "number": text, "actions": [text]}
    return [whole, named, measure(number + 50, actions_from=text)]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_it_is_shown_and_does_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    every = "".join(HOSTILE.values())
    rows = [row for at, text in enumerate(HOSTILE.values()) for row in hostile(at, text)]
    plan = plan_file(tmp_path, rows, title=every, organization=every, code=every)
    content = json.loads(plan.read_text(encoding="utf-8"))
    content["levels"] = [every, every]
    content["fields"] = [{"key": "a", "title": every, "type": "line"}]
    plan.write_text(json.dumps(content), encoding="utf-8")
    keeper = TalkativeProgramme(plan, every)
    keeper.text = every
    async with opened(plan, size=size, programme=keeper) as stage:
        stage.app.repo_notice = RepoNotice((every, every), can_repair=True)
        stage.app.say(every, trouble=True)
        await stage.settle()
        looked_through(stage)
        await stage.press("escape", "enter")
        for _row in rows:
            looked_through(stage)
            await stage.press("right")
        await stage.press("escape", "escape", "щ", "щ", "t", "down")
        looked_through(stage)
        for picker in ("л", "ц", "f10"):
            await stage.press(picker)
            looked_through(stage)
            await stage.press("escape")
        await stage.press("ц", "down", "down", "enter")
        looked_through(stage)
        await stage.press("escape", "escape", "f", "ж")
        looked_through(stage)
        await stage.press("escape", "home", "р")
        assert "История мероприятия" in looked_through(stage)
        assert not stage.app._exit


async def test_ten_kilobytes(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, hostile(1, "ы" * 10_000), organization="о" * 10_000)
    async with opened(plan, size=SMALL) as stage:
        assert f" {'о' * 59}… · Программа 2024" in looked_through(stage)
        await stage.press("enter", "end", "right")
        looked_through(stage)
    async with opened(plan, size=(60, 24)) as stage:
        assert f" {'о' * 39}… · Программа 2024" in stage.text()


@pytest.mark.parametrize(
    "very_many", [{"notes": "а\n" * 30_000}, {"actions": ["а"] * 6000}], ids=["lines", "steps"]
)
async def test_of_very_many_lines_the_card_holds_the_first(
    tmp_path: Path, very_many: dict[str, Any]
) -> None:
    async with opened(plan_file(tmp_path, [measure(1, **very_many)]), size=SMALL) as stage:
        await stage.press("enter", "end")
        card = stage.app.screen.query_one(CardView)
        assert 500 < card.virtual_size.height < 600
        assert "…" in stage.text()


async def test_what_is_not_text_is_reported_but_not_shown(tmp_path: Path) -> None:
    text = "\ud800 \udfff \x1b[31m [b]x[/]"
    plan = plan_file(tmp_path, hostile(1, text), title=text)
    async with opened(plan, size=SMALL, programme=StillProgramme(plan, text)) as stage:
        assert "Программа не открыта" in looked_through(stage)


async def test_markup_is_read_as_it_stands(tmp_path: Path) -> None:
    rows = [measure(1, actions=["[b]жирный[/b] [@click=app.quit]нажми[/]"])]
    async with opened(plan_file(tmp_path, rows)) as stage:
        assert stage.text().count("[b]жирный[/b] [@click=app.quit]нажми[/]") == 2
        await stage.pilot.click(offset=(75, 3))
        await stage.settle()
        assert not stage.app._exit


async def test_of_very_many_errors_the_first_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, [measure(1)])
    anchors = "".join(f"k{number}: &x 1\n" for number in range(2000))
    async with opened(plan, size=SMALL) as stage:
        problems = check_file(plan_file(tmp_path, [measure(1, extra=1)] * 150))
        stage.app.repo_notice = RepoNotice(("!",), problems=problems)
        await stage.press("f8", "end")
        assert f"Показаны первые 100, всего ошибок: {150 + 149}." in stage.text()
    plan.write_text(anchors, encoding="utf-8")
    async with opened(plan, size=SMALL) as stage:
        assert "Программа не открыта" in stage.text()
        await stage.press("end")
        assert "Показаны первые 100, всего ошибок: 2000." in stage.text()
