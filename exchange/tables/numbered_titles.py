"""Titles of parts with their numbers: «1. Закупки», «Раздел II: Кадры», «Задача 2.1 – Склад»."""

import re
from typing import Final

from kvartal.exchange.tables.texts import ORDINAL

_LEVEL: Final = (
    r"(?:под)?раздел|глава|часть|блок|цель|(?:под)?задача|(?:основное )?направление|этап|"
    r"(?:под)?программа|основное мероприятие|section|part|chapter|goal|objective|phase|workstream|"
    r"theme|priority"
)
_TITLE: Final = re.compile(
    rf"(?:(?P<word>{_LEVEL})\s+)?(?:№\s*)?"
    rf"(?P<number>{ORDINAL})(?P<stop>[.):]?)(?:\s+[–—-](?=\s+[^\W\d_]))?\s+(?P<title>\S.*)",
    re.IGNORECASE,
)
_LEVEL_NUMBER: Final = re.compile(
    rf"(?:(?P<word>{_LEVEL})\s+)?(?:№\s*)?(?P<number>{ORDINAL})[.)]?", re.IGNORECASE
)


def numbered_title(text: str, *, is_sure: bool = False) -> tuple[str, str, str] | None:
    """Return the number, the title and the word for its level that a text is; None for no number.

    Args:
        text: «1. Закупки», «Раздел II. Кадры», «2.1 Склад».
        is_sure: Whether a bare number before a text is no number of it: «2 этаж».
    """
    found = _TITLE.fullmatch(text)
    if found is None:
        return None
    is_number = found["stop"] or found["word"] or "." in found["number"]
    if not is_number and (is_sure or not found["number"].isdecimal()):
        return None
    return found["number"], found["title"], found["word"] or ""


def begins_with_number(text: str) -> bool:
    """Return whether a text may be a number and a title, whatever the number looks like."""
    return _TITLE.fullmatch(text) is not None


def level_number(text: str) -> tuple[str, str] | None:
    """Return the number and the word for its level that a text alone is: «Цель 1», «2.1»."""
    found = _LEVEL_NUMBER.fullmatch(text)
    return None if found is None else (found["number"], found["word"] or "")
