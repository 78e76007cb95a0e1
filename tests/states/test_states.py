"""Each state of a repository has its sentence, on the command line and on the opening screen."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.states import repositories as state
from tests.states.conftest import Run
from tests.support.repository import subjects, visible_state
from tests.support.screens import opened, programme_at

FINE = "Сохранено: 1.1.2: ответственный исполнитель: — → Отдел"
OPEN = "№ Мероприятие"
"""What stands on the main screen, over its table."""

root_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives a folder to another user"
)
posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")


@dataclass(frozen=True)
class Case:
    """What is to be heard in a state.

    Attributes:
        build: Brings the repository into it.
        code: Exit code of `kvartal set`.
        told: What `kvartal set` says.
        seen: What the opening screen says; it offers to change something where nothing is said.
        read: Exit code of `kvartal list`.
    """

    build: Callable[[Path], Path]
    code: int
    told: str
    seen: str = ""
    read: int = 0


def working(build: Callable[[Path], Path], told: str = FINE, seen: str = "") -> Case:
    return Case(build, 0, told, seen)


def refusing(build: Callable[[Path], Path], told: str, seen: str = "", read: int = 0) -> Case:
    return Case(build, 1, told, seen, read)


def under_way(build: Callable[[Path], Path], command: str, end: str = "--abort") -> Case:
    told = (
        f"не закончена команда `git {command}`. Завершите её или отмените (`git {command} {end}`)"
    )
    return refusing(build, told, "Только просмотр. В репозитории не закончена")


CASES = [
    working(state.as_it_should_be),
    refusing(
        state.no_repository,
        "не в репозитории git: истории изменений нет, сохранять некуда. Завести историю: "
        "`kvartal init`",
        "Только просмотр. F6 — завести историю. Папка",
    ),
    working(
        state.no_commits,
        "внесена в историю отдельно: Программа на 2024 год: начата история",
        "Этого файла ещё нет в истории. F6 — внести его.",
    ),
    refusing(
        state.broken, "/.git» повреждён: git его не признаёт.", "Только просмотр. Репозиторий"
    ),
    refusing(
        state.bare, "внутри репозитория без рабочих файлов. Сделайте рабочую копию", "без рабочих"
    ),
    pytest.param(
        refusing(
            state.of_another_user,
            "принадлежит другому пользователю, git ему не доверяет. Если доверяете вы: "
            "`git config --global --add safe.directory '",
            "Только просмотр. F6 — доверять ему. Репозиторий принадлежит другому пользователю",
        ),
        marks=root_only,
    ),
    refusing(
        state.detached,
        "открыта старая версия, а не ветка: сохранённое потерялось бы. Вернитесь на ветку: "
        "`git switch -`",
        "Только просмотр. В репозитории открыта старая версия",
    ),
    under_way(state.merging, "merge"),
    under_way(state.rebasing, "rebase"),
    under_way(state.cherry_picking, "cherry-pick"),
    under_way(state.reverting, "revert"),
    under_way(state.applying_mail, "am"),
    under_way(state.bisecting, "bisect", "reset"),
    refusing(
        state.unmerged,
        "файлы с неразрешёнными конфликтами: 2024.yaml. Разрешите их (`git status` подскажет)",
        "Только просмотр. В репозитории есть файлы с неразрешёнными конфликтами",
    ),
    refusing(
        state.left_lock,
        "/.git/index.lock», он стоит с 31.03.2024 12:00:00. Пока он есть, git ничего не запишет; "
        "сейчас git здесь не работает: удалите этот файл.",
        "F6 — убрать этот файл.",
    ),
    refusing(
        state.young_lock,
        "/.git/index.lock» стоит с ",
        # It may be gone in a moment.
        "",
    ),
    refusing(
        state.no_identity,
        "git не знает, от чьего имени сохранять. Укажите себя, в папке программы: "
        '`git config --local user.name "Фамилия Имя"` и `git config --local user.email ',
    ),
    pytest.param(
        refusing(
            state.refusing_hook,
            "Проверка репозитория (hook) не пропустила изменение. Её ответ: Нет номера задачи",
        ),
        marks=posix,
    ),
    refusing(state.failing_key, "Не удалось подписать изменение. Проверьте, что ключ подписи"),
    refusing(state.altering_filter, "git записал бы файл «2024.yaml» не таким, каков он на диске"),
    working(
        state.untracked,
        "внесена в историю отдельно: Программа на 2024 год: начата история",
        "Этого файла ещё нет в истории. F6",
    ),
    refusing(
        state.ignored,
        "исключён из истории правилом .gitignore. Правило покажет `git check-ignore -v '2024.yaml'",
        "Только просмотр. Файл «2024.yaml» исключён из истории",
    ),
    refusing(
        state.passed_over,
        "`git update-index --no-skip-worktree --no-assume-unchanged '2024.yaml'`",
        "Только просмотр. git настроен не замечать",
    ),
    working(state.lost_by_the_index),
    refusing(
        state.deleted,
        "нет на диске, а в последней записи истории он есть. Верните его: `kvartal adopt --aside`",
        "Программа не открыта",
        read=1,
    ),
    refusing(
        state.sparse_without_plan,
        "не берёт файл вне её: plan/2024.yaml. Выложите папку программы: "
        "`git sparse-checkout add 'plan'`",
        "Программа не открыта",
        read=1,
    ),
    working(
        state.edited_by_hand,
        "внесена в историю отдельно: 1.1.2: правка файла",
        "Файл правили вручную, в истории этого нет. F6 — посмотреть правку и решить.",
    ),
    refusing(
        state.edited_wrongly,
        "строка 7: Неизвестное поле «colour»",
        "Ошибок в файле: 1.",
    ),
    refusing(
        state.edited_beyond_reading,
        "строка 212: здесь должно стоять значение",
        "нажмите F5 или верните прежний: F6.",
        read=1,
    ),
    working(state.worktree),
    working(state.submodule),
    working(state.sparse),
    working(state.shallow),
    working(state.crlf),
    working(state.cyrillic),
    working(state.caseless),
    working(state.linked),
]


# Git does not answer there.
CLOSED = (state.no_repository, state.broken, state.bare, state.of_another_user)


def name(case: Case) -> str:
    return case.build.__name__


@pytest.fixture(params=CASES, ids=name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


async def at_first_sight(plan: Path) -> str:
    """Return what the opening screen says: a few rows of it, to be quick."""
    async with opened(plan, programme=programme_at(plan, "2024.yaml"), size=(80, 12)) as stage:
        await stage.pilot.pause()  # The banner takes its lines: a layout more.
        return stage.words()


async def test_a_state_is_told_and_looking_alters_nothing(
    case: Case, programme: Path, ask: Run
) -> None:
    plan = case.build(programme)
    home = plan.resolve().parent.parent
    before = None if case.build in CLOSED else visible_state(home)

    listed = ask(plan, "list")
    assert (listed.exit_code, "1.1.2" in listed.stdout) == (case.read, not case.read)
    seen = await at_first_sight(plan)
    assert case.seen in seen
    assert (OPEN in seen) == (not case.read)
    assert ("F6" in seen or "Только просмотр" in seen or "Ошибок" in seen) == bool(case.seen)
    assert before is None or visible_state(home) == before

    written = ask(plan, "set", "1.1.2", "responsible=Отдел")
    assert case.told in " ".join((written.stdout + written.stderr).split())
    assert written.exit_code == case.code
    if case.code:
        assert written.stdout == ""
        assert before is None or visible_state(home) == before
    else:
        assert subjects(home, 1)[0].endswith(" → Отдел")
        assert visible_state(home).leftovers == []
