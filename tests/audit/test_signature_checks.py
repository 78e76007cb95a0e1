"""Signatures, where the programme asks for them."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest

from kvartal.history.audit.create_tag import create_tag
from kvartal.history.audit.signature_checks import signature_findings, tag_status
from kvartal.history.audit.stored_objects import Commit, Person, Tag
from kvartal.history.git.command import GitResult
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import untranslated
from tests.audit.story import Story, accept_all
from tests.support.isolation import EMAIL


@pytest.fixture(scope="module")
def signing_once(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a history that asks for signatures, and of keys: to be copied."""
    folder = tmp_path_factory.mktemp("signing")
    story = Story(copytree(begun, folder / "repo") / "plan" / "2024.yaml")
    keys = folder / "keys"
    keys.mkdir()
    for name in ("own", "strange"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / name], check=True
        )
    public = (keys / "own.pub").read_text()
    (keys / "allowed").write_text(f"{EMAIL} {public}")
    story.git("config", "gpg.format", "ssh")
    story.git("config", "gpg.ssh.allowedSignersFile", keys / "allowed")
    story.git("config", "user.signingKey", keys / "own.pub")
    story.rewrite("language: ru\n", "language: ru\naudit:\n  signatures: required\n")
    story.adopt()
    story.git("config", "commit.gpgSign", "true")
    return folder


