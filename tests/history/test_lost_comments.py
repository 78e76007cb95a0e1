"""A comment that the other side's deletion takes along is kept or named, by git merge too."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.driver_setup import install
from kvartal.history.merge.driver import MergeInput, merge_files, text_merge
from kvartal.history.merge.lost_comments import lost_comments
from kvartal.history.merge.markers import MarkerLabels
from kvartal.history.store.dropped_comments import dropped_comments
from kvartal.history.yaml_text.loader import load
from tests.history.test_driver_setup import ATTRIBUTES, RUNNING

Git = Callable[..., str]

PLAN: Final = """\
year: 2024
document:
  organization: АО «Пример»
  title: Программа
  chapters:
    - number: "1"
      heading: Первая
      blocks:
        - table:
            columns: [А, Б]
            rows:
              - [а1, б1]
              - [а2, б2]
              - [а3, б3]
    - number: "2"
      heading: Вторая
      blocks:
        - paragraph: Абзац
    - number: "3"
      heading: Третья
      blocks:
        - paragraph: Последний
sections:
  - number: "1"
    title: Раздел один
    channels:
      - number: "1.1"
        title: Канал один
      - number: "1.2"
        title: Канал два
      - number: "1.3"
        title: Канал три
  - number: "2"
    title: Раздел два
    channels:
      - number: "2.1"
        title: Канал четыре
  - number: "3"
    title: Раздел три
measures:
  - id: 1.1.1
    channel: "1.1"
    proposal: Первое
    term:
      text: 1-4 кварталы 2024
      quarters: [1, 2, 3, 4]
    responsible:
      - name: Иванов
        role: отвечает
      - name: Петров
        role: помогает
    budget:
      - source: свои
        plan: 1
      - source: чужие
        plan: 2
    records:
      - quarter: 1
        date: "2024-03-01"
        result: Раз
      - quarter: 2
        date: "2024-06-01"
        result: Два
      - quarter: 3
        date: "2024-09-01"
        result: Три
  - id: 1.1.2
    channel: "1.1"
    proposal: Второе
    term:
      text: 4 квартал 2024
      quarters: [4]
  - id: 1.1.3
    channel: "1.1"
    proposal: Третье
    term:
      text: 4 квартал 2024
      quarters: [4]
