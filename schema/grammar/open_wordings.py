"""Wordings of open terms, which name no day: «постоянно», «по мере поступления», "ongoing"."""

import re
from typing import Final

from kvartal.schema.grammar.tokens import TokenKind, tokens
from kvartal.schema.grammar.wordings import HALF_YEARLY, MONTHLY, QUARTERLY, YEARLY
from kvartal.schema.grammar.words import HALF_WORDS, MONTH_WORDS, MONTHS, QUARTER_WORDS, YEAR_WORDS

# Words that follow a wording freely, such as what is waited for in «по мере поступления заявок».
_WORDS: Final = r"(?:[ ,]+[a-zа-я«»\"'/-]+)"
_COUNT: Final = r"(?:\d+|один|два|три|одного|двух|трех|a|one|two|three|ten)"
_UNIT: Final = (
    r"(?:дн[а-я]+|ден[а-я]+|недел[а-я]+|месяц[а-я]*|час[а-я]*|суток|days?|weeks?|months?)"
)
_WITHIN: Final = r"в (?:течение|течении)"
_WHOLE: Final = r"(?: всего)?(?: срока| периода)?"
_CARRYING_OUT: Final = r"(?:действия|реализации|исполнения)"
_ARTICLE: Final = r"(?:the |a )?(?:separate )?"
_DAYS: Final = rf"(?:{_COUNT} )?(?:(?:рабочих|календарных|working|business|calendar) )?{_UNIT}"
_NOT_LATER: Final = r"не (?:позднее|позже|более)(?: чем)?(?: через)?"
_SINCE: Final = r"(?:со дня|с момента|с даты|после|от даты|of|after|from|following)"
_WEEKDAY: Final = (
    r"(?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье|рабочий день|день|неделю)"
)
_WEEKDAYS: Final = r"(?:понедельник|вторник|сред|четверг|пятниц|суббот|воскресень)(?:ам|ям)"
_EVENT: Final = (
    "начала|завершения|окончания|исполнения|выполнения|принятия|утверждения|подписания|заключения|"
    "вступления|ввода|момента"
)
_OPEN: Final = (
    r"(?:весь период,? )?(?:постоянно|непрерывно|бессрочно|регулярно|систематически|периодически)",
    r"(?:на|в) (?:постоянной основе|постоянном режиме|регулярной основе|рабочем порядке)",
    r"на (?:системной|систематической|периодической|бессрочной) основе",
    r"в режиме реального времени",
    rf"по мере{_WORDS}+",
    rf"(?:по|при) (?:необходимости|наличии|поступлении|возникновении|обращении){_WORDS}*",
    rf"по (?:запросу|запросам|требованию|факту|согласованию|обращению|заявкам){_WORDS}*",
    rf"(?:по|согласно|в соответствии с) (?:[а-я]+ )?(?:график|план)[а-я-]*{_WORDS}*",
    rf"в (?:установленн|соответствующ|указанн)[а-я]+ срок[а-я]*{_WORDS}*",
    rf"в срок[аи]?,? (?:установленн|предусмотренн|определенн|указанн)[а-я]+{_WORDS}+",
    rf"до (?:{_EVENT}){_WORDS}+",
    rf"до (?:(?:полного|окончательного) )?(?:исполнения|выполнения|завершения){_WORDS}*",
    rf"в (?:{_COUNT}-?дневный|[а-я]+дневный|месячный|недельный) срок {_SINCE}{_WORDS}+",
    rf"в (?:ходе|процессе|рабочие дни|рабочее время|дни){_WORDS}*",
    rf"{_WITHIN} {_DAYS} {_SINCE}{_WORDS}+",
    rf"(?:{_NOT_LATER} )?{_DAYS} {_SINCE}{_WORDS}+",
    rf"(?:через|спустя) {_DAYS} {_SINCE}{_WORDS}+",
    rf"(?:сразу |немедленно )?после{_WORDS}+",
    rf"(?:{_WITHIN}|на период|в период|за период|на весь период){_WHOLE} {_CARRYING_OUT}{_WORDS}*",
    rf"(?:на )?весь (?:срок|период) {_CARRYING_OUT}{_WORDS}*",
    rf"{_WITHIN} (?:всего )?(?:периода|срока)",
    r"(?:весь|на весь) период",
    rf"(?:ежедневно|еженедельно|круглосуточно|ежечасно){_WORDS}*",
    rf"(?:не реже )?(?:{_COUNT} )?раза?(?: |-)в (?:день|неделю|сутки){_WORDS}*",
    r"(?:срок )?не (?:установлен|определен|ограничен)",
    r"без (?:указания )?срока|до особого распоряжения|незамедлительно|немедленно",
    rf"(?:каждый|каждую|каждое) {_WEEKDAY}{_WORDS}*|по {_WEEKDAYS}{_WORDS}*",
    r"(?:1 |один )?раз в (?:две|2) недели",
    r"(?:early|mid|late)(?:-| )\w+(?: \d{4})?",
    r"(?:в )?(?:начал|середин)[аеоы] \w+(?: \w+)?(?: \w+)?",
    r"(?:beginning|middle) of (?:the )?\w+(?: \d{4})?",
    rf"(?:ongoing|on-going|continuous|continuously|continual|permanent|permanently){_WORDS}*",
    rf"(?:as|when|if|where) (?:needed|required|necessary|and when){_WORDS}*",
    rf"(?:on|upon) (?:demand|request|receipt|an ongoing basis|a continuous basis){_WORDS}*",
    rf"(?:daily|weekly|regularly|at all times|around the clock){_WORDS}*",
    rf"{_COUNT} times? (?:a|per) (?:day|week)",
    rf"once (?:a|per) (?:day|week){_WORDS}*",
    r"every (?:two|2) weeks|bi-?weekly|fortnightly|immediately|asap|as soon as possible",
    rf"every (?:day|week(?:day)?|(?:mon|tues|wednes|thurs|fri)day){_WORDS}*",
    rf"(?:as per|according to|in accordance with|per|by) {_ARTICLE}(?:schedule|plan){_WORDS}*",
    rf"within {_COUNT} (?:(?:working|business|calendar) )?{_UNIT} {_SINCE}{_WORDS}+",
    rf"(?:throughout|for|during) the (?:duration|term|life|lifetime)(?: of){_WORDS}+",
    r"(?:throughout|during) the (?:programme|program|plan|project)",
    r"(?:tbd|tbc|to be determined|to be confirmed)",
    r"(?:until further notice|no deadline|open(?:-| )ended)",
)
# A text: compiled when the first term is read, not at every start.
_PATTERN: Final = "|".join(f"(?:{one})" for one in _OPEN)
_VAGUE: Final = re.compile(
    r"(?:early|mid|late|beginning|middle)\b.*|(?:в )?(?:начал|середин)[аеоы]\b.*"
)
_DATED_WORDS: Final = (
    frozenset(MONTHS) | QUARTER_WORDS | HALF_WORDS | MONTH_WORDS | YEAR_WORDS | {"конца", "end"}
)
# With one of these a term has days, whatever it waits for: «по мере поступления, ежеквартально».
_INTERVALS: Final = frozenset(
    word for one in (QUARTERLY, MONTHLY, HALF_YEARLY, YEARLY) for word in one if " " not in word
)
# What may change the term that an explanation stands beside.
MORE_TIME: Final = frozenset(
    [
        "до",
        "начало",
        "начала",
        "старт",
        "start",
        "beginning",
        "после",
        "начиная",
        "ранее",
        "раньше",
        "кроме",
        "через",
        "except",
        "далее",
        "затем",
        "потом",
        "постоянно",
        "ежедневно",
        "еженедельно",
        "ежемесячно",
        "ежеквартально",
        "ежегодно",
        "until",
        "after",
        "before",
        "then",
        "ongoing",
        "daily",
        "weekly",
        "monthly",
        "quarterly",
        "annually",
    ]
)


def is_open_wording(plain: str) -> bool:
    """Return whether a text is, from its first word to its last, one that names no day.

    Args:
        plain: As :func:`kvartal.schema.grammar.tokens.plain_text` returns it.
    """
    found = re.fullmatch(_PATTERN, plain)
    if found is None:
        return False
    return bool(_VAGUE.fullmatch(plain)) or not _names_a_date(plain)


def mentions_time(plain: str) -> bool:
    """Return whether a text holds a number or any word that could belong to a term."""
    words = _DATED_WORDS | MORE_TIME
    found = tokens(plain)
    if any(token.kind not in (TokenKind.WORD, TokenKind.MARK) for token in found):
        return True
    if any(token.text in words for token in found):
        return True
    return any(re.fullmatch(_PATTERN, piece.strip()) for piece in re.split(r"[,;]", plain))


def _names_a_date(plain: str) -> bool:
    words = {token.text for token in tokens(plain) if token.kind is TokenKind.WORD}
    if words & _INTERVALS:
        return True
    named = words & (_DATED_WORDS - MONTH_WORDS)
    return bool(named) and not re.search(
        r"(?:со дня|с момента|с даты|after|following|from) ", plain
    )
