"""The first half of the year 2024 as data: what was done, when and by whom.

Every fact is recorded within days, late ones as late. The contact centre records a quarter after
its end, the fourth one after the holidays.
"""

from typing import Final

from kvartal.schema.measure import Document
from kvartal.schema.quarters import QUARTERS
from tests.scenarios import steps
from tests.scenarios.steps import document
from tests.scenarios.working_copy import Person, Step

# Git drops a full stop at the end of a name, so the initials come first.
IVANOVA: Final = Person("А. П. Иванова", "ivanova@energosbyt.example")
PETROV: Final = Person("С. В. Петров", "petrov@energosbyt.example")

ATTRIBUTES: Final = "* -text\nplan/*.yaml merge=kvartal diff=kvartal\n*.pdf binary\n"

CLIENTS: Final = "Управление по работе с клиентами"
PREMISES: Final = "Административно-хозяйственный отдел"
STAFF: Final = "Отдел по работе с персоналом"
CALLS: Final = "Контактный центр"
COMPUTERS: Final = "Отдел информационных технологий"

OFFICES_OPEN: Final = ("1.1.1", "1.2.1")
QUEUES: Final = ("1.1.2", "1.2.2")
TRAINING: Final = ("1.1.3", "1.1.3-2", "1.2.3", "1.2.3-2")
REPAIRS: Final = ("1.1.4", "1.2.4")
SITES: Final = ("3.1.1", "3.2.1")

RESPONSIBLE: Final = {
    **dict.fromkeys(OFFICES_OPEN, CLIENTS),
    **dict.fromkeys(QUEUES, PREMISES),
    **dict.fromkeys(TRAINING, STAFF),
    **dict.fromkeys(REPAIRS, PREMISES),
    **dict.fromkeys(("2.2.1", "2.2.1-2", "2.2.1-3"), CALLS),
    **dict.fromkeys((*SITES, "3.1.2", "3.2.2", "3.3.1", "3.4.1", "3.4.1-2"), COMPUTERS),
}


