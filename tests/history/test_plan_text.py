"""A new plan file: canonical, read back as what it was made of."""

from pathlib import Path

import pytest

from kvartal.history.yaml_text.document import plan_text
from kvartal.history.yaml_text.loader import load

ROOT = Path(__file__).parents[2]
SCHEMA = "../schema/plan.schema.json"
SEED = ROOT / "plan/2024.yaml"
PLANS = [SEED, *sorted((ROOT / "tests/plans/whole").glob("*.yaml"))]


def test_the_shipped_plan_is_written_as_it_stands() -> None:
    """Down to the line, its opening comment included."""
    shipped = SEED.read_text(encoding="utf-8")
    comment = shipped.split("\n\n")[0].split("\n", 1)[1].replace("# ", "").replace("#", "")
    text = plan_text(load(shipped.encode(), SEED.name).data, schema=SCHEMA, comment=comment)
    assert text == shipped


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_it_is_read_back_as_what_it_was_made_of(path: Path) -> None:
    data = load(path.read_bytes(), path.name).data
    text = plan_text(data, schema=SCHEMA, comment="Первая строка\n\nТретья строка")
    assert load(text.encode(), path.name).data == data
    assert text.startswith("# yaml-language-server: $schema=../schema/plan.schema.json\n# Первая")
    assert "\n#\n# Третья строка\n\n" in text
