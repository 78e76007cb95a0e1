"""Messages of merges that say what is not so, or leave out what they set."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import copytree

import pytest

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.merge_message import merge_message_findings
from kvartal.history.audit.merge_versions import MergeVersions, OtherPlan
from kvartal.history.diff.words import Words
from kvartal.history.messages.subjects import LIMIT
from kvartal.history.messages.trailers import parse_trailers
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.merge_commit import MergeSummary, StatedPlan, merge_message
from kvartal.history.sync.sync import synchronise
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.operations import set_fields
from tests.audit.story import LANGUAGES, Story
from tests.audit.test_merge_checks import start_merge
from tests.sync.clones import first_measures


@pytest.fixture(scope="module")
def synced_once(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository after a sync in which our notes were chosen: to be copied."""
    folder = tmp_path_factory.mktemp("synced")
    story = Story(copytree(begun, folder / "repo") / "plan" / "2024.yaml")
    publish(story, folder)
    other = story.clone(folder / "other")
    story.set(notes="Наше", responsible="Отдел")
    other.set(notes="Их")
    other.set("1.1.3", budget__plan="5000")
    for one in (other, story):
        with one.clock():
            synchronise(one.plan, choices=Side.OURS)
    assert story.codes() == []
    return story.repo


def publish(story: Story, folder: Path) -> None:
    """Make a bare repository the upstream of a story."""
    bare = folder / "bare.git"
    story.git("clone", "--quiet", "--bare", story.repo, bare)
    story.git("remote", "add", "origin", bare)
    story.git("fetch", "--quiet", "origin")
    story.git("branch", "--quiet", "-u", "origin/main")


@pytest.fixture
def synced(synced_once: Path, tmp_path: Path) -> Story:
    """Return a clone after a sync in which our notes were chosen."""
    return Story(copytree(synced_once, tmp_path / "repo") / "plan" / "2024.yaml")


def findings(story: Story) -> list[Finding]:
    """Return what is found; not that the commit which the sync left was amended since."""
    return [one for one in story.findings(full=True) if one.code != "history-rewritten"]


def test_a_sync_whose_words_were_altered(synced: Story) -> None:
    message = synced.message()
    line = "Бюджет, план: — → 5000"
    assert line in message
    commit = synced.commit(message.replace(line, f"{line}0", 1), "--amend")
    (finding,) = findings(synced)
    assert finding.commit is not None
    assert finding.commit.id == commit
    assert finding.message().startswith(f"В сообщении слияния сказано «{line}0», а на деле")


def test_the_other_value_under_the_message_of_a_choice(synced: Story) -> None:
    message = synced.message()
    synced.rewrite("notes: Наше", "notes: Их")
    commit = synced.commit(message, "--amend")
    found = findings(synced)
    assert {one.commit and one.commit.id for one in found} == {commit}
    assert [one.code for one in found] == ["message-disagrees"]


def test_words_that_a_hook_or_a_person_adds(synced: Story) -> None:
    message = synced.message().replace("\n\nУ нас", "\n\nСогласовано по телефону.\n\nУ нас", 1)
    synced.commit("[ABC-1] " + message + "Signed-off-by: A <a@b.c>\n", "--amend")
    assert findings(synced) == []


OTHERS_SCAN = "Kvartal-Evidence: sha256:" + "0" * 64 + " plan/evidence/2024/1.1.2/Акт.pdf"
INVENTED = "Выбрано наше значение. 1.1.3, примечания: у нас «А», с другой стороны «Б»."
IN_ENGLISH = "Our value was chosen. 1.1.3, notes: ours “A”, theirs “B”."


@pytest.mark.parametrize(
    ("old", "new", "code", "word"),
    [
        ("У нас (", "У нас (Директор, ", "message-disagrees", "Директор"),
        ("Выбрано наше", f"Ура.\n{INVENTED}\n\nВыбрано наше", "message-disagrees", INVENTED),
        ("Выбрано наше", f"{IN_ENGLISH}\n\nВыбрано наше", "message-disagrees", IN_ENGLISH),
        ("Change: merge", "Change: merged", "trailers-disagree", "Kvartal-Change: merged"),
        ("Change: merge", "Change: set", "trailers-disagree", "set"),
        ("Kvartal-Change: merge\n", "", "trailers-disagree", "Kvartal-Measure: 1.1.2"),
        ("Change: merge", f"Change: merge\n{OTHERS_SCAN}", "trailers-disagree", "Акт.pdf"),
    ],
)
def test_who_merged_what_and_what_programs_read_of_it(
    synced: Story, old: str, new: str, code: str, word: str
) -> None:
    message = synced.message()
    assert old in message
    synced.commit(message.replace(old, new, 1), "--amend")
    (finding,) = findings(synced)
    assert finding.code == code
    assert word in finding.message()


PLAIN_LIES = (
    "Слияние\n\nУ нас (Директор):\n\nСогласовано",
    "Слияние\n\nПримечания: — → Утверждено",
    "1.1.3: исполнено 27.09.2024, Акт № 5",
    "1.1.3: примечания: Здесь → Утверждено",
    f"Слияние\n\n{INVENTED}",
)


