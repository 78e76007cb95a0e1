"""What cannot be seen is shown, the same in messages, in the log and on the screen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.diff.words import one_line
from kvartal.schema.unprintable import revealed
from kvartal.tui.presentation.sanitize import shown

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Акт № 12\u00a0от", "Акт № 12\u00a0от"),
        ("\x00\x1b\x7f\x9b", "␀␛␡‹U+009B›"),
        ("\u202eабв\u202c\u200b\ufeff", "‹U+202E›абв‹U+202C›‹U+200B›‹U+FEFF›"),
        ("\u2028\ud800", "‹U+2028›‹U+D800›"),
        ("\uffff\ufdd0\U0001fffe", "‹U+FFFF›‹U+FDD0›‹U+1FFFE›"),
        # Somebody's own sign, and one that Unicode may give out later.
        ("\ue000\U0001fae9", "\ue000\U0001fae9"),
    ],
)
def test_what_hides_is_told(text: str, told: str) -> None:
    assert revealed(text) == told


def test_one_sign_may_be_shown_in_another_way() -> None:
    assert revealed("a\nb\x1b", {"\n": "⏎"}) == "a⏎b␛"


@given(st.text())
def test_nothing_hides_in_what_is_shown(text: str) -> None:
    for told in (revealed(text), one_line(text), shown(text), shown(text, lines=True)):
        found = {unicodedata.category(one) for one in told.replace("\n", "")}
        assert not found & HIDDEN
    assert revealed(revealed(text)) == revealed(text)


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\u00ad\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
    )
)
def test_messages_and_screens_agree(text: str) -> None:
    assert one_line(text) == shown(text.strip())
