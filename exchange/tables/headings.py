"""What the headings of columns mean, in Russian and English, in any wording."""

import re
from typing import Final

from kvartal.exchange.tables.texts import clean

NUMBER: Final = "number"
WORK: Final = frozenset({"proposal", "actions"})
"""The fields one of which a table of measures has."""

IGNORED: Final = "ignore"
"""What a column is called that is left out on purpose."""

OF_YEAR: Final = "year."
ENDS: Final = frozenset({"start", "due"})
OF_TERM: Final = ENDS | {"term"}
"""The fields of columns that say when a measure is due."""
"""What the name of a column begins with that marks what is done in a year: `year.2026`."""

_THOUSANDS: Final = r"(?:(?:тыс|млн)\.? ?)?"
_IN_ORDER: Final = r"(?: ?п ?[./\\]? ?п)"
_DONE: Final = r"(?:исполнения|выполнения|реализации)"
_DEGREE: Final = r"(?:(?:вы|ис)п(?:олнен\w+|\.)?|реализац\w+|готовност\w+|заверш[её]н\w+)"
_OF_WHAT: Final = r"(?: (?:плана|программы|мероприяти\w+|мер|работ\w*|задач\w*))?"
_KIND: Final = (
    r"(?:(?:основн|планируем|запланированн|предлагаем|намеченн|необходим|корректирующ|"
    r"организационн|практическ)\w+ ){0,2}"
)
"""What kind of measures a column has: it has them all the same."""
_ENGLISH_KIND: Final = (
    r"(?:planned|key|main|recommended|required|proposed|remedial|agreed|management|improvement|"
    r"mitigating|mitigation|preventive|follow-?up|specific)"
)
_OF_RECORD: Final = (
    r"(?!.*\b(?:id|no|number|ref|reference|date|owner|type|category|source|severity|rating|"
    r"priority|status)$)"
)
"""What an English heading does not end with where the column has the text itself."""
_OTHER_MONEY: Final = (
    r"(?!за счет)(?:[\w-]+ ){0,2}(?:цен[аы]\b|единиц[уы]|тариф|оклад|экономи[яи]|эффект|"
    r"(?<!приносящей )доход|прибыл|выручк|ущерб|штраф|задолженност|налог)"
)
"""What roubles may be of besides the money that a measure takes: it is named first."""
_NAMES: Final = r"(?:наименование |перечень |содержание |описание )"
_PART: Final = r"(?:раздел|направлени|блок|программ|задач)"
_WORD: Final = r"(?:\w+(?:ой|ого|ых|ая|ый) )"
_MONTHS: Final = (
    *("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
)
_ROMAN: Final = ("i", "ii", "iii", "iv")
# Each field with its wordings, in the order in which they are tried: the narrower ones first.
_WORDINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("section.number", (r"(?:№|номер) раздела",)),
    ("channel.number", (r"(?:№|номер) канала",)),
    (
        NUMBER,
        (
            rf"(?:№+|n|#|no|nr|номер){_IN_ORDER}?(?: ?(?:строки|пункта|мероприятия|меры))?",
            r"п ?[./\\] ?п|порядковый номер|(?:№ )?пункт\w*(?: плана)?",
            r"(?:poa&?m |item |ref(?:erence)? )?(?:id(?:entifier)?|no|number|ref)",
        ),
    ),
    (
        "fact.date",
        (
            r"фактическ\w+ (?:дата|срок).*|(?:срок|дата)\w* .*\bфакт\w*\)?|(?:срок|дата) факт\w*",
            rf"дата (?:фактическ\w+ )?{_DONE} ?\(?факт.*",
            r"факт\w*,? ?\(?дата\)?|дата,? ?\(факт\w*\)",
            r"факт\w* (?:окончани|завершени|(?:ис|вы)полнени)\w+|дата (?:по )?факт\w*",
            r"actual (?:completion )?(?:date|end|finish).*|actual completion",
            r"completed on|date (?:completed|closed)|clos(?:ed on|ed date|ure date)",
        ),
    ),
    (
        "fact.result",
        (
            r"отметк\w+(?: об? (?:(?:вы|ис)полнении|проведении|реализации|устранении).*)?",
            r"(?:фактически )?достигнут\w+ результат\w*.*",
            r"ход (?:исполнени|выполнени|реализаци)\w+.*",
            r"(?:информация|сведения|отчет) об? (?:ходе )?(?:вы|ис)полнени\w+.*",
            r"(?:информация|сведения|отчет) о (?:ходе )?реализации.*|реализованн\w+ мер\w+.*",
            r"фактическ\w+ (?:результат|исполнение|выполнение).*",
            r"факт(?: исполнения| выполнения)?|actual(?: result)?",
            r"(?:фактически )?(?:(?:вы|ис)полнено|сделано)|что сделано",
            r"(?:проведенн|(?:вы|ис)полненн|реализованн)\w+ мероприяти\w+.*",
            r"(?:status|progress) (?:update|note)s?|progress to date",
        ),
    ),
    (
        "percent",
        (
            rf"(?:%|процент\w*)(?: {_DEGREE}{_OF_WHAT})?(?:,? ?\(?%\)?)?|{_DEGREE},? ?\(?%\)?",
            rf"(?:степень|доля) {_DEGREE}{_OF_WHAT}(?:,? ?\(?(?:в )?%\)?)?",
            r"(?:%|percent(?:age)?) (?:complete(?:d|ion)?|done)|(?:progress|completion),? ?\(?%\)?",
        ),
    ),
    (
        "state",
        (
            r"статус.*|состояние.*|status|state|progress|rag(?: status| rating)?",
            r"(?:вы|ис)полнено,? ?\(?да ?/ ?нет\)?",
        ),
    ),
    (
        "start",
        (
            r"(?:планов\w+ )?(?:дата |сроки? )?(?!факт)(?:\w+ )?начал\w+(?! и оконч)(?: .*)?",
            r"(?!actual)(?:.* )?start(?: date)?|from|с",
        ),
    ),
    (
        "due",
        (
            r"(?:планов\w+ )?(?:дата |сроки? )(?!факт)(?:\w+ )?(?:окончани|завершени)\w+(?: .*)?",
            r"(?:планов\w+ )?(?:окончани|завершени)\w+(?: (?:реализаци|работ|исполнени)\w*)?",
            r"конец(?: (?:реализаци|работ|исполнени)\w*)?",
            r"(?:.* )?(?:end|finish)(?: date)?|to|по",
        ),
    ),
    (
        "term",
        (
            r"(?:планов\w+ )?(?:срок|период|дата|время)\w*.*|квартал\w*|когда",
            r"due(?: date)?|terms?|deadline|time ?(?:line|frame)|when|scheduled.*",
            r"target date|quarter|(?:planned |target )?completion(?: date)?|by when|timescales?",
        ),
    ),
    *(
        (f"quarter.{at}", (rf"(?:{roman}|{at})(?:-?й)? ?кв(?:артал)?\.?|q{at}|{roman}",))
        for at, roman in enumerate(_ROMAN, 1)
    ),
    *((f"month.{at}", (rf"{stem}\w*\.?",)) for at, stem in enumerate(_MONTHS, 1)),
    (
        "responsible",
        (
            r"(?:ф\. ?и\. ?о\.?|фио|должность)[ ,].*\bответственн\w+.*",
            r"отв\.?(?: (?:лиц|исполнител)\w+)?|ответствен\w+.*|(?:со)?исполнител\w+.*",
            r"кто(?: (?!контрол)\w+)?",
            r"(?:action )?owner|(?:person |party )?responsible.*|point of contact|poc|lead",
            r"assigned to|by whom",
        ),
    ),
    (
        "result",
        (
            r"(?:(?:ожидаем|планируем|конечн|непосредственн)\w+ )?(?:результат|эффект|итог)\w*.*",
            r"(?:ожидаем|планируем)\w+ \S+ (?:результат|эффект)\w*.*",
            r"(?:expected )?(?:result|outcome|deliverable|output)s?|evidence of completion",
            r"(?:expected |intended )?benefits?",
            r"success (?:measure|criteri)\w*|measures? of success|how .*\bmeasure success",
        ),
    ),
    (
        "budget.source",
        (r"источник\w* ?(?:финансирования|средств)?.*|(?:funding )?source",),
    ),
    (
        "budget.fact",
        (
            r"(?:фактическ\w+ (?:затраты|расходы|бюджет)|израсходовано|освоено).*",
            rf"факт\w*[,(]? ?(?:20\d\d ?(?:г\w*\.?)?[,(]? ?)?(?:(?:в )?{_THOUSANDS}руб\w*\.?\)?)",
            r"actual (?:cost|expenditure|spend)\w*.*|spent.*",
        ),
    ),
    (
        "budget.plan",
        (
            r"(?!стоимость (?:[\w-]+ ){0,2}единиц)стоимость.*",
            r"(?:бюджет|затраты|расходы|финансировани|сумма|смета)\w*.*",
            r"объем\w* (?:финансирования|средств).*",
            rf"(?!{_OTHER_MONEY}).*\b(?:тыс|млн)?\.? ?руб\w*\.?",
            r"budget|(?:estimated )?cost",
        ),
    ),
    ("indicator.target", (r"(?:целевое|плановое) значение.*|target(?: value)?",)),
    ("indicator.unit", (r"ед(?:иница|\.)? ?изм.*|unit",)),
    (
        "indicator.name",
        (r"(?:целевой )?(?:показатель|индикатор)\w*(?: .*)?|kpi|indicator|metric",),
    ),
    (
        "notes",
        (r"примечани\w+.*|комментари\w+.*|дополнительн\w+ сведения|notes?|comments?|remarks?",),
    ),
    ("segment", (r"сегмент.*|segment",)),
    (
        # The rows of parts and of measures share such a column.
        "actions",
        (rf"(?:наименование )?{_WORD}?(?:под)?{_PART}\w*[^,/]*(?:,|/| и ).*\bмероприяти\w+.*",),
    ),
    (
        "channel.title",
        (
            r"(?:наименование )?(?:канал\w*|подраздел(?!ени)\w*).*",
            r"channel|sub-?section|sub-?category",
        ),
    ),
    (
        "section.title",
        (
            r"(?:наименование )?(?:раздел|направлени(?!\w* расход)|блок)\w*.*",
            r"section|area|category|workstream",
        ),
    ),
    (
        "actions",
        (
            rf"{_NAMES}?{_KIND}(?:мероприяти|действи)\w*.*",
            rf"(?:{_NAMES}|виды? )?(?:работ|меры|задани)\w*.*",
            r"(?:содержание |текст )?поручени\w+|веха",
            r"(?:наименование )?контрольн\w+ (?:точк|событи)\w+",
            r"(?:planned |key |main )?milestones?(?! changes?\b).*",
            rf"{_OF_RECORD}(?:{_ENGLISH_KIND} ){{0,2}}actions?.*",
            r"initiatives?|activit\w+|tasks?(?: names?)?|steps|measures?|what we will do|шаги",
            r"corrective action.*",
        ),
    ),
    (
        "proposal",
        (
            r"предложени\w*.*|(?:цел[ьи]|задач[аи]|проблем[аы]|инициатив[аы])\b.*",
            rf"{_NAMES}?(?:выявленн\w+ )?(?:недостат|нарушени|несоответстви)\w+.*",
            rf"(?:{_NAMES}|выявленн\w+ )замечани\w+.*",
            rf"{_OF_RECORD}(?:proposal|weakness|finding|issue|goal|objective|deficiency).*",
            rf"{_OF_RECORD}(?:recommendation|problem|non-?conformit|observation).*",
            rf"{_OF_RECORD}audit (?:finding|issue|observation).*",
        ),
    ),
)
# What says it less plainly: only where no other column says the same.
_WEAK_WORDINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "actions",
        (
            r"наименование|содержание|что(?: (?:делаем|сделать|делается|нужно сделать))?",
            r"(?:рассматриваем\w+ )?вопрос\w*",
            r"тем[аы](?: (?:проверки|заседания|занятия|мероприятия))?",
            r"name|description|title|what|(?:overall )?remediation plan",
        ),
    ),
    (
        "responsible",
        (
            r"(?:структурн\w+ )?подразделени\w*.*|отдел|служба|владелец",
            r"department|accountable|lead officer|who",
        ),
    ),
    (NUMBER, (r"код(?: (?:мероприятия|строки))?|шифр",)),
    ("budget.plan", (r"resources.*",)),
    ("term", (rf"месяц\w*(?: .*)?|годы?(?: (?:проведения|{_DONE}))?",)),
)
_PATTERNS, _WEAK_PATTERNS = (
    tuple(
        (name, re.compile("|".join(f"(?:{wording})" for wording in wordings)))
        for name, wordings in table
    )
    for table in (_WORDINGS, _WEAK_WORDINGS)
)
FIELDS: Final = frozenset(name for name, _ in _WORDINGS) | {IGNORED}
"""The names that a column may be given, besides those of years."""

