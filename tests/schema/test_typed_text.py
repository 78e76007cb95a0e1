"""The one form of typed text, and numbers without the spaces between their thousands."""

import pytest

from kvartal.schema.typed_text import normalised, ungrouped


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("plain 1", "plain 1"),
        ("а\r\nб\rв\nг", "а\nб\nв\nг"),
        ("а\u0085б\u2028в\u2029г", "а\nб\nв\nг"),
        ("a\r\nb", "a\nb"),
        ("a\tb", "a b"),
        ("\tа\t", " а "),
        ("дого\u00adвор", "договор"),
        ("\ufeffа\u200bб\U000e0041", "аб"),
        ("и\u0306", "й"),
        ("а\u00a0б", "а\u00a0б"),
        ("В2В B2B", "В2В B2B"),
    ],
)
def test_typed_text_has_one_form(typed: str, stored: str) -> None:
    assert normalised(typed) == stored
    assert normalised(stored) == stored


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1 234", "1234"),
        ("1\u00a0234\u2009567\u202f890,5", "1234567890,5"),
        ("12 345 и 6 789", "12345 и 6789"),
        ("10 20", "10 20"),
        ("2026 100", "2026 100"),
        ("1 2345", "1 2345"),
        ("1 234 5", "1 234 5"),
        ("1 234 56", "1 234 56"),
        (",1 234", ",1 234"),
        ("1.5 234", "1.5 234"),
        ("1  234", "1  234"),
    ],
)
def test_only_groups_of_three_figures_are_one_number(typed: str, number: str) -> None:
    assert ungrouped(typed) == number
