"""Evidence keeps its bytes whatever a repository or a clone of it is set to."""

from pathlib import Path

import pytest

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.store.evidence import check_evidence
from kvartal.history.store.ledger import Ledger, SaveResult
from tests.support.repository import changed_paths, git, record_with_file

CONTENT = "Акт\r\n№ 12 $Id$\nот 27.09.2024\r".encode()
ATTRIBUTES = "plan/evidence/.gitattributes"
CLEAN, SMUDGE = "sed s/Акт/Version/", "sed s/Version/Акт/"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Return a text file whose bytes git would convert in more than one way."""
    path = tmp_path / "письмо.txt"
    path.write_bytes(CONTENT)
    return path


def attach(ledger: Ledger, source: Path, measure: str = "1.1.2") -> SaveResult:
    before = ledger.read()
    return ledger.apply(before, *record_with_file(before.data, ledger.path, source, measure))


def set_up_filter(repo: Path) -> None:
    for name, value in (("clean", CLEAN), ("smudge", SMUDGE)):
        git(repo, "config", f"filter.lfs.{name}", value)


def check(repo: Path) -> None:
    """Check a repository: the plan's evidence is whole, on disk and in every commit."""
    ledger = Ledger(repo / "plan" / "2024.yaml")
    assert check_evidence(ledger.read().data, ledger.path.parent) == ()
    report = verify(ledger.path, VerifyRequest())
    assert {finding.code for finding in report.findings} <= {"backdated"}
    assert git(repo, "status", "--porcelain", "plan/evidence") == ""


@pytest.mark.parametrize(
    ("attributes", "more"),
    [
        ("* text=auto eol=crlf export-subst\n*.txt filter=lfs\nplan/evidence export-ignore\n", ""),
        ("* ident\n*.txt working-tree-encoding=UTF-16\n", " -ident !working-tree-encoding"),
    ],
    ids=["line ends and filter", "keywords and encoding"],
)
def test_an_old_repository_and_its_clones(
    ledger: Ledger, repo: Path, letter: Path, tmp_path: Path, attributes: str, more: str
) -> None:
    """Its attributes stand above the folder of evidence, so the ones in it decide."""
    set_up_filter(repo)
    git(repo, "config", "core.autocrlf", "true")
    (repo / ".gitattributes").write_text(attributes, encoding="utf-8")
    git(repo, "add", ".gitattributes")
    git(repo, "commit", "--quiet", "-m", "x")
    result = attach(ledger, letter)
    assert ATTRIBUTES in changed_paths(repo)
    assert (repo / ATTRIBUTES).read_text(encoding="utf-8") == f"* -text -filter{more}\n"
    attach(ledger, letter, "1.1.3")
    assert ATTRIBUTES not in changed_paths(repo)
    check(repo)
    clone = tmp_path / "clone"
    settings = ("-c", "core.autocrlf=true", "-c", "core.eol=crlf")
    git(tmp_path, *settings, "clone", "--quiet", repo, clone)
    set_up_filter(clone)
    check(clone)
    (path,) = (path for path in result.snapshot.evidence if "1.1.2" in path)
    assert (clone / "plan" / path).read_bytes() == CONTENT


def test_a_file_of_attributes_that_is_the_users_is_left_alone(
    ledger: Ledger, repo: Path, letter: Path, tmp_path: Path
) -> None:
    """Begun, staged or in the history: it is never swept up, nor written over."""
    place = repo / ATTRIBUTES
    place.parent.mkdir()
    place.write_text("*.txt -text # mine\n", encoding="utf-8")
    attach(ledger, letter)
    assert ATTRIBUTES not in changed_paths(repo)
    assert git(repo, "status", "--porcelain") == f"?? {ATTRIBUTES}\n"
    git(repo, "add", ATTRIBUTES)
    attach(ledger, letter, "1.1.3")
    assert git(repo, "status", "--porcelain") == f"A  {ATTRIBUTES}\n"
    git(repo, "commit", "--quiet", "-m", "Mine")
    place.write_text("*.txt -text # mine too\n", encoding="utf-8")
    attach(ledger, letter, "1.1.4")
    assert git(repo, "status", "--porcelain") == f" M {ATTRIBUTES}\n"
    place.unlink()
    other = tmp_path / "scan.bin"
    other.write_bytes(b"\0")
    attach(ledger, other, "1.2.1")
    assert git(repo, "status", "--porcelain") == f" D {ATTRIBUTES}\n"