"""
PARTS: Final = {
    "row": ("              - [а2", "              - [а3"),
    "chapter": ('    - number: "2"\n      heading', '    - number: "3"\n      heading'),
    "channel": ('      - number: "1.2"', '      - number: "1.3"'),
    "section": ('  - number: "2"\n    title', '  - number: "3"\n    title'),
    "responsible": ("      - name: Петров", "    budget:"),
    "budget": ("      - source: чужие", "    records:"),
    "record": ("      - quarter: 2", "      - quarter: 3"),
    "measure": ("  - id: 1.1.2", "  - id: 1.1.3"),
}
"""What one side deletes: where it begins, and what follows it."""
SIDES: Final = ("Наш комментарий", "Комментарий другой стороны")


def without(text: str, part: str) -> str:
    begin, after = PARTS[part]
    return text[: text.index(begin)] + text[text.index(after) :]


def commented(text: str, part: str, comment: str) -> Iterator[str]:
    """Yield the text with a comment at each line of a part: above it, and behind it."""
    begin, after = PARTS[part]
    at = text.index(begin)
    lines = text[at : text.index(after)].splitlines(keepends=True)
    for number, line in enumerate(lines):
        indent = line[: len(line) - len(line.lstrip())]
        for new in (f"{indent}# {comment}\n{line}", f"{line[:-1]}  # {comment}\n"):
            changed = "".join([*lines[:number], new, *lines[number + 1 :]])
            yield text[:at] + changed + text[text.index(after) :]


@pytest.mark.parametrize("deletes", ["ours", "theirs"])
@pytest.mark.parametrize("part", PARTS)
def test_a_comment_in_what_was_deleted_is_kept_or_named(part: str, deletes: str) -> None:
    """Also where the same words stand at another place, which the merge keeps."""
    for base in (PLAN, f"# Спросить\n{PLAN}"):
        for text in commented(base, part, "Спросить"):
            versions = (without(base, part), text)
            ours, theirs = versions if deletes == "ours" else versions[::-1]
            encoded = (base.encode(), ours.encode(), theirs.encode())
            files = MergeInput(*encoded, "plan/2024.yaml", MarkerLabels())
            result = merge_files(files, text_merge(files))
            assert result.is_clean
            lost = list(lost_comments(files, result.content))
            assert {note.code for note in lost} <= {"merge-comment"}
            notes = [note.message() for note in lost]
            is_kept = result.content.decode().count("# Спросить") > base.count("# Спросить")
            side = SIDES[deletes == "ours"]
            sentence = f"{side} «Спросить» в объединённый файл не вошёл."
            assert notes == ([] if is_kept else [sentence]), text


def test_words_that_the_deletion_took_elsewhere_are_not_those_that_were_added() -> None:
    """One side deletes a comment, the other writes the same words where they stay."""
    _, base, *_ = commented(PLAN, "measure", "Спросить")
    theirs = next(commented(base, "record", "Спросить"))
    ours = without(base, "measure")
    files = MergeInput(
        ours=ours.encode(),
        theirs=theirs.encode(),
        base=base.encode(),
        name="",
        labels=MarkerLabels(),
    )
    result = merge_files(files, text_merge(files))
    assert result.content.decode().count("# Спросить") == 1
    assert not list(lost_comments(files, result.content))


def test_an_arrow_in_a_comment_is_not_taken_for_that_of_a_changed_field() -> None:
    files = MergeInput(
        ours=f"{PLAN}# было → стало\n".encode(),
        theirs=PLAN.encode(),
        base=PLAN.encode(),
        name="",
        labels=MarkerLabels(),
    )
    (lost,) = lost_comments(files, PLAN.encode())
    assert lost.message() == ("Наш комментарий «было -> стало» в объединённый файл не вошёл.")


@pytest.mark.parametrize("deletes", ["main", "other"])
def test_git_merge_names_each_comment_that_it_did_not_keep(
    repo: Path, git: Git, deletes: str
) -> None:
    plan = repo / "plan" / "2024.yaml"
    plan.parent.mkdir(exist_ok=True)
    (repo / ".gitattributes").write_text(ATTRIBUTES)
    plan.write_text(PLAN, encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "Начало")
    install(find_repository(plan.parent), plan.name, RUNNING)
    start = git("rev-parse", "HEAD").strip()
    left, right = PLAN, PLAN
    for part in PARTS:
        left = without(left, part)
        right = list(commented(right, part, f"О части {part}"))[2 * (part != "row")]
    git("switch", "-qc", "other", start)
    plan.write_text(right if deletes == "main" else left, encoding="utf-8")
    git("commit", "-qam", "Там")
    git("switch", "-q", "-")
    plan.write_text(left if deletes == "main" else right, encoding="utf-8")
    git("commit", "-qam", "Здесь")
    done = subprocess.run(
        ["git", "merge", "other"], cwd=repo, check=False, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    text = plan.read_text(encoding="utf-8")
    assert text.count("id: 1.1.2") == 0
    side = SIDES[deletes == "main"]
    sentences = {part: f"{side} «О части {part}» в объединённый файл не вошёл." for part in PARTS}
    assert [part for part in PARTS if sentences[part] not in done.stderr] == ["row"]
    assert [part for part in PARTS if f"# О части {part}" in text] == ["row"]


@pytest.mark.parametrize(
    ("count", "stated"), [(5, "# 1; # 2; # 3; # 4; # 5"), (6, "# 1; # 2; # 3; # 4; # 5; …")]
)
def test_no_more_than_five_comments_that_a_change_takes_along_are_named(
    count: int, stated: str
) -> None:
    lines = "".join(f"  - {at}  # {at}\n" for at in range(1, count + 1))
    before, after = (load(text.encode(), "") for text in (f"a:\n{lines}", "a: 1\n"))
    dropped = dropped_comments(before, after)
    assert dropped is not None
    assert dropped.fields["comments"] == stated
    assert dropped_comments(before, before) is None


@pytest.mark.parametrize("value", ['"Новое: #1"', "'один # два'", '{b: "# 1", c: "# 2"}'])
def test_a_comment_behind_a_text_with_the_same_sign_is_noticed(value: str) -> None:
    before, after = (load(f"a: {text}  # почему\n".encode(), "") for text in ("Прежнее", value))
    assert dropped_comments(before, after) is None
    dropped = dropped_comments(after, load(f"a: {value}\n".encode(), ""))
    assert dropped is not None
    assert dropped.fields["comments"] == "# почему"
