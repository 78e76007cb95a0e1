"""Evidence from both sides: no file is lost, and each record keeps its file."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.messages.trailers import parse_trailers
from kvartal.history.store.attachments import prepare_attachments
from kvartal.history.store.evidence import check_evidence
from kvartal.history.sync.divergence import Side
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Plain, measure_data
from tests.support.repository import git
from tests.sync.clones import Clone, SharedRepository
from tests.sync.random_turns import ANY_DELAY

LATER = date(2024, 10, 30)
ACT = "evidence/2024/1.1.2/Акт.pdf"


def files(clone: Clone) -> dict[str, bytes]:
    """Return the evidence files in a clone, by path from the plan's folder."""
    folder = clone.plan.parent
    found = (path for path in (folder / "evidence").rglob("*") if path.is_file())
    paths = [path for path in found if path.name != ".gitattributes"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def hashes(clone: Clone) -> dict[str, str]:
    return dict(clone.ledger.read().evidence)


@pytest.fixture(autouse=True)
def _consistent(shared: SharedRepository) -> Iterator[None]:
    """Check after each test that all clones are equal and every record has its evidence."""
    yield
    one, other = shared.clones
    one.sync()
    other.sync()
    assert one.head == other.head == shared.head()
    assert files(one) == files(other)
    assert hashes(one) == {
        path: hashlib.sha256(content).hexdigest() for path, content in files(one).items()
    }
    assert check_evidence(one.data, one.plan.parent) == ()
    for clone in shared.clones:
        assert clone.git("status", "--porcelain") == ""
    assert git(shared.bare, "fsck", "--no-progress", "--no-dangling") == ""
    findings = verify(one.plan, VerifyRequest(days=ANY_DELAY)).findings
    # Some tests change a plan by hand beside.
    assert [finding for finding in findings if finding.code != "by-hand"] == []


def test_files_of_both_sides_arrive(one: Clone, other: Clone) -> None:
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    other.attach("1.1.2", "Справка.pdf", b"%PDF 2")
    one.push()
    other.sync()
    assert set(files(other)) == {ACT, "evidence/2024/1.1.2/Справка.pdf"}


@pytest.mark.parametrize("contents", [(b"%PDF 1", b"%PDF 2"), (b"%PDF 2", b"%PDF 1")])
def test_of_two_files_of_one_name_one_is_renamed_in_its_record_too(
    one: Clone, other: Clone, contents: tuple[bytes, bytes]
) -> None:
    one.attach("1.1.2", "Акт.pdf", contents[0])
    other.attach("1.1.2", "Акт.pdf", contents[1])
    one.push()
    synced = other.sync()
    second = "evidence/2024/1.1.2/Акт (2).pdf"
    found = files(other)
    assert set(found) == {ACT, second}
    assert set(found.values()) == set(contents)
    # Which one is renamed depends on the content, not on who merges.
    assert found[second] == b"%PDF 2"
    assert second in synced.notes[0].message()
    message = other.git("log", "-1", "--format=%B")
    notes = parse_trailers(message).evidence
    assert [(note.path, note.sha256) for note in notes] == [
        (f"plan/{second}", hashlib.sha256(b"%PDF 2").hexdigest())
    ]
    records = measure_data(other.data, "1.1.2")["records"]
    assert isinstance(records, list)
    assert len(records) == 2


@pytest.mark.parametrize("contents", [(b"%PDF 1", b"%PDF 2"), (b"%PDF 2", b"%PDF 1")])
def test_a_file_of_a_measure_that_gets_a_new_id_is_renamed_too(
    one: Clone, other: Clone, contents: tuple[bytes, bytes]
) -> None:
    """Both sides give one id to new measures: only what is merged after the renaming is valid."""
    for clone, content in zip((one, other), contents, strict=True):
        clone.add(content.decode())
        clone.attach("1.1.5", "Акт.pdf", content)
    one.push()
    other.sync()
    folder = "evidence/2024/1.1.5"
    assert files(other) == {f"{folder}/Акт.pdf": b"%PDF 1", f"{folder}/Акт (2).pdf": b"%PDF 2"}


def test_a_renamed_file_whose_record_is_not_chosen_is_not_named(one: Clone, other: Clone) -> None:
    one.attach("1.1.1", "Справка.pdf", b"%PDF")
    one.push()
    other.sync()
    snapshot = other.ledger.read()
    source = other.write("../Акт.pdf", "%PDF 2")
    (added,) = prepare_attachments([source], "1.1.1", "2024", other.plan.parent, snapshot.evidence)
    file: Plain = {"path": added.file.path, "size": added.file.size, "sha256": added.file.sha256}
    edit = Edit("1.1.1", ("records", 0, "evidence", "files", 1), MISSING, file)
    other.ledger.apply(snapshot, Change(ChangeKind.SET, (edit,)), [added])
    one.remove_record("1.1.1")
    one.attach("1.1.1", "Акт.pdf", b"%PDF 1", quarter=2, day=date(2024, 6, 28))
    one.push()
    assert other.sync(Side.THEIRS).notes == ()
    assert files(other) == {"evidence/2024/1.1.1/Акт.pdf": b"%PDF 1"}
    message, head = other.git("log", "-1", "--format=%B"), other.head
    assert "Kvartal-Evidence" not in message
    # As it was until December 2026.
    path = "plan/evidence/2024/1.1.1/Акт (2).pdf"
    stated = f"Kvartal-Evidence: sha256:{hashlib.sha256(b'%PDF 2').hexdigest()} {path}"
    other.git("commit", "--quiet", "--amend", "-m", f"{message.rstrip()}\n{stated}")
    found = verify(other.plan, VerifyRequest(days=ANY_DELAY)).findings
    assert {one.code for one in found} <= {"history-rewritten"}
    other.git("reset", "--quiet", "--hard", head)


def test_names_that_differ_in_case_only_count_as_one(
    one: Clone, other: Clone, tmp_path: Path
) -> None:
    """The message has to name the file that got a new path."""
    one.attach("1.1.2", "АКТ.pdf", b"%PDF 1")
    other.attach("1.1.2", "акт.pdf", b"%PDF 2")
    one.push()
    other.sync()
    names = {path.rpartition("/")[2] for path in files(other)}
    assert len({name.casefold() for name in names}) == 2
    assert any("(2)" in name for name in names)
    git(tmp_path, "clone", "--quiet", other.folder, tmp_path / "silent")
    silent = Clone(tmp_path / "silent")
    lines = silent.git("log", "-1", "--format=%B").split("\n")
    (named,) = (line for line in lines if line.startswith("Kvartal-Evidence: "))
    lines.remove(named)
    silent.git("commit", "--quiet", "--amend", "--message", "\n".join(lines))
    (finding,) = verify(silent.plan, VerifyRequest(days=ANY_DELAY)).findings
    assert finding.code == "trailers-disagree"
    assert finding.message() == (
        "Строки Kvartal-Evidence не сходятся с подтверждающими файлами: сказано —, на деле "
        "plan/evidence/2024/1.1.2/акт (2).pdf."
    )


def test_a_file_attached_by_both_is_stored_once(one: Clone, other: Clone) -> None:
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    other.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    one.push()
    other.sync()
    assert files(other) == {ACT: b"%PDF 1"}


def test_a_file_stays_while_a_record_of_either_side_refers_to_it(one: Clone, other: Clone) -> None:
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    one.push()
    other.sync()
    one.remove_record("1.1.2")
    other.attach("1.1.2", "Акт.pdf", b"%PDF 1", quarter=3)
    one.push()
    other.sync()
    assert files(other) == {ACT: b"%PDF 1"}
    records = measure_data(other.data, "1.1.2")["records"]
    assert isinstance(records, list)
    assert len(records) == 1


@pytest.mark.parametrize(("name", "kept"), [("Б.csv", "Б.csv"), ("А.csv", "А (2).csv")])
def test_a_file_that_both_replaced_by_a_similar_one_is_no_conflict(
    one: Clone, other: Clone, name: str, kept: str
) -> None:
    """Git takes the new ones for the old one, renamed in two ways."""
    text = b"".join(b"%d\n" % number for number in range(50))
    one.attach("1.1.2", "Акт.csv", text)
    one.push()
    other.sync()
    for clone, new in ((one, "А.csv"), (other, name)):
        clone.attach("1.1.2", new, text + clone.folder.name.encode())
        clone.remove_record("1.1.2")
    one.push()
    other.sync()
    folder = "evidence/2024/1.1.2"
    assert set(files(other)) == {f"{folder}/А.csv", f"{folder}/{kept}"}
    assert set(files(other).values()) == {text + b"clone-0", text + b"clone-1"}


def test_evidence_is_removed_with_a_measure_removed_on_one_side(one: Clone, other: Clone) -> None:
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    one.push()
    other.sync()
    one.remove("1.1.2")
    other.set("1.1.3", notes="Рядом")
    one.push()
    other.sync()
    assert files(other) == {}


def test_evidence_is_removed_with_a_measure_whose_removal_is_chosen(
    one: Clone, other: Clone
) -> None:
    one.remove("1.1.3-2")
    one.push()
    other.attach("1.1.3-2", "Справка.pdf", b"%PDF 2")
    other.sync(Side.THEIRS)
    assert files(other) == {}


@pytest.fixture
def recorded(one: Clone, other: Clone) -> str:
    """Add a record with a file to both clones; return its path."""
    one.attach("1.1.3", "Акт.pdf", b"%PDF 1")
    one.push()
    other.sync()
    return "evidence/2024/1.1.3/Акт.pdf"


@pytest.mark.parametrize("again", ["one", "other"])
def test_one_side_reuses_a_free_name(one: Clone, other: Clone, recorded: str, again: str) -> None:
    for clone in (one, other):
        clone.remove_record("1.1.3")
    (one if again == "one" else other).attach("1.1.3", "Акт.pdf", b"%PDF 2", quarter=4, day=LATER)
    one.push()
    other.sync()
    assert files(other) == {recorded: b"%PDF 2"}


def test_both_sides_reuse_a_free_name(one: Clone, other: Clone, recorded: str) -> None:
    for clone, content in ((one, b"%PDF 2"), (other, b"%PDF 3")):
        clone.remove_record("1.1.3")
        clone.attach("1.1.3", "Акт.pdf", content, quarter=4, day=LATER)
    one.sync()
    assert len(other.sync().notes) == 1
    assert sorted(files(other).values()) == [b"%PDF 2", b"%PDF 3"]


def test_a_file_replaced_there_and_still_referred_to_here(
    one: Clone, other: Clone, recorded: str
) -> None:
    one.remove_record("1.1.3")
    one.attach("1.1.3", "Акт.pdf", b"%PDF 2", quarter=4, day=LATER)
    one.sync()
    edit = Edit("1.1.3", ("records", 0, "result"), MISSING, "Терминал работает")
    other.apply(Change(ChangeKind.SET, (edit,)))
    found = other.find_divergence()
    assert [conflict.measure for conflict in found.conflicts] == ["1.1.3"]
    other.sync(found.choices(Side.OURS))
    assert sorted(files(other).values()) == [b"%PDF 1", b"%PDF 2"]
    assert files(other)[recorded] == b"%PDF 1"


def test_a_record_that_is_chosen_in_another_folder_keeps_its_evidence(
    one: Clone, other: Clone
) -> None:
    """That plan lies at the root, and has the file name of the one that is synced."""
    there, here = (Clone(clone.folder, "../2024.yaml") for clone in (one, other))
    one.write("2024.yaml", one.plan.read_text("utf-8"))
    one.commit("Филиал")
    there.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    one.push()
    other.sync()
    there.apply(Change(ChangeKind.SET, (Edit("1.1.2", ("records", 0, "result"), MISSING, "Да"),)))
    here.remove_record("1.1.2")
    for clone, name in ((one, "Один"), (other, "Другой")):
        clone.set("1.1.1", responsible=name)
    one.push()
    disputed = other.find_divergence()
    names = [conflict.name for conflict in disputed.conflicts]
    assert names == ["2024.yaml:1.1.1:responsible", "./2024.yaml:1.1.2:records.0"]
    other.sync(disputed.choices([Side.OURS, Side.THEIRS]))
    assert other.value("1.1.1", "responsible") == "Другой"
    assert "result: Да\n" in here.plan.read_text("utf-8")
    assert files(here) == {ACT: b"%PDF 1"}


def test_evidence_stays_with_a_programme_that_the_other_side_began(
    one: Clone, other: Clone
) -> None:
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    one.push()
    other.sync()
    one.write("plan/охрана.yaml", one.plan.read_text("utf-8"))
    one.commit("Вторая программа")
    one.push()
    other.remove_record("1.1.2")
    other.sync()
    assert files(other) == {ACT: b"%PDF 1"}
    one.sync()
    Clone(one.folder, "охрана.yaml").remove_record("1.1.2")


@pytest.mark.parametrize("copied", [False, True])
def test_a_file_is_renamed_in_a_programme_that_the_other_side_began(
    one: Clone, other: Clone, *, copied: bool
) -> None:
    """They attached it themselves, or took the record over whose file was replaced here."""
    if copied:
        other.attach("1.1.2", "Акт.pdf", b"%PDF 2")
        other.push()
        one.sync()
        one.remove_record("1.1.2")
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
    one.push()
    other.write("plan/охрана.yaml", other.plan.read_text("utf-8"))
    other.commit("Вторая программа")
    begun = Clone(other.folder, "охрана.yaml")
    if not copied:
        begun.attach("1.1.2", "Акт.pdf", b"%PDF 2")
    assert [note.code for note in other.sync().notes] == ["merge-evidence-renamed"]
    assert check_evidence(begun.data, begun.plan.parent) == ()
    assert sorted(files(other).values()) == [b"%PDF 1", b"%PDF 2"]
    one.sync()
    Clone(one.folder, "охрана.yaml").remove_record("1.1.2")


@pytest.mark.parametrize("names", [("Акт.pdf", "Акт.pdf"), ("АКТ.pdf", "акт.pdf")])
def test_of_two_files_of_one_name_in_another_folder_one_is_renamed(
    one: Clone, other: Clone, names: tuple[str, str]
) -> None:
    """One of them in a programme that is begun there on the other side."""
    one.write("филиал/2024.yaml", one.plan.read_text("utf-8"))
    one.commit("Филиал")
    one.push()
    other.sync()
    there, begun = Clone(one.folder, "../филиал/2024.yaml"), Clone(other.folder, "../филиал/о.yaml")
    there.attach("1.1.2", names[0], b"%PDF 1")
    one.push()
    other.write("филиал/2024.yaml", other.plan.read_text("utf-8").replace("ЦОК", "ЦОКа", 1))
    other.write("филиал/о.yaml", other.plan.read_text("utf-8"))
    other.commit("Вторая программа филиала")
    begun.attach("1.1.2", names[1], b"%PDF 2")
    (note,) = other.sync().notes
    assert f"«филиал/evidence/2024/1.1.2/{names[1][:3]} (2).pdf»" in note.message()
    one.sync()
    for clone in (there, begun):
        assert check_evidence(clone.data, clone.plan.parent) == ()
        found = verify(clone.plan, VerifyRequest(days=ANY_DELAY)).findings
        assert {finding.code for finding in found} <= {"by-hand"}
    assert sorted(files(there).values()) == [b"%PDF 1", b"%PDF 2"]
