"""What is found wrong with altered messages is what the golden file has."""

from tests.audit.altered_messages import GOLDEN, altered_messages


def test_altered_messages_are_found_as_recorded() -> None:
    recorded = GOLDEN.read_text(encoding="utf-8").split("\n")
    assert [*altered_messages(), ""] == recorded
