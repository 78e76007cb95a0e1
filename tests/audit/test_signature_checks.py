"""Signatures, where the programme asks for them."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from kvartal.history.audit.create_tag import create_tag
from kvartal.schema.errors import untranslated
from tests.audit.story import Story
from tests.support.isolation import EMAIL


@pytest.fixture
def signing(story: Story, tmp_path: Path) -> Story:
    """Return a history that asks for signatures, and a clone that signs."""
    keys = tmp_path / "keys"
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
    return story


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
    assert signing.codes() == ["mark-forged"]