@pytest.fixture
def signing(signing_once: Path, tmp_path: Path) -> Story:
    """Return a history that asks for signatures, and a clone that signs."""
    copytree(signing_once, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "repo" / ".git" / "config"
    config.write_text(config.read_text().replace(str(signing_once), str(tmp_path)))
    return Story(tmp_path / "repo" / "plan" / "2024.yaml")


def test_signed_commits(signing: Story) -> None:
    signing.set(notes="Да")
    signing.undo()
    assert "gpgsig" in signing.git("cat-file", "commit", "HEAD")
    assert signing.found() == []


def test_an_unsigned_commit(signing: Story) -> None:
    signing.set(notes="Да")
    signing.git("config", "commit.gpgSign", "false")
    commit = signing.set(notes="Нет")
    assert signing.found() == [("unsigned", commit)]
    # Who accepts that has to sign as well.
    acceptance = accept_all(signing)
    assert signing.found() == [("unsigned", commit), ("unsigned", acceptance)]
    assert signing.open_codes() == ["unsigned"]
    signing.git("config", "commit.gpgSign", "true")
    accept_all(signing)
    assert signing.open_codes() == []


def test_a_signature_by_an_unknown_key(signing: Story, tmp_path: Path) -> None:
    signing.git("config", "user.signingKey", tmp_path / "keys" / "strange.pub")
    commit = signing.set(notes="Да")
    assert signing.found() == [("unknown-signature", commit)]
    # A program of the repository's own would say what it likes.
    liar, started = tmp_path / "liar", tmp_path / "started"
    liar.write_text(f'#!/bin/sh\ntouch "{started}"\necho "Good \\"git\\" signature for {EMAIL}"\n')
    liar.chmod(0o755)
    for scope in ("--local", "--worktree"):
        signing.git("config", "extensions.worktreeConfig", "true")
        signing.git("config", scope, "gpg.ssh.program", liar)
        assert signing.found() == [("unknown-signature", commit)]
    assert not started.exists()


def test_a_commit_altered_after_it_was_signed(signing: Story) -> None:
    signing.set(notes="Да")
    raw = signing.git("cat-file", "commit", "HEAD").replace("Отдел", "Отдел")
    forged = raw.replace("\n\n1.1.2: ", "\n\n1.1.2:  ")
    assert forged != raw
    name = signing.git("hash-object", "-t", "commit", "-w", "--stdin", given=forged).strip()
    signing.git("update-ref", "HEAD", name)
    assert ("bad-signature", name) in signing.found()


def test_dropping_the_rule_has_to_be_signed(signing: Story) -> None:
    signing.set(notes="Да")
    signing.git("config", "commit.gpgSign", "false")
    signing.rewrite("audit:\n  signatures: required\n", "")
    commit = signing.adopt()
    signing.set(notes="Нет")
    assert signing.found() == [("unsigned", commit)]


def test_tags_are_signed_and_have_to_be(signing: Story) -> None:
    report = signing.report(tags_only=True)
    name = create_tag(report, date(2024, 12, 31), untranslated, sign=False)
    assert "BEGIN SSH SIGNATURE" in signing.git("cat-file", "tag", name)
    signing.set(notes="Да")
    assert signing.report().findings == ()
    message = signing.git("for-each-ref", "--format=%(contents:subject)", f"refs/tags/{name}")
    assert message.startswith("Проверено")
    text = signing.git("cat-file", "tag", name).partition("\n\n")[2].partition("-----BEGIN")[0]
    signing.git("tag", "-f", "--no-sign", "-a", name, "HEAD~1", "-F", "-", given=text)
    (unsigned,) = signing.findings()
    assert (unsigned.code, "не подписана" in unsigned.message()) == ("mark-forged", True)
    signing.git("tag", "-f", "--no-sign", "-a", name, "HEAD", "-F", "-", given=text)
    (moved,) = signing.findings()
    assert (moved.code, "переставлена" in moved.message()) == ("mark-forged", True)


Judges = Callable[[str, int, str], Repository]
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = ("Иванова Анна", "ivanova@tests.example", "Петров Иван", "petrov@tests.example")
THIRD = "Директор <director@tests.example>"


def signed_commit(name: str, signature: str) -> Commit:
    author, address, committer, other_address = NAMES
    return Commit(
        *(name, "0", (), author, MOMENT, MOMENT, "", signature),
        author_email=address,
        committer=committer,
        committer_email=other_address,
    )


@pytest.fixture
def judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judges:
    """Return what makes a repository in which git says this of signatures."""

    def make(printed: str, code: int, errors: str) -> Repository:
        def run(_: object, *arguments: str, stdin: bytes = b"", **__: object) -> GitResult:
            asked = {"log", "verify-tag"}.intersection(arguments)
            commits = stdin.decode().split()
            lines = [f"{one} {printed}\n" for one in commits if printed]
            given = "".join(lines).encode() if asked else b""
            assert not asked or "unsigned" not in commits
            return GitResult("git", code if asked else 0, given, errors if asked else "")

        monkeypatch.setattr(Repository, "run", run)
        return Repository(tmp_path, tmp_path, tmp_path, "")

    return make


@pytest.mark.parametrize(
    ("signature", "printed", "code"),
    [
        *(("openpgp", f"{status} {NAMES[0]} <{NAMES[1]}>", "") for status in "GXYU"),
        *(("openpgp", f"{status} {THIRD}", "bad-signature") for status in "BR"),
        *(("openpgp", f"{status} {THIRD}", "unknown-signature") for status in "EN"),
        ("openpgp", "", "unknown-signature"),
        ("ssh", f"U {NAMES[1]}", "unknown-signature"),
        ("openpgp", f"G {THIRD}", "signer-differs"),
        ("openpgp", f"U {THIRD}", "signer-differs"),
        ("ssh", "G director@tests.example", "signer-differs"),
        # Either name or address of either person, in any case.
        ("openpgp", f"G {NAMES[2].upper()} <director@tests.example>", ""),
        ("openpgp", f"G Директор <{NAMES[3].upper()}>", ""),
        ("ssh", f"G {NAMES[3]}", ""),
        ("ssh", "G director@tests.example,*@TESTS.example", ""),
        ("ssh", "G *@elsewhere.example", "signer-differs"),
        ("ssh", "G ", ""),
    ],
)
def test_what_git_says_of_a_signature(
    judges: Judges, signature: str, printed: str, code: str
) -> None:
    commits = [signed_commit("unsigned", ""), signed_commit("signed", signature)]
    unsigned, *findings = signature_findings(judges(printed, 0, ""), commits)
    assert (unsigned.code, unsigned.commit) == ("unsigned", commits[0])
    assert unsigned.message() == "Изменение не подписано, а программа требует подписей."
    assert [(one.code, one.commit) for one in findings] == ([(code, commits[1])] if code else [])
    beginnings = {
        "bad-signature": "Подпись изменения не годится: оно изменено после подписи",
        "unknown-signature": "Подпись изменения не проверить: нет ключа того, кто подписал.",
        "signer-differs": f"Изменение подписал {printed[2:]}, а автором и тем, кто внёс, названы "
        f"другие: {NAMES[0]} <{NAMES[1]}>, {NAMES[2]} <{NAMES[3]}>.",
    }
    assert all(one.message().startswith(beginnings[code]) for one in findings)


@pytest.mark.parametrize(
    ("signature", "code", "errors", "status"),
    [
        ("", 0, "", "no signature"),
        ("ssh", 0, "Good signature", ""),
        ("ssh", 1, "Bad signature\nsecond line", "Bad signature"),
        ("ssh", 1, "", "?"),
    ],
)
def test_what_git_says_of_a_signed_tag(
    judges: Judges, signature: str, code: int, errors: str, status: str
) -> None:
    tag = Tag("v1", "0", "commit", Person("", "", MOMENT), "", signature)
    assert tag_status(judges("", code, errors), "refs/tags/v1", tag) == status
