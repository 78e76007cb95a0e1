"""What the headings of columns mean, in Russian and English, in any wording."""

import re
from typing import Final

from kvartal.exchange.tables.texts import clean

NUMBER: Final = "number"
WORK: Final = frozenset({"proposal", "actions"})
"""The fields one of which a table of measures has."""

IGNORED: Final = "ignore"
"""What a column is called that is left out on purpose."""

# In the order in which they are tried: the narrower wording first.
_WORDINGS: Final = (
    ("section.number", r"(?:№|номер) раздела"),
    ("channel.number", r"(?:№|номер) канала"),
    (NUMBER, r"(?:№|n|#|no|nr|номер)(?: ?п ?/? ?п)?(?: ?(?:строки|пункта|мероприятия|меры))?"),
    (
        NUMBER,
        r"п ?/ ?п|порядковый номер|пункт(?: плана)?|id|(?:poa&?m |item |ref(?:erence)? )?(?:id|no|number|ref)",
    ),
    (
        "fact.date",
        r"(?:фактическ\w+ )(?:дата|срок).*|дата (?:фактическ\w+ )?(?:исполнения|выполнения|реализации) ?\(?факт.*",
    ),
    ("fact.date", r"(?:actual )(?:completion )?date.*|completed on|date completed"),
    (
        "fact.result",
        r"отметк\w+ о (?:вы|ис)полнении.*|(?:информация|сведения) (?:о|об) (?:вы|ис)полнении.*",
    ),
    (
        "fact.result",
        r"фактическ\w+ (?:результат|исполнение|выполнение).*|факт(?: исполнения| выполнения)?|actual(?: result)?",
    ),
    (
        "percent",
        r"(?:%|процент\w*)(?: (?:вы|ис)полнен\w+)?|(?:вы|ис)полнение,? ?%|(?:%|percent) complete",
    ),
    ("state", r"статус.*|состояние.*|status|state"),
    (
        "start",
        r"(?:дата |(?:планов\w+ )?сроки? )?(?:\w+ )?начал\w+(?: .*)?|(?:.* )?start(?: date)?|from|с",
    ),
    (
        "due",
        r"(?:дата |(?:планов\w+ )?сроки? )(?:\w+ )?(?:окончани|завершени)\w+(?: .*)?|окончани\w+|завершени\w+|(?:.* )?end(?: date)?|to|по",
    ),
    (
        "term",
        r"(?:планов\w+ )?(?:срок|период|дата|время)\w*.*|due(?: date)?|deadline|time ?(?:line|frame)|when|scheduled.*|target date|quarter|квартал\w*",
    ),
    (
        "responsible",
        r"отв\.?(?: лиц\w+)?|ответствен\w+.*|(?:со)?исполнител\w+.*|owner|(?:person |party )?responsible.*|point of contact|poc|lead|assigned to",
    ),
    (
        "result",
        r"(?:ожидаем\w+ |планируем\w+ |конечн\w+ )?(?:результат|эффект|итог)\w*.*|(?:expected )?(?:result|outcome|deliverable|output)s?|evidence of completion",
    ),
    ("budget.source", r"источник\w* ?(?:финансирования|средств)?.*|(?:funding )?source"),
    ("budget.fact", r"(?:фактическ\w+ (?:затраты|расходы|бюджет)|израсходовано|освоено).*"),
    (
        "budget.plan",
        r"(?:бюджет|стоимость|затраты|расходы|финансировани|объ[её]м\w* (?:финансирования|средств)|сумма|смета)\w*.*|(?:.*,? ?)?(?:тыс|млн)?\.? ?руб\w*\.?|budget|(?:estimated )?cost|resources.*",
    ),
    ("indicator.name", r"(?:целевой )?(?:показатель|индикатор)\w*(?: .*)?|kpi|indicator|metric"),
    ("indicator.unit", r"ед(?:иница|\.)? ?изм.*|unit"),
    ("indicator.target", r"(?:целевое|плановое) значение.*|target(?: value)?"),
    ("notes", r"примечани\w+.*|комментари\w+.*|дополнительн\w+ сведения|notes?|comments?|remarks?"),
    ("segment", r"сегмент.*|segment"),
    ("channel.title", r"(?:наименование )?канал\w*.*|channel"),
    (
        "section.title",
        r"(?:наименование )?(?:раздел|направлени|блок)\w*.*|section|area|category|workstream",
    ),
    (
        "actions",
        r"(?:наименование |перечень |содержание |описание )?(?:мероприяти|действи|работ|меры|задани)\w*.*|что делаем|milestones?.*|(?:planned )?actions?.*|activit\w+|tasks?|steps|measure|corrective action.*",
    ),
    (
        "proposal",
        r"предложени\w*.*|(?:цель|задача|проблема|инициатива)\w*.*|(?:proposal|weakness|finding|issue|goal|objective|deficiency).*",
    ),
    ("actions", r"наименование|содержание|что|name|description|title"),
)
_PATTERNS: Final = tuple((name, re.compile(wording)) for name, wording in _WORDINGS)
_JOINED: Final = re.compile(r"(\w)- (?=\w)")


def meaning(heading: str) -> str:
    """Return the field that a column with this heading holds; empty where it is not known.

    Args:
        heading: As printed; the rows of a heading in several rows joined by spaces.
    """
    plain = plain_heading(heading)
    if not plain:
        return ""
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(plain)), "")


def plain_heading(heading: str) -> str:
    """Return a heading in lower case, without line-end hyphens and the marks at its end."""
    plain = clean(heading).casefold().replace("ё", "е")
    return _JOINED.sub(r"\1", plain).strip(" .:;*")
