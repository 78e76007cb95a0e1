"""What is known of programmes of every shape, day by day, is what the golden file has."""

from tests.schema.standings import GOLDEN, standings


def test_programmes_stand_as_recorded() -> None:
    recorded = GOLDEN.read_text(encoding="utf-8").rstrip("\n")
    assert "\n".join(standings()).split("\n") == recorded.split("\n")
