"""Evidence that somebody altered or deleted comes back as HEAD has it, or stays as it is."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kvartal.history.store.errors import EvidencePathTaken, EvidencePathUnsafe
from kvartal.history.store.evidence_restore import EvidenceNotCommitted, restore_evidence
from kvartal.history.store.files import digest
from kvartal.history.store.ledger import Ledger
from tests.support.repository import git, record_with_file, visible_state

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "evidence/2024/1.1.2/Акт ввода [1].pdf"
NOW = datetime(2024, 10, 1, 12, 30, tzinfo=UTC)


@pytest.fixture
def place(ledger: Ledger, act: Path) -> Path:
    """Return where a file is that was attached and committed."""
    snapshot = ledger.read()
    ledger.apply(snapshot, *record_with_file(snapshot.data, ledger.path, act))
    return ledger.path.parent / PATH


def put_back(ledger: Ledger, content: bytes) -> tuple[Path, ...]:
    return restore_evidence(ledger.path, [(PATH, digest(content))], now=NOW)


def test_it_comes_back_and_what_was_there_is_kept(
    ledger: Ledger, repo: Path, place: Path, act: Path
) -> None:
    before, content = visible_state(repo), act.read_bytes()
    cases: list[tuple[Callable[[], object], bytes | None]] = [
        (place.unlink, None),
        (lambda: shutil.rmtree(place.parents[1]), None),
        (place.touch, None),
        (lambda: place.write_bytes(b"altered"), b"altered"),
        (lambda: place.write_bytes(b""), b""),
    ]
    copies: list[Path] = []
    for do, copied in cases:
        do()
        new = put_back(ledger, content)
        assert visible_state(repo) == before
        assert place.read_bytes() == content
        assert [copy.read_bytes() for copy in new] == ([] if copied is None else [copied])
        copies += new
    # The second one did not take the place of the first.
    stem = "Акт ввода [1]_2024-10-01_12-30-00"
    assert [copy.name for copy in copies] == [f"{stem}.pdf", f"{stem} (2).pdf"]
    assert copies[0].read_bytes() == b"altered"


def test_what_is_no_file_stays(ledger: Ledger, place: Path, act: Path) -> None:
    content, elsewhere = act.read_bytes(), place.parents[3] / "elsewhere"
    place.rename(elsewhere)
    place.mkdir()
    with pytest.raises(EvidencePathTaken, match="Акт ввода"):
        put_back(ledger, content)
    place.rmdir()
    place.symlink_to(elsewhere)
    with pytest.raises(EvidencePathTaken, match="Акт ввода"):
        put_back(ledger, content)
    place.unlink()
    place.parent.rename(place.parents[3] / "folder")
    place.parent.symlink_to(place.parents[3] / "folder")
    with pytest.raises(EvidencePathUnsafe, match="Акт ввода"):
        put_back(ledger, content)
    assert list((place.parents[3] / "folder").iterdir()) == []
    assert elsewhere.read_bytes() == content


def test_what_head_does_not_have_as_stated_cannot_come_back(
    ledger: Ledger, repo: Path, place: Path, act: Path
) -> None:
    content, sentence = act.read_bytes(), f"нет файла «{PATH}» таким, каким он был приложен"
    place.write_bytes(b"committed otherwise")
    git(repo, "commit", "-qam", "Скан получше")
    with pytest.raises(EvidenceNotCommitted) as refused:
        put_back(ledger, content)
    assert sentence in refused.value.message()
    assert place.read_bytes() == b"committed otherwise"
    git(repo, "rm", "-q", place)
    git(repo, "commit", "-qm", "Убрано")
    with pytest.raises(EvidenceNotCommitted) as refused:
        put_back(ledger, content)
    assert sentence in refused.value.message()
    assert not place.exists()