_QUARTER: Final = re.compile(r"\b(?:квартал|quarter)")
_OTHER_UNIT: Final = re.compile(r"\b(?:месяц|month|дат[аы]|date|день|дни|day|недел|week)")
_JOINED: Final = re.compile(r"(\w)- (?=\w)")


def meaning(heading: str) -> str:
    """Return the field that a column with this heading holds; empty where it is not known.

    Args:
        heading: As printed; the rows of a heading in several rows joined by spaces.
    """
    return clear_meaning(heading) or _first_match(_WEAK_PATTERNS, heading)


def clear_meaning(heading: str) -> str:
    """Return the field that a heading says plainly, whatever other columns there are.

    Args:
        heading: As for `meaning`.
    """
    return _first_match(_PATTERNS, heading)


def is_of_quarters(heading: str) -> bool:
    """Return whether a heading says that numbers below it are of quarters: «Срок (квартал)»."""
    plain = plain_heading(heading)
    return _QUARTER.search(plain) is not None and _OTHER_UNIT.search(plain) is None


def is_field(name: str) -> bool:
    """Return whether a user may give a column this field."""
    return name in FIELDS or re.fullmatch(rf"{re.escape(OF_YEAR)}20\d\d", name) is not None


def _first_match(patterns: tuple[tuple[str, re.Pattern[str]], ...], heading: str) -> str:
    plain = plain_heading(heading)
    found = (name for name, pattern in patterns if plain and pattern.fullmatch(plain))
    return next(found, "")


def plain_heading(heading: str) -> str:
    """Return a heading in lower case, without line-end hyphens and the marks at its end."""
    plain = clean(heading).casefold().replace("ё", "е")
    return _JOINED.sub(r"\1", plain).strip(" .:;*")
