"""Each state of a repository has a sentence on the command line and on the opening screen."""

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
"""The heading of the table on the main screen."""

root_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives a folder to another user"
)
posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")


@dataclass(frozen=True)
class Case:
    """What the program says in a state.

    Attributes:
        build: Brings the repository into the state.
        code: Exit code of `kvartal set`.
        output: Part of what `kvartal set` prints.
        seen: Part of what the opening screen shows; empty if editing is possible.
        read: Exit code of `kvartal list`.
    """

    build: Callable[[Path], Path]
    code: int
    output: str
    seen: str = ""
    read: int = 0


def working(build: Callable[[Path], Path], output: str = FINE, seen: str = "") -> Case:
    return Case(build, 0, output, seen)


def refusing(build: Callable[[Path], Path], output: str, seen: str = "", read: int = 0) -> Case:
    return Case(build, 1, output, seen, read)


def unfinished(build: Callable[[Path], Path], command: str, end: str = "--abort") -> Case:
    output = (
        f"не закончена команда `git {command}`. Завершите её или отмените (`git {command} {end}`)"
    )
    return refusing(build, output, "Только просмотр. В репозитории не закончена")


CASES = [
    working(state.intact),
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
    refusing(state.broken, "впишите в этот файл одну строку", "Только просмотр. Файл git"),
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
        "открыта отдельная версия, а не ветка: сохранённое потерялось бы. Вернитесь на ветку: "
        "`git switch -`",
        "Только просмотр. В репозитории открыта отдельная версия",
    ),
    unfinished(state.merging, "merge"),
    unfinished(state.rebasing, "rebase"),
    unfinished(state.cherry_picking, "cherry-pick"),
    unfinished(state.reverting, "revert"),
    unfinished(state.applying_mail, "am"),
    unfinished(state.bisecting, "bisect", "reset"),
    refusing(
        state.unmerged,
        "файлы с неразрешёнными конфликтами: 2024.yaml. Разрешите их (`git status` подскажет)",
        "Только просмотр. В репозитории есть файлы с неразрешёнными конфликтами",
    ),
    refusing(
        state.stale_lock,
        "/.git/index.lock», он стоит с 31.03.2024 12:00:00. Пока он есть, git ничего не запишет; "
        "сейчас git здесь не работает. Отложите файл: `kvartal doctor --unlock`.",
        "F6 — убрать этот файл.",
    ),
    refusing(
        state.recent_lock,
        "/.git/index.lock» стоит с ",
        # It may disappear at any moment.
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
    refusing(
        state.failing_signature, "Не удалось подписать изменение. Проверьте, что ключ подписи"
    ),
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
        state.skip_worktree,
        "`git update-index --no-skip-worktree --no-assume-unchanged '2024.yaml'`",
        "Только просмотр. git настроен не замечать",
    ),
    working(state.removed_from_index),
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
        state.edited_manually,
        "внесена в историю отдельно: 1.1.2: правка файла",
        "Файл правили вручную, в истории этого нет. F6 — посмотреть правку и решить.",
    ),
    refusing(
        state.edited_invalidly,
        "строка 7: Неизвестное поле «colour»",
        "Ошибок в файле: 1.",
    ),
    refusing(
        state.made_unreadable,
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
    working(state.case_insensitive),
    working(state.symlinked),
]


# Git does not work there.
CLOSED = (state.no_repository, state.broken, state.bare, state.of_another_user)


def name(case: Case) -> str:
    return case.build.__name__


@pytest.fixture(params=CASES, ids=name)
def case(request: pytest.FixtureRequest) -> Case:
    case: Case = request.param
    return case


async def opening_screen(plan: Path) -> str:
    """Return the text of the opening screen, with few rows for speed."""
    async with opened(plan, programme=programme_at(plan, "2024.yaml"), size=(80, 12)) as stage:
        await stage.pilot.pause()  # The banner needs one more layout.
        return stage.words()


async def test_a_state_is_reported_and_reading_changes_nothing(
    case: Case, programme: Path, ask: Run
) -> None:
    plan = case.build(programme)
    home = plan.resolve().parent.parent
    before = None if case.build in CLOSED else visible_state(home)

    listed = ask(plan, "list")
    assert (listed.exit_code, "1.1.2" in listed.stdout) == (case.read, not case.read)
    seen = await opening_screen(plan)
    assert case.seen in seen
    assert (OPEN in seen) == (not case.read)
    assert ("F6" in seen or "Только просмотр" in seen or "Ошибок" in seen) == bool(case.seen)
    assert before is None or visible_state(home) == before

    written = ask(plan, "set", "1.1.2", "responsible=Отдел")
    assert case.output in " ".join((written.stdout + written.stderr).split())
    assert written.exit_code == case.code
    if case.code:
        assert written.stdout == ""
        assert before is None or visible_state(home) == before
    else:
        assert subjects(home, 1)[0].endswith(" → Отдел")
        assert visible_state(home).leftovers == []
