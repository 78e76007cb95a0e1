"""The name of an organization in a line of a document."""

import re
from typing import Final

_LEGAL_FORM: Final = (
    r"(?:АО|ПАО|ОАО|ЗАО|НАО|ООО|ТОО|АНО|НКО|МУП|ГУП|ФГУП|МП|ГП|МОУ|ГУЗ|ФКУ|СПб ГБУ|"
    r"[А-Я]{1,4}[БКА](?:ДО|ПО|О)?У[КЗСНП]?|[А-Я][а-яё]+\s(?:[а-яё]+\s){0,6}учреждение"
    r"(?:\s[а-яё]+){0,6}|"
    r"[Оо]бщество с ограниченной ответственностью|(?:[Пп]убличное )?[Аа]кционерное общество)"
)
_AUTHORITIES: Final = {
    "Администраци": "я",
    "Министерств": "о",
    "Департамент": "",
    "Управлени": "е",
    "Комитет": "",
}
"""How the name of an authority begins, and how its first word ends by itself."""
_LEADS_ON: Final = re.compile(r"(?:\s+(?:от|на|по|за|об?|в|к))+\s*$")
_ORGANIZATION: Final = re.compile(
    rf"\b{_LEGAL_FORM}(?:\s(?:ВО|ДО|ДПО|СПО))?\s+(?:«[^«»]{{2,80}}»|[\"“„][^\"“”„«»]{{2,80}}[\"”“])|"
    rf"(?:{'|'.join(_AUTHORITIES)})\w*\s[^,.;()«»\d]{{3,80}}|"
    r"(?:АДМИНИСТРАЦИЯ|МИНИСТЕРСТВО|ДЕПАРТАМЕНТ|УПРАВЛЕНИЕ|КОМИТЕТ)\s[^,.;()«»\d]{3,80}|"
    r"(?:[A-Z][\w&'’-]*\s){1,6}(?:Ltd|Limited|LLC|LLP|Inc|PLC|plc|Corporation|Council|Trust)\b\.?"
)
_OF_ADMINISTRATION: Final = re.compile(
    r"\bадминистрации\s+((?:[а-яё]+\s+){0,3}[А-ЯЁ][^,.;()«»\d]{3,80}?)(?=\s+от\b|\s*$|[,.;(])"
)


def organization_in(text: str) -> str:
    """Return the organization that a text names first; empty for none."""
    found = _ORGANIZATION.search(text)
    return "" if found is None else _by_itself(_LEADS_ON.sub("", found[0]).strip())


def administration_in(caption: str) -> str:
    """Return the administration that a caption of an approval names; empty for none."""
    found = _OF_ADMINISTRATION.search(caption)
    return "" if found is None else f"Администрация {found[1].strip()}"


def begins_with_organization(line: str) -> bool:
    """Return whether a line begins with the name of an organization."""
    return _ORGANIZATION.match(line) is not None


def is_organization(line: str) -> bool:
    """Return whether a line is the name of an organization, and nothing else."""
    return _ORGANIZATION.fullmatch(line) is not None


def _by_itself(name: str) -> str:
    """Return the name of an organization as it stands by itself: «Администрация», not «-и»."""
    first, space, rest = name.partition(" ")
    stem = next((one for one in _AUTHORITIES if first.startswith(one)), None)
    return name if stem is None else f"{stem}{_AUTHORITIES[stem]}{space}{rest}"