def figures(
    quarter: int,
    fact: str,
    report: Document,
    *rows: tuple[str, str, tuple[tuple[str, float], ...]],
    files: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    """Return the steps that record the contact centre's figures.

    Args:
        quarter: The quarter the figures are for.
        fact: Date of fact, ISO.
        report: The document given as evidence.
        rows: Moment, measure and values of each record.
        files: Names of the attached files.
    """
    return tuple(
        Step(
            moment,
            IVANOVA,
            steps.recorded(
                measure,
                quarter=quarter,
                fact=fact,
                complete=quarter == max(QUARTERS),
                values=values,
                documents=(report,),
                files=files,
            ),
        )
        for moment, measure, values in rows
    )


BEGINNING: Final = (
    Step("2023-12-26 10:05", IVANOVA, steps.configured_git(ATTRIBUTES)),
    Step("2023-12-26 10:12", IVANOVA, steps.adopted()),
    Step("2024-01-15 11:05", IVANOVA, steps.imported("responsible", RESPONSIBLE)),
    Step("2024-01-16 09:40", IVANOVA, steps.set_("1.1.4", budget__plan="4800000")),
    Step("2024-01-16 09:52", IVANOVA, steps.set_("1.1.2", budget__plan="350000")),
    Step(
        "2024-01-22 15:20",
        IVANOVA,
        steps.set_("3.1.1", notes="Работы ведёт подрядчик по договору № 18/24 от 19.01.2024"),
    ),
    Step(
        "2024-02-14 14:10",
        PETROV,
        steps.set_("3.4.1-2", notes="Переговоры с банком-партнёром начаты 12.02.2024"),
    ),
)

FIRST_QUARTER: Final = (
    Step(
        "2024-03-21 16:05",
        IVANOVA,
        steps.recorded(
            "3.3.1",
            quarter=1,
            fact="2024-03-20",
            complete=True,
            result="Личный кабинет для клиентов-юридических лиц работает круглосуточно",
            documents=(document("Акт ввода в эксплуатацию", "14", "2024-03-20"),),
            files=("Акт ввода в эксплуатацию № 14.pdf",),
            links=("https://lk-ul.energosbyt.example/",),
        ),
    ),
    Step(
        "2024-03-22 10:15",
        IVANOVA,
        steps.recorded(
            "3.4.1",
            quarter=1,
            fact="2024-03-21",
            complete=True,
            result="Личный кабинет для клиентов-физических лиц работает круглосуточно",
            documents=(document("Акт ввода в эксплуатацию", "15", "2024-03-21"),),
            files=("Акт ввода в эксплуатацию № 15.pdf",),
            links=("https://lk.energosbyt.example/",),
        ),
    ),
    Step(
        "2024-03-28 11:30",
        IVANOVA,
        steps.recorded(
            *OFFICES_OPEN,
            quarter=1,
            fact="2024-03-28",
            result="Работают 75 офисов обслуживания",
            documents=(document("Справка о работе офисов обслуживания", "31", "2024-03-28"),),
            files=("Справка № 31.pdf",),
        ),
    ),
    Step(
        "2024-03-29 15:45",
        IVANOVA,
        steps.recorded(
            *TRAINING,
            quarter=1,
            fact="2024-03-29",
            result="Обучены 34 сотрудника",
            documents=(document("Отчёт об обучении персонала", "9", "2024-03-29"),),
            files=("Отчёт об обучении за I квартал.pdf",),
        ),
    ),
    Step(
        "2024-04-01 09:50",
        IVANOVA,
        steps.recorded(
            *REPAIRS,
            quarter=1,
            fact="2024-03-29",
            result="Отремонтированы клиентские офисы в Бийске и Рубцовске",
            documents=(document("Акт о приёмке выполненных работ", "1", "2024-03-29"),),
            files=("Акт КС-2 № 1.pdf",),
        ),
    ),
    *figures(
        1,
        "2024-03-31",
        document("Отчёт контактного центра", "4", "2024-04-01"),
        ("2024-04-02 10:20", "2.2.1", (("2024-Q1", 95.8),)),
        ("2024-04-02 10:26", "2.2.1-2", (("2024-Q1", 82.1),)),
        ("2024-04-02 10:31", "2.2.1-3", (("2024-01", 4.1), ("2024-02", 4.6), ("2024-03", 3.9))),
        files=("Отчёт контактного центра за I квартал.pdf",),
    ),
    # A wrong figure: corrected, undone until the contact centre confirms it, corrected again.
    Step(
        "2024-04-03 09:15",
        IVANOVA,
        steps.corrected("2.2.1-3", ("records", 0, "values", 2, "value"), 3.9, 4.9),
    ),
    Step("2024-04-03 09:40", IVANOVA, steps.undone()),
    Step("2024-04-04 14:05", IVANOVA, steps.redone()),
    Step("2024-04-04 14:30", IVANOVA, steps.tagged("отчёт-2024-1", "Отчёт за I квартал сдан")),
)

SECOND_QUARTER: Final = (
    # Changed in an editor and adopted by the program …
    Step(
        "2024-04-15 16:55",
        PETROV,
        steps.edited(
            "и ответов на них для клиентов-юридических лиц\n      - Создание раздела на "
            "официальном сайте\n",
            "и ответов на них для клиентов-юридических лиц\n      - Создание раздела на "
            "официальном сайте и проверка его юридическим отделом\n",
        ),
    ),
    # … or committed with git alone.
    Step(
        "2024-04-17 11:20",
        PETROV,
        steps.edited(
            f"responsible: {COMPUTERS}\n    notes: Переговоры",
            "responsible: Отдел цифровых сервисов\n    notes: Переговоры",
            "Автоплатёж передан в отдел цифровых сервисов",
        ),
        outside_program=True,
    ),
    Step(
        "2024-05-21 10:00",
        IVANOVA,
        steps.set_("1.1.2", notes="Договор поставки терминала № 77/24 от 20.05.2024"),
    ),
    # Two people work at the same time, on one measure too.
    Step(
        "2024-06-13 17:30",
        PETROV,
        steps.recorded(
            "3.1.2",
            quarter=2,
            fact="2024-06-12",
            complete=True,
            result="Раздел «Часто задаваемые вопросы» для юридических лиц опубликован",
            documents=(document("Акт сдачи-приёмки раздела сайта", "22", "2024-06-12"),),
            links=("https://energosbyt.example/faq/ul",),
        ),
        in_clone=True,
    ),
    Step(
        "2024-06-14 09:10",
        PETROV,
        steps.recorded(
            "3.2.2",
            quarter=2,
            fact="2024-06-13",
            complete=True,
            result="Раздел «Часто задаваемые вопросы» для физических лиц опубликован",
            documents=(document("Акт сдачи-приёмки раздела сайта", "23", "2024-06-13"),),
            files=("Акт № 23.pdf",),
            links=("https://energosbyt.example/faq/fl",),
        ),
        in_clone=True,
    ),
    Step(
        "2024-06-14 11:00",
        IVANOVA,
        steps.set_("3.1.2", responsible=f"{COMPUTERS}, юридический отдел"),
    ),
    Step(
        "2024-06-14 11:10",
        IVANOVA,
        steps.set_("3.4.1-2", notes="Банк-партнёр предложил свою услугу, решает правление"),
    ),
    Step(
        "2024-06-17 09:30",
        IVANOVA,
        steps.merged("Объединение с работой Петрова С. В. за 13–14 июня"),
    ),
    Step(
        "2024-06-27 11:20",
        IVANOVA,
        steps.recorded(
            *OFFICES_OPEN,
            quarter=2,
            fact="2024-06-27",
            result="Работают 75 офисов обслуживания",
            documents=(document("Справка о работе офисов обслуживания", "58", "2024-06-27"),),
            files=("Справка № 58.pdf",),
        ),
    ),
    Step(
        "2024-06-28 14:40",
        IVANOVA,
        steps.recorded(
            *TRAINING,
            quarter=2,
            fact="2024-06-28",
            result="Обучены 28 сотрудников, выданы сертификаты",
            documents=(
                document("Отчёт об обучении персонала", "17", "2024-06-28"),
                document("Сертификат учебного центра", "АБ-1184", "2024-06-26"),
            ),
            files=("Отчёт об обучении за II квартал.pdf", "Сертификат АБ-1184.pdf"),
        ),
    ),
    *figures(
        2,
        "2024-06-30",
        document("Отчёт контактного центра", "11", "2024-07-01"),
        ("2024-07-02 10:05", "2.2.1", (("2024-Q2", 95.1),)),
        ("2024-07-02 10:09", "2.2.1-2", (("2024-Q2", 78.6),)),
        ("2024-07-02 10:14", "2.2.1-3", (("2024-04", 4.8), ("2024-05", 5.4), ("2024-06", 4.7))),
    ),
    # Late, and recorded as what it is.
    Step(
        "2024-07-15 09:30",
        IVANOVA,
        steps.recorded(
            *REPAIRS,
            quarter=2,
            fact="2024-07-12",
            result="Ремонт клиентского офиса в Заринске закончен 12.07.2024: подрядчик опоздал",
            documents=(document("Акт о приёмке выполненных работ", "2", "2024-07-12"),),
            files=("Акт КС-2 № 2.pdf",),
        ),
    ),
    Step("2024-07-15 10:00", IVANOVA, steps.tagged("отчёт-2024-2", "Отчёт за II квартал сдан")),
)
