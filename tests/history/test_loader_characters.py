"""A refused control character: the advice in the message is what the schema accepts."""

from pathlib import Path

import pytest

from tests.support.plans import check_file, measure, plan_file


@pytest.mark.parametrize(
    "character", ["\x1b", "\x00", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff"]
)
def test_an_escape_is_advised_where_the_schema_accepts_it(tmp_path: Path, character: str) -> None:
    plan = plan_file(tmp_path, [measure(1, notes=f"а{character}б")])
    is_accepted = check_file(plan) == ()
    escape = f"\\u{ord(character):04x}"
    text = plan.read_text(encoding="utf-8")
    assert escape in text
    plan.write_text(text.replace(escape, character), encoding="utf-8", newline="")
    [problem] = check_file(plan)
    assert problem.code == "yaml-control-character"
    assert (f"U+{ord(character):04X}" in problem.message()) is True
    assert ("запишите в двойных кавычках как" in problem.message()) is is_accepted
