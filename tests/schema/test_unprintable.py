"""Invisible characters are made visible, alike in messages, in the log and on the screen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.diff.words import one_line
from kvartal.schema.unprintable import revealed
from kvartal.tui.presentation.sanitize import shown

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Акт № 12\u00a0от", "Акт № 12\u00a0от"),
        ("\x00\x1b\x7f\x9b", "␀␛␡‹U+009B›"),
        ("\u202eабв\u202c\u200b\ufeff", "‹U+202E›абв‹U+202C›‹U+200B›‹U+FEFF›"),
        ("\u2028\ud800", "‹U+2028›‹U+D800›"),
        ("\uffff\ufdd0\U0001fffe", "‹U+FFFF›‹U+FDD0›‹U+1FFFE›"),
        # A private-use character, and one that Unicode may assign later.
        ("\ue000\U0001fae9", "\ue000\U0001fae9"),
    ],
)
def test_invisible_characters_are_made_visible(text: str, expected: str) -> None:
    assert revealed(text) == expected


def test_a_character_may_have_a_different_replacement() -> None:
    assert revealed("a\nb\x1b", {"\n": "⏎"}) == "a⏎b␛"


@given(st.text())
def test_shown_text_has_no_invisible_characters(text: str) -> None:
    for visible in (revealed(text), one_line(text), shown(text), shown(text, lines=True)):
        categories = {unicodedata.category(one) for one in visible.replace("\n", "")}
        assert not categories & HIDDEN
    assert revealed(revealed(text)) == revealed(text)


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\u00ad\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
    )
)
def test_messages_and_screens_agree(text: str) -> None:
    assert one_line(text) == shown(text.strip())