@pytest.mark.parametrize("message", PLAIN_LIES)
def test_a_plain_merge_that_speaks_as_the_program_does(story: Story, message: str) -> None:
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes="Здесь"),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    commit = story.commit(message)
    (finding,) = story.findings()
    line = next(one for one in reversed(message.split("\n")) if one and one != "Согласовано")
    assert (finding.code, finding.commit and finding.commit.id) == ("message-disagrees", commit)
    assert finding.message() == f"В сообщении слияния сказано, а на деле не так: «{line}»."


PLAIN: dict[str, Callable[[str, str], str]] = {
    "as git writes it": lambda *_: "Merge branch 'other'\n",
    "with a log": lambda one, other: f"Merge branch 'other'\n\n* other:\n  {one}\n  {other}\n",
    "as a forge writes it": lambda _, other: (
        f"Merge pull request #7 from org/other\n\n{other}\n\nОтдел → филиал: согласовано\n"
    ),
    "quoting who did what, and the trailers": lambda _, other: (
        f"{other} (#7)\n\nKvartal-Change: set\nKvartal-Measure: 2.2.1\n\n"
        "У нас (Иванова Анна):\n\nОтдел → А\n"
    ),
    "as git writes it of a mark": lambda *_: (
        "Merge tag 'kvartal/verified/2024-09-28'\n\nПроверено\n\n"
        "Kvartal-Verified: {commit}\nKvartal-Plan: plan/2024.yaml\nKvartal-Digest: sha256:0\n"
        "Kvartal-From: beginning\nKvartal-Commits: 2\nKvartal-Files: 0\nKvartal-Anchor: 0\n"
        "Kvartal-Timestamp: MII\n"
    ),
    "the subject of a merged change": lambda _, other: (
        f"{other} (#7)\n\nВыбрано наше значение. Так договорились.\n"
    ),
}


@pytest.mark.parametrize("form", PLAIN)
def test_an_honest_plain_merge(story: Story, form: str) -> None:
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes="Здесь"),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    subjects = (story.git("log", "-1", "--format=%s", name).strip() for name in ("main", "other"))
    merged = story.git("rev-parse", "other").strip()
    story.commit(PLAIN[form](*subjects).replace("{commit}", merged))
    assert story.codes() == []


def test_a_sync_of_a_different_programme_of_the_repository(story: Story, tmp_path: Path) -> None:
    """Its message is about that one, and both plans are merged by it; a third begins."""
    second = Story(story.plan.with_name("2023.yaml"), story.now)
    second.plan.write_text(story.plan.read_text(encoding="utf-8"), encoding="utf-8")
    second.commit("Программа на 2023 год")
    publish(story, tmp_path)
    other = story.clone(tmp_path / "other")
    story.set(responsible="Отдел")
    second.set("1.1.3", notes="Да")
    other.set(notes="Да")
    Story(other.plan.with_name("2023.yaml"), story.now).set("1.1.1", notes="Нет")
    other.plan.with_name("2022.yaml").write_bytes(other.plan.read_bytes())
    other.commit("Программа на 2022 год")
    for one in (other, second):
        with one.clock():
            synchronise(one.plan)
    assert story.codes() == second.codes() == []


def test_the_message_of_a_merge_of_many_programmes_names_those_that_fit() -> None:
    """What it says of each is looked for all the same."""
    paths = [f"филиал {number}, ОК/plan/2024.yaml" for number in range(5)]
    base, ours = first_measures_data(), first_measures_data(notes="Да")
    theirs = first_measures_data("1.1.3", notes="Нет")
    plans = [StatedPlan(path, base, ours, base, ours) for path in paths[:-1]]
    plans.append(StatedPlan(paths[-1], base, base, theirs, theirs))
    for translate in LANGUAGES:
        summary = MergeSummary(plans, (), (), (), (), ("А",), ("Б",))
        message = merge_message(summary, Words(translate))
        assert len(message.partition("\n")[0]) <= LIMIT
        for plan in plans:
            both = [plan.ours, plan.theirs]
            others = [OtherPlan(one.path, base, one.merged) for one in plans if one is not plan]
            versions = MergeVersions(
                *(base, both, plan.merged, frozenset(), plan.path),
                is_alone=False,
                others=partial(tuple, others),
            )

            def codes(text: str, versions: MergeVersions = versions) -> list[str]:
                trailers = parse_trailers(text)
                found = merge_message_findings(text, trailers, versions, LANGUAGES)
                return [finding.code for finding in found]

            assert codes(message) == []
            # Where no other plan was merged, what it says of one is not true.
            assert codes(message, replace(versions, is_alone=True)) == ["message-disagrees"]
            head, heading, rest = message.partition(f"{plan.path}:\n")
            altered = rest.replace("→ Да", "→ Так", 1).replace("→ Нет", "→ Так", 1)
            assert codes(head + heading + altered) == ["message-disagrees"]
            # Each looks for its own measures, and that nobody's are named beside them.
            is_last = plan is plans[-1]
            for text, is_found in (
                (message.replace("Kvartal-Measure: 1.1.2\n", ""), not is_last),
                (message.replace("Kvartal-Measure: 1.1.3\n", ""), is_last),
                (message.replace("Kvartal-Measure: 1.1.2", "Kvartal-Measure: 2.2.1", 1), True),
            ):
                assert codes(text) == ["trailers-disagree"] * is_found


def first_measures_data(measure: str = "1.1.2", **texts: str) -> PlanData:
    """Return the first measures of the real programme, with texts set in one of them."""
    data = load(first_measures().encode(), "").data
    return apply_edits(data, set_fields(data, measure, texts).edits)
