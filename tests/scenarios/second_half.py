"""The second half of the year: a measure added, one cancelled, two postponed, the final reports."""

from typing import Final

from tests.scenarios import steps
from tests.scenarios.first_half import (
    COMPUTERS,
    IVANOVA,
    OFFICES_OPEN,
    PETROV,
    QUEUES,
    REPAIRS,
    SITES,
    TRAINING,
    figures,
)
from tests.scenarios.steps import document
from tests.scenarios.working_copy import Step

THIRD_QUARTER: Final = (
    Step(
        "2024-07-22 11:15",
        IVANOVA,
        steps.added(
            channel="3.7",
            number="3.7.1",
            proposal="Приём обращений клиентов в мессенджере",
            actions=["Выбор мессенджера", "Подключение чат-бота"],
            term={"text": "4 квартал 2024", "quarters": [4]},
            result="Обращения принимаются в мессенджере",
            responsible=COMPUTERS,
            notes="Включено в программу приказом от 19.07.2024 № АЭС/502",
        ),
    ),
    Step(
        "2024-08-12 15:10",
        IVANOVA,
        steps.cancelled(
            "3.4.1-2",
            "2024-08-12",
            "Услугу предоставляет банк-партнёр в своём приложении",
            "Протокол правления от 09.08.2024 № 17",
        ),
    ),
    *(
        Step(
            moment,
            IVANOVA,
            steps.postponed(
                measure,
                "4 квартал 2024",
                "2024-09-10",
                "Поставщик задержал терминал",
                "Приказ от 09.09.2024 № АЭС/611",
            ),
        )
        for moment, measure in zip(("2024-09-10 10:20", "2024-09-10 10:24"), QUEUES, strict=True)
    ),
    Step(
        "2024-09-26 11:40",
        IVANOVA,
        steps.recorded(
            *OFFICES_OPEN,
            quarter=3,
            fact="2024-09-26",
            result="Работают 75 офисов обслуживания",
            documents=(document("Справка о работе офисов обслуживания", "84", "2024-09-26"),),
            files=("Справка № 84.pdf",),
        ),
    ),
    Step(
        "2024-09-27 16:00",
        IVANOVA,
        steps.recorded(
            *TRAINING,
            quarter=3,
            fact="2024-09-27",
            result="Обучен 41 сотрудник",
            documents=(document("Отчёт об обучении персонала", "26", "2024-09-27"),),
            files=("Отчёт об обучении за III квартал.pdf",),
        ),
    ),
    Step(
        "2024-09-30 17:05",
        IVANOVA,
        steps.recorded(
            *REPAIRS,
            quarter=3,
            fact="2024-09-27",
            result="Отремонтированы клиентские офисы в Алейске и Горно-Алтайске",
            documents=(document("Акт о приёмке выполненных работ", "3", "2024-09-27"),),
            files=("Акт КС-2 № 3.pdf",),
        ),
    ),
    *figures(
        3,
        "2024-09-30",
        document("Отчёт контактного центра", "19", "2024-10-01"),
        ("2024-10-02 09:45", "2.2.1", (("2024-Q3", 96.3),)),
        ("2024-10-02 09:49", "2.2.1-2", (("2024-Q3", 83.4),)),
        ("2024-10-02 09:53", "2.2.1-3", (("2024-07", 4.4), ("2024-08", 4.2), ("2024-09", 4))),
    ),
    Step("2024-10-04 12:00", IVANOVA, steps.tagged("отчёт-2024-3", "Отчёт за III квартал сдан")),
)

FOURTH_QUARTER: Final = (
    Step(
        "2024-11-21 10:30",
        IVANOVA,
        steps.recorded(
            *QUEUES,
            quarter=4,
            fact="2024-11-20",
            complete=True,
            result="Терминал электронной очереди в ЦОК «Пригородный» работает",
            documents=(document("Акт ввода в эксплуатацию", "40", "2024-11-20"),),
            files=("Акт ввода в эксплуатацию № 40.pdf", "Паспорт терминала.pdf"),
        ),
    ),
    Step("2024-11-21 10:42", IVANOVA, steps.set_("1.1.2", budget__fact="338400,50")),
    Step(
        "2024-12-12 13:25",
        PETROV,
        steps.recorded(
            *SITES,
            quarter=4,
            fact="2024-12-11",
            complete=True,
            result="Версия сайта для слабовидящих открыта для клиентов",
            documents=(document("Акт сдачи-приёмки работ по договору № 18/24", "3", "2024-12-11"),),
            files=("Акт № 3 по договору № 18-24.pdf",),
            links=("https://energosbyt.example/?view=special",),
        ),
    ),
    Step(
        "2024-12-16 11:00",
        PETROV,
        steps.recorded(
            "3.7.1",
            quarter=4,
            fact="2024-12-13",
            complete=True,
            result="Чат-бот принимает обращения и показания приборов учёта",
            documents=(document("Акт ввода в эксплуатацию", "46", "2024-12-13"),),
            files=("Акт ввода в эксплуатацию № 46.pdf",),
        ),
    ),
    Step(
        "2024-12-25 15:30",
        IVANOVA,
        steps.recorded(
            *TRAINING,
            quarter=4,
            fact="2024-12-25",
            complete=True,
            result="За год обучены 139 сотрудников, план обучения выполнен",
            documents=(document("Отчёт об обучении персонала", "38", "2024-12-25"),),
            files=("Отчёт об обучении за 2024 год.pdf",),
        ),
    ),
    Step(
        "2024-12-26 11:10",
        IVANOVA,
        steps.recorded(
            *OFFICES_OPEN,
            quarter=4,
            fact="2024-12-26",
            complete=True,
            result="Работают 75 офисов обслуживания",
            documents=(document("Справка о работе офисов обслуживания", "112", "2024-12-26"),),
            files=("Справка № 112.pdf",),
        ),
    ),
    Step(
        "2024-12-27 12:20",
        IVANOVA,
        steps.recorded(
            *REPAIRS,
            quarter=4,
            fact="2024-12-26",
            complete=True,
            result="За год отремонтированы 6 клиентских офисов",
            documents=(document("Акт о приёмке выполненных работ", "4", "2024-12-26"),),
            files=("Акт КС-2 № 4.pdf",),
        ),
    ),
    Step("2024-12-27 12:35", IVANOVA, steps.set_("1.1.4", budget__fact="4725310")),
    *figures(
        4,
        "2024-12-31",
        document("Отчёт контактного центра", "1", "2025-01-09"),
        ("2025-01-09 14:10", "2.2.1", (("2024-Q4", 96.7),)),
        ("2025-01-09 14:15", "2.2.1-2", (("2024-Q4", 84.2),)),
        ("2025-01-09 14:21", "2.2.1-3", (("2024-10", 4.3), ("2024-11", 4.1), ("2024-12", 4.6))),
        files=("Отчёт контактного центра за 2024 год.pdf",),
    ),
    Step("2025-01-10 10:00", IVANOVA, steps.tagged("отчёт-2024-4", "Отчёт за 2024 год сдан")),
)
