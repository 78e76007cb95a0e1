"""A sign that is refused: what the sentence advises is what the schema then takes."""

from pathlib import Path

import pytest

from tests.support.plans import check_file, measure, plan_file


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff"])
def test_an_escape_is_advised_where_the_schema_takes_it(tmp_path: Path, sign: str) -> None:
    plan = plan_file(tmp_path, [measure(1, notes=f"а{sign}б")])
    is_taken = check_file(plan) == ()
    escape = f"\\u{ord(sign):04x}"
    text = plan.read_text(encoding="utf-8")
    assert escape in text
    plan.write_text(text.replace(escape, sign), encoding="utf-8", newline="")
    [problem] = check_file(plan)
    assert problem.code == "yaml-control-character"
    assert (f"U+{ord(sign):04X}" in problem.message()) is True
    assert ("запишите в двойных кавычках как" in problem.message()) is is_taken
