"""Files that a person attaches, and whether those kept are intact."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.store import attachment_errors, attachments
from kvartal.history.store.attachments import Attachment, prepare_attachments
from kvartal.history.store.errors import EvidencePathUnsafe
from kvartal.history.store.evidence import check_evidence, evidence_files, used_beside
from kvartal.history.store.evidence_files import safe_path
from kvartal.history.store.filenames import MAX_NAME_BYTES, NAMELESS, numbered, safe_name
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import KvartalError
from kvartal.schema.evidence_paths import is_evidence_path


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def attach(*sources: Path, folder: Path, told: dict[str, str] | None = None) -> list[Attachment]:
    return list(prepare_attachments(sources, "1.1.2", "2024", folder, told))


def source(folder: Path, name: str, content: bytes = b"act") -> Path:
    path = folder / "inbox" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / "evidence" / "2024" / "1.1.2" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(attachments: list[Attachment]) -> list[str]:
    return [one.path.removeprefix("evidence/2024/1.1.2/") for one in attachments]


# ----------------------------------------------------------------------------------- attaching


def test_a_file_keeps_its_name_and_is_measured(tmp_path: Path) -> None:
    path = source(tmp_path, "Акт ввода № 12.pdf", b"x" * 4096)
    (one,) = attach(path, folder=tmp_path)
    assert one == Attachment(path, "evidence/2024/1.1.2/Акт ввода № 12.pdf", 4096, sha(b"x" * 4096))
    assert (one.file.path, one.file.size, one.file.sha256) == (one.path, one.size, one.sha256)
    with one.open() as content:
        assert content.read() == b"x" * 4096
    assert not (tmp_path / "evidence").exists()


def test_the_same_content_under_the_same_name_is_used_again(tmp_path: Path) -> None:
    kept(tmp_path, "Акт.pdf", b"act")
    assert names(attach(source(tmp_path, "Акт.pdf"), folder=tmp_path)) == ["Акт.pdf"]


def test_another_content_under_the_same_name_gets_a_number(tmp_path: Path) -> None:
    kept(tmp_path, "Акт.pdf", b"another")
    kept(tmp_path, "Акт (2).pdf", b"a third")
    assert names(attach(source(tmp_path, "Акт.pdf"), folder=tmp_path)) == ["Акт (3).pdf"]


def test_names_that_differ_in_case_are_one_name_on_some_systems(tmp_path: Path) -> None:
    kept(tmp_path, "АКТ.PDF", b"another")
    assert names(attach(source(tmp_path, "акт.pdf"), folder=tmp_path)) == ["акт (2).pdf"]
    assert names(attach(source(tmp_path, "акт.pdf", b"another"), folder=tmp_path)) == ["АКТ.PDF"]


def test_a_name_that_the_plan_tells_of_is_taken_even_when_the_file_is_lost(tmp_path: Path) -> None:
    told = {"evidence/2024/1.1.2/Акт.pdf": sha(b"lost")}
    assert names(attach(source(tmp_path, "Акт.pdf"), folder=tmp_path, told=told)) == ["Акт (2).pdf"]


def test_an_altered_file_is_not_used_again(tmp_path: Path) -> None:
    kept(tmp_path, "Акт.pdf", b"act")
    told = {"evidence/2024/1.1.2/Акт.pdf": sha(b"as it was")}
    assert names(attach(source(tmp_path, "Акт.pdf"), folder=tmp_path, told=told)) == ["Акт (2).pdf"]


def test_files_given_together_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "Акт.pdf"
    other.write_bytes(b"another")
    first = source(tmp_path, "Акт.pdf")
    found = attach(first, other, first, folder=tmp_path)
    assert names(found) == ["Акт.pdf", "Акт (2).pdf"]


def too_large(path: Path) -> None:
    path.touch()
    os.truncate(path, attachments.LIMIT + 1)


def in_git(path: Path) -> None:
    lock = path.parent / ".git" / "kvartal" / "lock"
    lock.parent.mkdir(parents=True)
    lock.write_bytes(b"x")
    path.symlink_to(lock)


def in_bare_repository(path: Path) -> None:
    for name in ("objects/aa", "refs"):
        (path.parent / "program.git" / name).mkdir(parents=True)
    (path.parent / "program.git" / "HEAD").write_bytes(b"x")
    path.symlink_to(path.parent / "program.git" / "objects" / "aa" / "bb")
    path.readlink().write_bytes(b"x")


def made_up_by_the_system(path: Path) -> None:
    claims_a_page = Path("/sys/devices/system/cpu/online")
    path.symlink_to(claims_a_page if claims_a_page.exists() else "/proc/self/status")


def made_up_with_a_size(path: Path) -> None:
    notes = Path("/sys/kernel/notes")
    path.symlink_to(notes if notes.exists() else "/proc/self/mem")


def hard_linked_in_git(path: Path) -> None:
    """As a file that stands nowhere in a git directory by its own name."""
    config = path.parent / ".git" / "config"
    config.parent.mkdir()
    config.write_bytes(b"x")
    path.hardlink_to(config)


def settings_of_git(path: Path) -> None:
    path.symlink_to(path.with_name(".gitattributes"))
    path.readlink().write_bytes(b"x")


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (settings_of_git, attachment_errors.AttachmentOfGit),
        (Path.absolute, attachment_errors.AttachmentMissing),
        (Path.mkdir, attachment_errors.AttachmentNotAFile),
        (os.mkfifo, attachment_errors.AttachmentNotAFile),
        (Path.touch, attachment_errors.AttachmentEmpty),
        (lambda path: path.symlink_to(path), attachment_errors.AttachmentUnreadable),
        (too_large, attachment_errors.AttachmentTooLarge),
        (lambda path: path.symlink_to("/dev/zero"), attachment_errors.AttachmentNotAFile),
        (lambda path: path.symlink_to("/proc/self/maps"), attachment_errors.AttachmentOfSystem),
        (made_up_by_the_system, attachment_errors.AttachmentOfSystem),
        (made_up_with_a_size, attachment_errors.AttachmentOfSystem),
        (in_git, attachment_errors.AttachmentOfGit),
        (hard_linked_in_git, attachment_errors.AttachmentOfGit),
        (in_bare_repository, attachment_errors.AttachmentOfGit),
        (
            lambda path: path.symlink_to(path.with_name("2024.yaml")),
            attachment_errors.AttachmentIsPlan,
        ),
        (
            lambda path: path.hardlink_to(path.with_name("2024.yaml")),
            attachment_errors.AttachmentIsPlan,
        ),
    ],
)
def test_what_cannot_be_attached_is_refused_in_words(
    make: Callable[[Path], object], error: type[KvartalError], tmp_path: Path
) -> None:
    path = tmp_path / "Акт.pdf"
    path.with_name("2024.yaml").write_bytes(b"x")
    make(path)
    with pytest.raises(error) as caught:
        attach(path, folder=tmp_path)
    assert str(path) in str(caught.value)


def test_a_file_with_a_second_name_is_evidence_like_any_other(tmp_path: Path) -> None:
    """As a backup makes one; and one of a repository in a different place."""
    path = source(tmp_path, "Акт.pdf")
    path.with_name("Копия.pdf").hardlink_to(path)
    (tmp_path / ".git").mkdir()
    assert names(attach(path, folder=tmp_path)) == ["Акт.pdf"]
    (tmp_path / ".git").rmdir()
    (tmp_path / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    assert names(attach(path, folder=tmp_path)) == ["Акт.pdf"]


def test_a_hard_link_into_the_git_directory_of_all_working_trees_is_refused(tmp_path: Path) -> None:
    folder, common = tmp_path / "tree", tmp_path / "main" / ".git"
    (common / "worktrees" / "tree").mkdir(parents=True)
    folder.mkdir()
    (folder / ".git").write_text(f"gitdir: {common}/worktrees/tree\n", encoding="utf-8")
    (common / "config").write_bytes(b"x")
    (folder / "Акт.pdf").hardlink_to(common / "config")
    with pytest.raises(attachment_errors.AttachmentOfGit):
        attach(folder / "Акт.pdf", folder=folder)


def test_an_address_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(attachment_errors.AttachmentIsLink) as caught:
        attach(Path("https://tests.example/a.pdf"), folder=tmp_path)
    assert "«https://tests.example/a.pdf» — адрес, а не файл" in str(caught.value)


def test_a_name_too_long_or_with_a_null_is_refused_in_words(tmp_path: Path) -> None:
    for name in ("x" * 5000, "a\0b"):
        with pytest.raises(KvartalError):
            attach(tmp_path / name, folder=tmp_path)


def test_a_file_that_vanished_in_between_is_refused_in_words(tmp_path: Path) -> None:
    path = source(tmp_path, "Акт.pdf")
    (one,) = attach(path, folder=tmp_path)
    path.unlink()
    with pytest.raises(attachment_errors.AttachmentUnreadable):
        one.open()


def test_a_folder_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "plan" / "evidence").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EvidencePathUnsafe):
        attach(source(tmp_path, "Акт.pdf"), folder=tmp_path / "plan")


# --------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Акт ввода (копия) № 12.pdf", "Акт ввода (копия) № 12.pdf"),
        (".gitattributes", "gitattributes"),
        ("..", "файл"),
        ("a/b\\c:d", "a_b_c_d"),
        ("CON.pdf", "_CON.pdf"),
        ("com1", "_com1"),
        ("Акт.pdf. . ", "Акт.pdf"),
        ("a\x1b[31m\u202eb\ncd\ud800.pdf", "a[31mb cd.pdf"),
        ("и\u0306.pdf", "й.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("-- .pdf", "pdf"),
        ("дого\u00adвор\u200d\ufe0f.pdf", "договор.pdf"),
        ("GIT~1", "_GIT~1"),
        ("\u3164", "файл"),
        ("x.kvartal-tmp", "x.kvartal-tmp_"),
        ("ы" * 100 + ".pdf", "ы" * 58 + ".pdf"),
        ("ы" * 57 + " " + "ы" * 57 + ".pdf", "ы" * 57 + ".pdf"),
        # What follows the last dot is an extension only where it is as short as one.
        ("ы" * 100 + ".1." + "e" * 20, "ы" * 49 + "." + "e" * 20),
        ("a" * 100 + "." + "e" * 21, "a" * 100 + "." + "e" * 19),
        ("Акт.№ 7." + "ы" * 100, "Акт.№ 7." + "ы" * 53),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_what_windows_takes_for_a_device_is_no_name_of_a_file() -> None:
    devices = ("con", "PRN", "aux", "nul", "conin$", "conout$", "com0", "COM9", "com¹", "lpt³")
    safe = [safe_name(f"{device}.tar.gz") for device in devices]
    assert safe == [f"_{device}.tar.gz" for device in devices]


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("Акт.pdf", "Акт (2).pdf"),
        ("Акт.1.tar.gz", "Акт.1.tar (2).gz"),
        ("Акт", "Акт (2)"),
        ("Акт. Подписан директором филиала", "Акт. Подписан директором филиала (2)"),
        (f"a.{'e' * 20}", f"a (2).{'e' * 20}"),
        (f"a.{'e' * 21}", f"a.{'e' * 21} (2)"),
    ],
)
def test_a_number_stands_before_the_extension(name: str, second: str) -> None:
    assert (numbered(name, 1), numbered(name, 2)) == (name, second)


def test_a_file_of_an_english_plan_has_an_english_name() -> None:
    assert safe_name("..", NAMELESS["en"]) == "file"


@given(st.text(max_size=200), st.integers(1, 12))
def test_any_name_becomes_one_that_every_system_holds(name: str, number: int) -> None:
    safe = numbered(safe_name(name), number)
    assert is_evidence_path(f"evidence/2024/1.1.2/{safe}")
    assert 0 < len(safe.encode()) <= MAX_NAME_BYTES
    assert safe == safe.strip(" ")
    assert not safe.startswith((".", "-"))
    assert not safe.endswith(".")
    assert not set(safe) & set('/\\:*?"<>|')
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("Акт № 12.pdf", None),
        ("и\u0306.pdf", None),
        ("-rf.pdf", "-rf.pdf"),
        ("CON.pdf", "CON.pdf"),
        ("дого\u00adвор.pdf", "дого\u00adвор.pdf"),
        ("a\n\x1b.pdf", "a␊␛.pdf"),
        (os.fsdecode("Акт.pdf".encode("cp1251")), r"\xc0\xea\xf2.pdf"),
        ("ы" * 100 + ".pdf", "ы" * 100 + ".pdf"),
    ],
)
def test_a_changed_name_is_kept_in_the_record(
    name: str, original: str | None, tmp_path: Path
) -> None:
    (one,) = attach(source(tmp_path, name), folder=tmp_path)
    assert one.file.original_name == original


def test_a_name_that_is_taken_is_kept_in_the_record(tmp_path: Path) -> None:
    kept(tmp_path, "Акт.pdf", b"another")
    (one,) = attach(source(tmp_path, "Акт.pdf"), folder=tmp_path)
    assert (names([one]), one.original_name) == (["Акт (2).pdf"], "Акт.pdf")


def test_evidence_of_another_measure_is_copied_and_of_this_one_used(tmp_path: Path) -> None:
    own = kept(tmp_path, "Акт.pdf", b"act")
    (again,) = attach(own, folder=tmp_path)
    assert again.path == "evidence/2024/1.1.2/Акт.pdf"
    (copy,) = prepare_attachments([own], "1.1.3", "2024", tmp_path)
    assert copy.path == "evidence/2024/1.1.3/Акт.pdf"


def test_a_file_that_grows_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = source(tmp_path, "журнал.txt")
    monkeypatch.setattr(attachments, "LIMIT", 4)

    def grows(_descriptor: int) -> os.stat_result:
        with path.open("ab") as file:
            file.write(b"more")
        return status

    status = path.stat()
    monkeypatch.setattr(os, "fstat", grows)
    with pytest.raises(attachment_errors.AttachmentTooLarge):
        attach(path, folder=tmp_path)


# ------------------------------------------------------------------------------------- checking


def told(path: str, content: bytes, size: int | None = None) -> PlanData:
    file: PlanData = {"path": path, "size": size or len(content), "sha256": sha(content)}
    return {"measures": [{"id": "1.1.2", "records": [{"evidence": {"files": [file]}}]}]}


AT = ("measures", 0, "records", 0, "evidence", "files", 0, "path")
PATH = "evidence/2024/1.1.2/Акт.pdf"


def codes(data: PlanData, folder: Path) -> list[str]:
    return [problem.code for problem in check_evidence(data, folder)]


def test_an_intact_file_gives_no_finding(tmp_path: Path) -> None:
    kept(tmp_path, "Акт.pdf", b"act")
    assert check_evidence(told(PATH, b"act"), tmp_path) == ()


def test_a_missing_file_is_found_at_its_place_in_the_data(tmp_path: Path) -> None:
    (problem,) = check_evidence(told(PATH, b"act"), tmp_path)
    assert (problem.code, problem.path) == ("evidence-missing", AT)
    assert problem.message().startswith(
        "1.1.2: подтверждающего файла «evidence/2024/1.1.2/Акт.pdf»"
    )


@pytest.mark.parametrize("content", [b"acT", b"longer"])
def test_an_altered_file_is_found(content: bytes, tmp_path: Path) -> None:
    kept(tmp_path, "Акт.pdf", content)
    assert codes(told(PATH, b"act"), tmp_path) == ["evidence-altered"]


def test_a_size_that_is_not_the_files_own_is_found(tmp_path: Path) -> None:
    kept(tmp_path, "Акт.pdf", b"act")
    assert codes(told(PATH, b"act", size=4), tmp_path) == ["evidence-altered"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"act")
    kept(tmp_path, "other", b"").with_name("Акт.pdf").symlink_to(tmp_path / "secret")
    assert codes(told(PATH, b"act"), tmp_path) == ["evidence-missing"]


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    kept(tmp_path / "real", "Акт.pdf", b"act")
    (tmp_path / "evidence").symlink_to(tmp_path / "real" / "evidence")
    assert codes(told(PATH, b"act"), tmp_path) == ["evidence-missing"]


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "evidence/../../secret", "secret"])
def test_paths_that_lead_out_are_left_to_the_rule(path: str, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"act")
    assert check_evidence(told(path, b"act"), folder) == ()


def test_a_folder_in_the_place_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / PATH).mkdir(parents=True)
    assert codes(told(PATH, b"act"), tmp_path) == ["evidence-missing"]


@pytest.mark.parametrize("fails", ["lstat", "open"])
def test_a_file_that_cannot_be_read_is_not_missing(
    fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = kept(tmp_path, "Акт.pdf", b"act")
    real = getattr(Path, fails)

    def refuse(path: Path, *arguments: object) -> object:
        if path == place:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, *arguments)

    monkeypatch.setattr(Path, fails, refuse)
    (problem,) = check_evidence(told(PATH, b"act"), tmp_path)
    assert problem.code == "evidence-unreadable"
    assert "Цел ли он, не узнать" in problem.message()


def test_data_out_of_shape_gives_no_finding_and_no_crash(tmp_path: Path) -> None:
    for data in (
        {"measures": 1},
        {"measures": [1, {"records": [{"evidence": {"files": [1, {"path": 2}]}}]}]},
        {},
    ):
        assert check_evidence(data, tmp_path) == ()  # type: ignore[arg-type] # out of shape


def test_only_a_well_formed_reference_counts() -> None:
    """A plan may hold anything, and one file may be evidence of several measures."""
    good: dict[str, Any] = {"path": "evidence/2024/1/а", "size": 3, "sha256": "0" * 64}
    junk: tuple[Any, ...] = (None, [], {}, 1.5)
    bad: list[Any] = [
        *({**good, key: value} for key in good for value in junk),
        {**good, "path": 5},
        {**good, "size": "3"},
        {**good, "sha256": 5},
        *({**good, "path": path} for path in ("../a", "/etc/passwd", "2024.yaml", "evidence/../a")),
        *({key: good[key] for key in good if key != name} for name in good),
        *("evidence/2024/1/а", None, 5, [good]),
    ]
    other = {**good, "path": "evidence/2024/1/б"}
    rows: list[Any] = [
        {
            "id": "1",
            "records": [{"evidence": {"files": [*bad, good, other]}}, "x", {"evidence": 5}],
        },
        {"id": "2", "records": [{"evidence": {"files": [good]}}]},
        {"id": "3", "records": "x"},
        "x",
    ]
    found = [(path, 3, "0" * 64) for path in (good["path"], other["path"])]
    assert list(evidence_files({"measures": rows})) == found
    assert evidence_files({"measures": {"id": "1"}}) == evidence_files({}) == ()


def test_what_another_programme_of_the_folder_refers_to_is_used(tmp_path: Path) -> None:
    named = "measures: [{records: [{evidence: {files: [{path: %s, size: 1, sha256: '1'}]}}]}]"
    own = tmp_path / "b.yaml"
    (tmp_path / "a.yaml").mkdir()
    for name, content in (
        ("b.yaml", named % "evidence/2024/own.pdf"),
        ("c.yaml", "year: 2024"),
        ("d.yaml", "measures: [evidence/2024/lost.pdf"),
        ("e.yml", named % "evidence/2024/used.pdf"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
    paths = {f"evidence/2024/{name}.pdf" for name in ("own", "used", "lost", "free")}
    assert used_beside(own, paths) == {"evidence/2024/used.pdf", "evidence/2024/lost.pdf"}


@pytest.mark.parametrize(
    "path", ["../a.pdf", "/a.pdf", "a.pdf", "evidence/../a.pdf", "evidence/2024//a.pdf", ""]
)
def test_what_is_no_path_of_evidence_has_no_place(tmp_path: Path, path: str) -> None:
    with pytest.raises(EvidencePathUnsafe):
        safe_path(tmp_path, path)
    assert safe_path(tmp_path, "evidence/2024/a.pdf") == tmp_path / "evidence" / "2024" / "a.pdf"
