"""The wordings of terms, in Russian and English: what stands around dates, and what comes again.

Words are lower-case, with «е» for «ё», as :mod:`kvartal.schema.grammar.tokens` yields them.
"""

from typing import Final

# What may stand before the last day of a term. Only the first kind is sure before a month
# («не позднее марта»): «до марта» may be meant without March or with it.
NOT_LATER: Final = (
    "не позднее чем",
    "не позже чем",
    "не позднее",
    "не позже",
    "в срок не позднее",
    "в срок не позже",
    "no later than",
    "not later than",
    "on or before",
)
BY: Final = (
    "в срок до",
    "срок до",
    "срок - до",
    "срок : до",
    "срок исполнения до",
    "срок исполнения - до",
    "срок исполнения : до",
    "срок исполнения :",
    "срок :",
    "до",
    "по",
    "к",
    "ко",
    "due date :",
    "due date",
    "due :",
    "due by",
    "due on",
    "due",
    "deadline :",
    "deadline",
    "target date :",
    "target date",
    "by cob",
    "by close of business",
    "by",
    "until",
    "till",
    "through",
    "up to",
)
BEFORE: Final = ("before",)
END_OF: Final = (
    "конца",
    "концу",
    "конец",
    "в конце",
    "окончания",
    "end of",
    "close of",
)
FROM: Final = ("начиная с", "начиная со", "с", "со", "starting from", "starting", "from", "since")
BETWEEN: Final = ("между", "в период между", "between")
YEAR_END: Final = ("year - end", "year end", "yearend", "eoy", "end of year")
YEAR_ROUND: Final = ("круглогодично", "year - round", "year round", "all year round")
# Behind these a month or a quarter may be meant without it or with it, as behind «до» alone.
UP_TO: Final = ("до", "и до", "until", "till")
TO: Final = ("-", "по", *UP_TO, "to", "through")
DURING: Final = (
    "в течение",
    "в течении",
    "на протяжении",
    "в период",
    "в",
    "во",
    "during",
    "within",
    "throughout",
    "over",
    "in",
    "on",
)
INCLUSIVE: Final = ("включительно", "inclusive")


def _once_in(unit: str) -> tuple[str, ...]:
    """Return the ways to say that something comes once in a unit of time, or more often."""
    at_least = (
        f"не {how} {number}раза в {unit}"
        for how in ("реже", "менее")
        for number in ("", "1 ", "одного ")
    )
    return (f"раз в {unit}", f"1 раз в {unit}", f"один раз в {unit}", *at_least)


def _at_end_of_each(unit: str, english: str) -> tuple[str, ...]:
    russian = ("в конце", "до конца", "в последний день", "не позднее последнего дня")
    each = (f"{lead} каждого {unit}" for lead in russian)
    return (
        *each,
        *(
            f"{lead}end of {every} {english}"
            for lead in ("at ", "by ", "")
            for every in ("each", "every")
        ),
    )


QUARTERLY: Final = (
    "ежеквартально",
    "поквартально",
    *_once_in("квартал"),
    *_at_end_of_each("квартала", "quarter"),
    "каждый квартал",
    "в каждом квартале",
    "все кварталы",
    "quarterly",
    "every quarter",
    "each quarter",
    "once a quarter",
    "once per quarter",
    "once every quarter",
)
MONTHLY: Final = (
    "ежемесячно",
    "помесячно",
    *_once_in("месяц"),
    *_at_end_of_each("месяца", "month"),
    "каждый месяц",
    "monthly",
    "every month",
    "each month",
    "once a month",
    "once per month",
    "once every month",
)
HALF_YEARLY: Final = (
    *_once_in("полугодие"),
    *_once_in("полгода"),
    *_at_end_of_each("полугодия", "half - year"),
    "каждое полугодие",
    "каждые полгода",
    "every half - year",
    "once every six months",
    "once every 6 months",
    "every six months",
    "every 6 months",
    "semi - annually",
    "half - yearly",
)
YEARLY: Final = (
    "ежегодно",
    *_once_in("год"),
    *_at_end_of_each("года", "year"),
    "каждый год",
    "каждого года",
    "of every year",
    "of each year",
    "annually",
    "yearly",
    "every year",
    "each year",
    "once a year",
    "once per year",
    "once every year",
)
DAY_OF_MONTH: Final = frozenset({"числа", "число", "числу", "day"})
END_OF_MONTH: Final = (
    "до конца месяца",
    "в конце месяца",
    "в последний день месяца",
    "до последнего числа месяца",
    "до последнего дня месяца",
    "до последнего числа",
    "в последний день",
    "не позднее последнего дня",
    "by end of month",
    "at end of month",
)
LAST_DAY_OF_EVERY_MONTH: Final = (
    "последний день каждого месяца",
    "в последний день каждого месяца",
    "до последнего дня каждого месяца",
    "до последнего числа каждого месяца",
    "последнее число каждого месяца",
    "last day of each month",
    "last day of every month",
    "on last day of each month",
    "on last day of every month",
    "by last day of each month",
    "by last day of every month",
)
EVERY_MONTH: Final = (
    "каждого месяца",
    "ежемесячно",
    "месяца",
    "of a month",
    "of every month",
    "of each month",
    "of month",
    "every month",
    "each month",
)
# The month after the one (or after the quarter) that is reported on.
NEXT_MONTH: Final = (
    "месяца , следующего за отчетным месяцем",
    "месяца , следующего за отчетным периодом",
    "месяца , следующего за отчетным кварталом",
    "месяца , следующего за отчетным",
    "месяца следующего за отчетным месяцем",
    "месяца следующего за отчетным периодом",
    "месяца следующего за отчетным кварталом",
    "месяца следующего за отчетным",
    "следующего месяца",
    "следующего за отчетным месяца",
    "of following month",
    "of next month",
    "of month following",
)
LAST_MONTH: Final = (
    "последнего месяца каждого квартала",
    "последнего месяца квартала",
    "of last month of quarter",
    "of last month of each quarter",
)
# The year after the programme's, or after the one that is reported on.
NEXT_YEAR: Final = (
    "года , следующего за отчетным",
    "года следующего за отчетным",
    "следующего года",
    "в следующем году",
    "of following year",
    "of next year",
    "following year",
    "next year",
)

AT_LEAST: Final = ("не реже", "не менее", "at least")
SEVERAL_TIMES: Final = (
    *("дважды", "трижды", "два", "двух", "три", "трех", "четыре", "четырех"),
    *("twice", "two", "three", "four"),
)
TIMES: Final = ("раза", "раз", "times", "time")
NO_TERM: Final = frozenset(
    [
        *("", "-", "--", "---", "х", "x", "нет", "н/п", "n/a", "none"),
        *("не применимо", "неприменимо", "not applicable"),
    ]
)
# A document that a bracket may name, whose date is not the term's.
DOCUMENTS: Final = (
    "приказ",
    "протокол",
    "распоряжен",
    "постановлен",
    "решен",
    "письм",
    "договор",
    "соглашен",
    "акт",
    "указ",
    "поручен",
    "order",
    "minutes",
    "decree",
    "decision",
    "letter",
    "contract",
    "agreement",
    "resolution",
)
