"""A text that needs a scroll bar is whole from the first time it is drawn."""

from pathlib import Path

from tests.support.plans import measure, plan_file
from tests.support.screens import SMALL, Seen, opened

BAR = str.maketrans("▁▂▃▄▅▆▇", "       ")

STEP = "Подготовка, согласование и утверждение перечня работ, отдел по обслуживанию клиентов"


async def test_a_long_card_is_whole_when_first_opened(tmp_path: Path) -> None:
    steps = [f"{STEP} {number}" for number in range(40)]
    plan = plan_file(tmp_path, [measure(1, actions=steps)])
    async with opened(plan, size=SMALL) as stage:
        await stage.press("enter")
        seen = Seen(stage.text().translate(BAR))
        assert " ".join(f"{at + 1}. {step}" for at, step in enumerate(steps[:5])) in seen
