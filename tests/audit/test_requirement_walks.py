"""A requirement loosened and tightened again around an act, looked at in several walks.

Whatever is remembered between the walks, a cache, a mark, nothing, the findings are the same.
"""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.audit.story import Story


def tick(story: Story) -> Story:
    """Let an hour go by on the clock."""
    day, _, rest = story.now.partition("T")
    hour = int(rest[:2]) + 1
    number = int(day[-2:])
    if hour == 24:
        hour, number = 0, number + 1
    story.now = f"{day[:-2]}{number:02}T{hour:02}{rest[2:]}"
    return story


def begin(story: Story, measure: str = "1.1.3") -> None:
    tick(story).set(
        measure,
        indicator__name="Обучено",
        indicator__unit="чел.",
        indicator__direction="not_less",
        indicator__target="90",
        indicator__period="quarter",
    )


def target(story: Story, value: int, measure: str = "1.1.3") -> None:
    tick(story).set(measure, indicator__target=str(value))


def act(story: Story, measure: str = "1.1.3") -> None:
    tick(story).record(measure, complete=False)


def between(story: Story) -> None:
    tick(story).set("1.1.1", notes=story.now)


def adopted(story: Story, old: str, new: str) -> None:
    tick(story).rewrite(old, new)
    story.adopt("Опечатка")


def in_steps(story: Story) -> None:
    """Loosened twice, tightened twice, and a second round."""
    begin(story)
    target(story, 70)
    target(story, 50)
    act(story)
    target(story, 70)
    between(story)
    target(story, 90)
    target(story, 50)
    act(story)
    target(story, 90)


def on_branches(story: Story) -> None:
    """Loosened on one branch, the act on the other, tightened after the merge."""
    begin(story)
    story.set_up()
    story.git("branch", "other")
    target(story, 50)
    story.git("switch", "--quiet", "other")
    between(story)
    story.git("switch", "--quiet", "main")
    tick(story).git("merge", "--quiet", "--no-ff", "-m", "Слияние", "other")
    story.git("branch", "third")
    act(story)
    story.git("switch", "--quiet", "third")
    between(story)
    story.git("switch", "--quiet", "main")
    tick(story).git("merge", "--quiet", "--no-ff", "-m", "Слияние", "third")
    between(story)
    target(story, 90)


def laid_out_anew(story: Story) -> None:
    """The file is laid out otherwise in between: ids quoted, measures in another order."""
    begin(story)
    target(story, 50)
    adopted(story, "  - id: 1.1.3\n", '  - id: "1.1.3"   # Обучение\n')
    act(story)
    text = story.plan.read_text("utf-8")
    head, *blocks = re.split(r"(?m)^(?=  - id: )", text)
    blocks[-1] = blocks[-1].rstrip("\n") + "\n\n"
    tick(story).plan.write_text(head + "".join(reversed(blocks)), encoding="utf-8")
    story.adopt("Порядок")
    between(story)
    target(story, 90)
    adopted(story, '  - id: "1.1.3"   # Обучение\n', "  - id: 1.1.3\n")
    target(story, 50)
    act(story)
    target(story, 90)


def of_two_measures(story: Story) -> None:
    """Two measures change in one commit."""
    begin(story)
    begin(story, "1.1.1")
    tick(story).rewrite("target: 90", "target: 50", count=2)
    story.adopt("Обоим")
    act(story)
    act(story, "1.1.1")
    tick(story).rewrite("target: 50", "target: 90", count=2)
    story.adopt("Обоим")
    between(story)


def audit_goes_and_comes(story: Story) -> None:
    """The whole section goes, signatures with it, and comes back beside a change of a measure."""
    adopted(story, "language: ru\n", "language: ru\naudit:\n  backdating_days: 10\n")
    adopted(story, "audit:\n  backdating_days: 10\n", "")
    begin(story)
    tick(story).record("1.1.1", quarter=3, day="2024-09-01", complete=False)
    tick(story).rewrite("language: ru\n", "language: ru\naudit:\n  backdating_days: 10\n")
    story.rewrite("target: 90", "target: 50")
    story.adopt("Две вещи")
    act(story)
    target(story, 90)


def renamed_file(story: Story) -> None:
    """The file has another name for a while."""
    begin(story)
    target(story, 50)
    tick(story).git("mv", "plan/2024.yaml", "plan/2024-x.yaml")
    story.commit("Имя")
    tick(story).git("mv", "plan/2024-x.yaml", "plan/2024.yaml")
    story.commit("Имя")
    act(story)
    between(story)
    target(story, 90)


def undone(story: Story) -> None:
    """The act is undone and redone; the loosening is reverted by git."""
    begin(story)
    target(story, 50)
    loosened = story.head
    act(story)
    tick(story).undo()
    between(story)
    act(story)
    tick(story).git("revert", "--no-edit", loosened)
    between(story)


VARIANTS: tuple[Callable[[Story], None], ...] = (
    in_steps,
    on_branches,
    laid_out_anew,
    of_two_measures,
    audit_goes_and_comes,
    renamed_file,
    undone,
)


def rows(story: Story, **request: object) -> list[dict[str, str | None]]:
    found = story.findings(**request)
    return [finding.as_json() for finding in found if finding.is_of_history]


def first_parents(story: Story) -> list[str]:
    return story.git("rev-list", "--first-parent", "--reverse", "main").split()


def stops(story: Story, every: int) -> Iterator[set[str]]:
    """Go through the history, a few commits at a time; yield what is before each stop."""
    commits = first_parents(story)
    for commit in [*commits[every - 1 :: every], commits[-1]]:
        story.git("reset", "--quiet", "--hard", commit)
        yield set(story.git("rev-list", commit).split())


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_findings_are_the_same_in_any_number_of_walks(
    story: Story, variant: Callable[[Story], None]
) -> None:
    variant(story)
    at_once = rows(story, full=True)
    assert "requirement-loosened" in {row["code"] for row in at_once}
    story.forget()
    for before in stops(story, every=3):
        assert rows(story) == [row for row in at_once if row["commit"] in before]
    assert rows(story) == at_once
    commits = first_parents(story)
    for commit in commits[2::4]:  # In the middle, with a cache and without.
        before = set(story.git("rev-list", commit).split())
        left = [row for row in at_once if row["commit"] not in before]
        for _time in range(2):
            found = rows(story, since=commit)
            assert [row for row in found if row["commit"] not in before] == left
            story.forget()


@pytest.mark.parametrize("variant", [in_steps, on_branches])
def test_what_a_mark_covers_leads_to_the_same_findings_after_it(
    story: Story, variant: Callable[[Story], None]
) -> None:
    variant(story)
    at_once = rows(story, full=True)
    commits = first_parents(story)
    commit = commits[4]
    before = set(story.git("rev-list", commit).split())
    left = [row for row in at_once if row["commit"] not in before]
    assert left == at_once
    story.forget()
    story.git("reset", "--quiet", "--hard", commit)
    story.tag()
    story.git("reset", "--quiet", "--hard", commits[-1])
    assert rows(story) == left
    assert rows(story) == left
