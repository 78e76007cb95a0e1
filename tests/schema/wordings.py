"""Every word and wording that the grammar of terms knows, in a term, and how that is read.

After a change of the grammar: ``python -m tests.schema.wordings`` from the root writes the golden
file again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from kvartal.schema.grammar import open_wordings, wordings, words
from kvartal.schema.grammar.parts import Span
from kvartal.schema.grammar.reader import TermReading, read_term
from kvartal.schema.period import ProgrammePeriod

GOLDEN = Path(__file__).with_name("wordings.tsv")
_YEAR = ProgrammePeriod.of_year(2026)
_ACADEMIC = ProgrammePeriod(date(2026, 9, 1), date(2027, 5, 31))
# What is known, and a term with it in Russian and in English, where those differ.
_FRAMES: tuple[tuple[Iterable[str], str, str], ...] = (
    (wordings.NOT_LATER, "{} марта", "{} March"),
    (wordings.BY, "{} 5 марта", "{} 5 March"),
    (wordings.BEFORE, "{} 5 марта", "{} 5 March"),
    (wordings.END_OF, "до {} марта", "by {} March"),
    (wordings.FROM, "{} 5 марта по 7 апреля", "{} 5 March to 7 April"),
    (wordings.BETWEEN, "{} 5 марта и 7 апреля", "{} 5 March and 7 April"),
    (wordings.YEAR_END, "{}", "by {}"),
    (wordings.YEAR_ROUND, "{}", "{}"),
    (wordings.TO, "с 5 марта {} 7 апреля", "from 5 March {} 7 April"),
    (wordings.UP_TO, "с марта {} апреля", "from March {} April"),
    (wordings.DURING, "{} 2 квартал", "{} Q2"),
    (wordings.DURING, "{} 2 квартале", "{} March"),
    (wordings.INCLUSIVE, "до 5 марта {}", "by 5 March {}"),
    *(
        (known, "{}", "{}")
        for known in (
            *(wordings.QUARTERLY, wordings.MONTHLY, wordings.HALF_YEARLY, wordings.YEARLY),
            *(wordings.LAST_DAY_OF_EVERY_MONTH, wordings.NO_TERM),
        )
    ),
    (wordings.DAY_OF_MONTH, "ежемесячно до 5 {}", "monthly by 5 {}"),
    (wordings.END_OF_MONTH, "ежемесячно {}", "monthly {}"),
    (wordings.EVERY_MONTH, "до 5 числа {}", "by 5 {}"),
    (wordings.NEXT_MONTH, "ежемесячно до 5 числа {}", "monthly by 5 {}"),
    (wordings.NEXT_MONTH, "ежеквартально до 5 числа {}", "quarterly by 5 {}"),
    (wordings.LAST_MONTH, "до 5 числа {}", "by 5 {}"),
    (wordings.NEXT_YEAR, "до 5 марта {}", "by 5 March {}"),
    (wordings.AT_LEAST, "{} двух раз в год", "{} twice a year"),
    (wordings.SEVERAL_TIMES, "не реже {} раз в год", "at least {} times a year"),
    (wordings.TIMES, "не реже 2 {} в год", "at least 2 {} a year"),
    (wordings.DOCUMENTS, "до 5 марта ({} от 01.02.2026)", "by 5 March ({} of 01.02.2026)"),
    (words.MONTHS, "до 5 {}", "by 5 {}"),
    (words.MONTHS, "{} 2026", "{} 2026"),
    (("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), "", "5.{}.2026"),
    (words.ORDINALS, "{} квартал", "{} quarter"),
    (words.ROMAN_NUMERALS, "{} квартал", "{} квартал"),
    (words.QUARTER_WORDS, "2 {}", "second {}"),
    (words.QUARTER_LETTERS, "{}3 2026", "{}3 2026"),
    (words.PREPOSITIONS, "{} 30 июня", "{} 30 июня"),
    (words.MANY | words.MAYBE_MANY, "3 {}", "3 {}"),
    (words.MANY | words.MAYBE_MANY, "до 3 {}", "by 3 {}"),
    (("", ":", ",", " -"), "за I квартал{} до 10 апреля", "for Q1{} by 10 April"),
    (words.BEFORE_GENITIVE, "{} 3 квартала", "{} 3 квартала"),
    (words.HALF_WORDS, "2 {}", "second {}"),
    (words.DECADE_WORDS, "2 {} мая", "2 {} мая"),
    (words.MONTH_WORDS, "9 {}", "9 {}"),
    (words.YEAR_WORDS, "март 2026 {}", "March 2026 {}"),
    (words.THIS_YEAR, "март {} года", "March of {} year"),
    (words.ACADEMIC_YEAR, "в течение {}", "during {}"),
    (words.WHOLE, "{} год", "{} year"),
    (words.AND, "март {} июнь", "March {} June"),
    (open_wordings.MORE_TIME, "март ({} отчета)", "March ({} a report)"),
)


_PERIODS = {
    "year": _YEAR,
    "academic": _ACADEMIC,
    "three years": ProgrammePeriod(date(2026, 1, 1), date(2028, 12, 31)),
    "from June": ProgrammePeriod(date(2026, 6, 15), date(2028, 2, 10)),
}
_TEXTS = """
ежегодно до марта; раз в полгода до 10 числа; до 1 марта (05.02.2026); до 1 марта (с 05.02.2026)
1 квартал; 3 квартал; I квартал 2027; II-III кварталы; 4 квартал 2026 - 1 квартал 2027
4-1 кварталы; 1 полугодие; 2 полугодие 2026; март; декабрь; март, июнь; март и декабрь 2027
сентябрь, март; январь-март; декабрь-февраль; с марта по май; с сентября по май
сентябрь 2026 - май 2027; до 1 марта; 1 марта; 1 марта 2027; 29 февраля; 31 июня; 30 апреля
1, 15 марта; 15 марта, 15 июня; 15.03, 15.09; 01.03.2027; 01.09.2026 - 01.03.2027; с 1 сентября
с 1 марта по 1 сентября; в течение года: ежеквартально
в течение 2026 года, ежеквартально; в течение 1 полугодия, ежеквартально; в 1 квартале, ежемесячно
в течение 1 полугодия, ежегодно; март, ежемесячно; с 15 марта по 15 июня, ежемесячно
15.XIII.2026; 5. IX. 2026; 1 кварталов; 2 кварталов; 1-4 кварталов; 2-3 кварталов; 2 и 3 кварталов
в течение 2 кварталов; 2-х кварталов; в марте - июне; в период с марта по июнь; в марте и июне
до конца марта; до марта; до конца 3 квартала; до 3 квартала
до конца года; до конца 2027 года; не позднее 1 марта; с марта; начиная с 3 квартала; к 1 сентября
2 декада мая; середина марта; 2026; 2027 год; 2026-2027; 2026-2028 годы; 2026, 2028; 2030
в течение года; весь 2026 год; в течение всего 2027 года; в течение текущего года
март текущего года; 1 марта следующего года; до 15 апреля следующего года; следующий год
в течение учебного года; учебный год 2026-2027; ежеквартально; ежеквартально до 10 числа
ежеквартально до 10 числа месяца, следующего за отчетным; ежемесячно; ежемесячно до 5 числа
ежемесячно с марта по май; ежемесячно до 31 числа; каждое полугодие; раз в полгода; ежегодно
ежегодно до 1 марта; ежегодно, март; ежегодно в марте и июне; 1 и 3 квартал ежегодно
ежегодно 4 квартал; ежегодно до 15 января следующего года; 2 раза в год
до 5 числа следующего месяца; в последний день каждого месяца; 3 месяца; 9 месяцев; 9 месяцев 2027
Q1 2027; H2 2026; Q3-Q4; March to May 2027; by 1 March; every March; quarterly; semi-annually
1-15 марта; до 1 марта (приказ от 01.02.2026); до 1 марта (1 квартал); март - отчет; 5-й квартал
46203; 4; июнь 26; 2026-01; 2026-12; 2027-00; 2027-13; 1990; 1989; 31.12.1989; 01.01.1990
до 1 марта (приказ от 05.04.2026); до 1 марта (приказ от 31.02.2026); до 1 марта (№ 5 от 28.02.2026)
from Q1 through Q3; quarters from 1 through 3; quarters from 1 to 3; с 1 по 3 квартал
с 1 марта включительно по 1 июня включительно; с 2 квартала; со 2 полугодия 2027; с 2027
4 квартал 2026, 1 квартал 2027; 3 квартал 2026, 4 квартал 2027; 15.09.2026, 15.03.2026; 13; 31
2026 2027; 2026/2027 год; Q3'26 - 30 ноября; 1 квартал - 30 ноября; с 1 марта по 1 квартал
1-3 кварталы - май; с марта до марта; с 31 марта до апреля; декабрь - февраль 2027
с декабря по февраль 2026; 3 квартал 2026 - 2 квартал 2027; декабрь - 15 января 2027; 15 марта - май
за 4 квартал - до 15 января следующего года; за год - до 1 марта следующего года; X месяц
май месяц 2026; до конца мая месяца 2026; в мае месяце; мая месяц 5
за 4 квартал - до 15 января; за 4 квартал - до 15 января 2027; до 5 июня, 2026; до 45 числа
from June 5, 2026 to July 1, 2026; 5 the June; 31/31/2026; каждое 0 число; ежемесячно до 0 числа
June 5, July 7; June, July; June 5, 2026, July 7; 05/06/2026; 6/7/26
круглогодично 2027; круглогодично; June, 2026; 5 июня 26 г.; март 27 г.; 0 квартал; 1 и 5 квартал
4 квартал 2026, 1 квартал 2026; 3 квартал и 3 квартал; со 2 по IV квартал; третий IV
"""
"""Terms whose reading may depend on the days that the programme is for."""
_OTHER_TEXTS = """
весь период, постоянно; непрерывно; бессрочно; регулярно; систематически; периодически
на постоянной основе; в постоянном режиме; на регулярной основе; в рабочем порядке
на системной основе; на систематической основе; на периодической основе; на бессрочной основе
в режиме реального времени; по мере поступления заявок; по необходимости; при наличии средств
при поступлении заявок; при возникновении; при обращении; по запросу; по запросам; по требованию
по факту; по согласованию; по обращению; по заявкам; по графику; согласно плану-графику
в соответствии с утвержденным графиком; в установленные сроки; в соответствующий срок
в указанный срок; в сроки, установленные приказом; в срок, предусмотренный договором
в срок определенный приказом; до начала работ; до завершения работ; до окончания договора
до вступления в силу; до полного исполнения; до окончательного завершения; до выполнения работ
до исполнения; до принятия закона; до утверждения плана; до подписания акта; до ввода объекта
до заключения договора; до момента ввода; в 10-дневный срок со дня подписания
в десятидневный срок с момента подписания; в месячный срок после подписания
в недельный срок с даты подписания; в ходе работ; в процессе работ; в рабочие дни
в рабочее время; в дни приема; в течение 10 рабочих дней со дня подписания
в течении месяца от даты подписания; не позднее чем через 3 календарных дня после подписания
5 дней с момента подписания; не более двух недель после подписания; спустя неделю после подписания
через 2 часа после сообщения; немедленно после подписания; сразу после ввода; после ввода
в течение всего срока действия договора; на период действия договора; в период реализации
за период исполнения; на весь период реализации; на весь срок действия; весь срок реализации
в течение периода; в течение всего срока; весь период; на весь период; ежедневно
еженедельно по средам; круглосуточно; ежечасно; раз в день; не реже двух раз в неделю
3 раза в сутки; срок не установлен; не определен; не ограничен; без срока; без указания срока
до особого распоряжения; незамедлительно; немедленно; каждый рабочий день; каждый понедельник
каждый вторник; каждую среду; каждый четверг; каждую пятницу; каждую субботу; каждую неделю
каждое воскресенье; каждый день; по средам; по понедельникам и пятницам; раз в две недели
1 раз в 2 недели; один раз в две недели; early March; mid-2026; late summer 2026
в начале марта; середина марта 2026; начало года; beginning of the year; middle of March 2026
ongoing; on-going; continuous; continuously; continual; permanent; permanently; as needed
when required; if necessary; as and when requested; on demand; upon receipt of the act
on an ongoing basis; on a continuous basis; on request; daily; weekly; regularly; at all times
around the clock; two times a week; 3 times per day; once per day; once a week; every two weeks
every 2 weeks; bi-weekly; biweekly; fortnightly; immediately; asap; as soon as possible
every day; every week; every weekday; every Tuesday; as per the schedule
according to a separate plan; in accordance with schedule; per plan; by the schedule
within 3 working days of receipt; within a week after approval; within ten days from receipt
throughout the duration of the contract; for the life of the project; throughout the programme
during the term of the contract; during the project; tbd; tbc; to be determined
to be confirmed; until further notice; no deadline; open-ended; open ended
по мере поступления, ежеквартально; по графику до 1 марта; после марта; после 1 марта
через месяц с даты подписания; в начале 3 квартала; в течение 5 дней после 1 марта
ежедневно до конца года; по плану на март; каждый понедельник марта; до начала
март (1 этап); март (II этап); март (первый тур); март (вторая очередь); март (третий транш)
март (четвертый этап); март (3-я очередь); March (second stage); March (first round); March (2)
March (third phase); March (fourth stage); March (phase 2); март (№ 5); март (п. 3.2)
март (пункт 4); март (приложение 2); март (раздел 5); март (стр. 7); март (ст. 3)
March (item 4); March (annex 2); March (section 3); March (no. 5); март (до отчета, 2)
до 1 марта (приказ № 5 от 1 февраля 2026 г.); до 1 марта (приказ от 1 марта 2026)
до 1 марта (приказ от 28.02.2026 года); до 1 марта (1 февраля 2026); до 1 марта (№ 5, 01.02.2026)
постоянно (приказ от 01.02.2026); до 1 марта (отчет, постоянно); до 1 марта (отчет по плану)
"""
"""Open terms, notes beside a term, and what is neither."""
_LEADS = {
    **dict.fromkeys(("течение", "течении", "период", "конце"), "в "),
    **dict.fromkeys(("позднее", "позже", "ранее"), "не "),
    "протяжении": "на ",
}
"""What stands before a word that is none of a term by itself."""


def read_wordings() -> Iterator[str]:
    """Yield a line of the golden file for each wording: the term, and how it is read."""
    for known, russian, english in _FRAMES:
        period = _ACADEMIC if known is words.ACADEMIC_YEAR else _YEAR
        for one in known if isinstance(known, tuple) else sorted(known):
            frame = english if one.isascii() and one.strip("-") else russian
            lead = _LEADS.get(one, "") if known is words.BEFORE_GENITIVE else ""
            text = lead + frame.format(one)
            yield f"{text}\t{_shown(read_term(text, period))}"
    for name, period in _PERIODS.items():
        for text in _separate(_TEXTS):
            yield f"{name}: {text}\t{_shown(read_term(text, period))}"
    for text in _separate(_OTHER_TEXTS):
        yield f"{text}\t{_shown(read_term(text, _YEAR))}"


def _separate(texts: str) -> Iterator[str]:
    yield from filter(None, map(str.strip, texts.replace("\n", ";").split(";")))


def _shown(reading: TermReading) -> str:
    """Return the certainty, the likely reading and the others."""
    spans = [reading.span, *reading.readings]
    return " | ".join([str(reading.certainty), *map(_days, spans)])


def _days(span: Span) -> str:
    days = " ".join(map(str, span.quarters or span.points))
    return days or f"{span.start or ''}..{span.due or ''}"


def main() -> None:
    """Write the golden file."""
    GOLDEN.write_text("\n".join(read_wordings()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
