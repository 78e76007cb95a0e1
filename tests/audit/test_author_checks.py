"""Commits under a name other than that of whoever made them."""

import pytest

from tests.audit.story import Story
from tests.audit.test_merge_checks import start_merge
from tests.audit.test_signature_checks import signing, signing_once  # noqa: F401 - fixtures
from tests.support.isolation import EMAIL

DIRECTOR = ("GIT_AUTHOR_NAME=Директор", "GIT_AUTHOR_EMAIL=director@tests.example")
LATER = "2024-10-02T10:00:00+03:00"


def as_director(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git take the director for the author, as it does for anybody."""
    for setting in DIRECTOR:
        monkeypatch.setenv(*setting.split("="))


def test_a_change_under_the_name_of_another(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    as_director(monkeypatch)
    commit = story.record()
    (finding,) = story.findings()
    assert (finding.code, finding.commit and finding.commit.id) == ("author-differs", commit)
    assert finding.message() == (
        "Автором назван Директор <director@tests.example>, а тут же внёс изменение "
        f"Иванова Анна <{EMAIL}>. Имя автора git берёт на веру: спросите обоих, чьё оно."
    )


@pytest.mark.parametrize("moment", ["2024-09-28T10:00:00+03:00", "2024-09-28T10:01:30+03:00"])
def test_the_author_of_a_change_replaced(story: Story, moment: str) -> None:
    story.set(notes="Да")
    story.now = moment
    author = "--author=Директор <director@tests.example>"
    story.git("commit", "--quiet", "--amend", "--no-edit", author)
    assert story.codes() == ["author-differs"]


def test_a_merge_under_the_name_of_another(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes="Здесь"),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    as_director(monkeypatch)
    commit = story.commit("Слияние")
    assert story.found() == [("author-differs", commit)]


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("GitHub", "noreply@github.com"),
        ("GitLab", "gitlab@forge.example"),
    ],
)
def test_a_merge_made_by_a_forge(
    story: Story, monkeypatch: pytest.MonkeyPatch, name: str, email: str
) -> None:
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes="Здесь"),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    monkeypatch.setenv("GIT_COMMITTER_NAME", name)
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", email)
    story.commit("Merge pull request #7 from org/other")
    assert story.codes() == []


def colleague(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Петров Иван")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "petrov@tests.example")


def test_a_rebase_by_a_colleague(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.git("branch", "other")
    story.git("switch", "--quiet", "other")
    story.set(responsible="Отдел")
    story.set(notes="Да")
    story.git("switch", "--quiet", "main")
    story.now = "2024-09-28T10:00:30+03:00"
    story.set("1.1.1", notes="Раньше")
    story.git("switch", "--quiet", "other")
    colleague(monkeypatch)
    for moment in ("2024-09-28T10:01:00+03:00", LATER):
        story.now = moment
        story.git("rebase", "--quiet", "--force-rebase", "main")
        assert story.codes() == []


def test_a_patch_applied_by_a_colleague(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.set(responsible="Отдел")
    patch = story.git("format-patch", "-1", "--stdout")
    story.git("reset", "--quiet", "--hard", "HEAD~1")
    colleague(monkeypatch)
    monkeypatch.setenv("GIT_COMMITTER_DATE", LATER)
    given = story.repo.parent / "change.patch"
    given.write_text(patch, encoding="utf-8")
    story.now = LATER
    story.git("am", "--quiet", given)
    assert story.git("log", "-1", "--format=%an %cn").strip() == "Иванова Анна Петров Иван"
    assert story.codes() == []


def test_a_person_with_two_addresses(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ivanova@home.example")
    story.set(notes="Да")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ivanova@home.example")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Анна Иванова")
    story.set(notes="Нет")
    assert story.codes() == []


def test_a_signature_of_a_third_person(
    signing: Story,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signing.set(notes="Да")
    assert signing.codes() == []
    as_director(monkeypatch)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Директор")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "director@tests.example")
    commit = signing.set(notes="Нет")
    assert signing.found() == [("signer-differs", commit)]
    assert signing.findings()[0].message() == (
        f"Изменение подписал {EMAIL}, а автором и тем, кто внёс, названы другие: "
        "Директор <director@tests.example>, Директор <director@tests.example>."
    )


def test_a_signature_that_stands_for_a_whole_office(
    signing: Story,  # noqa: F811 - the fixture
) -> None:
    """The file of allowed signers may name a pattern of addresses."""
    allowed = signing.repo.parent / "keys" / "allowed"
    domain = EMAIL.partition("@")[2]
    allowed.write_text(allowed.read_text().replace(EMAIL, f"*@{domain}"))
    signing.set(notes="Да")
    assert signing.codes() == []
