"""`kvartal record`: documents, files, links, values, for one measure and for several."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import Ask, Run

Git = Callable[..., str]
THIRD = ("--quarter", "3", "--date", "2024-09-27")


@pytest.fixture
def act(tmp_path: Path) -> Path:
    path = tmp_path / "Акт ввода.pdf"
    path.write_bytes(b"%PDF-1.4 act")
    return path


def test_a_record_with_everything(programme: Path, run: Run, ask: Ask, git: Git, act: Path) -> None:
    result = run(
        *("record", "1.1.2", *THIRD, "--complete", "--result", "Терминал стоит"),
        *("--document", "Акт ввода", "--number", "12", "--document-date", "27.09.2024"),
        *("--file", act, "--link", "https://example.org/a"),
    )
    assert result.exit_code == 0
    assert "а причина не указана (--reason): verify сочтёт это замечанием" in result.stderr
    row = ask("show", "1.1.2", "--as-of", "2024-10-01")
    assert row["state"] == "done"
    assert row["records"] == [
        {
            "quarter": 3,
            "point": None,
            "date": "2024-09-27",
            "complete": True,
            "result": "Терминал стоит",
            "reason": None,
            "values": [],
            "evidence": {
                "documents": [{"title": "Акт ввода", "number": "12", "date": "2024-09-27"}],
                "files": [
                    {
                        "path": "evidence/2024/1.1.2/Акт ввода.pdf",
                        "size": 12,
                        "sha256": hashlib.sha256(b"%PDF-1.4 act").hexdigest(),
                    }
                ],
                "links": ["https://example.org/a"],
            },
        }
    ]
    copy = programme.parent / "evidence" / "2024" / "1.1.2" / "Акт ввода.pdf"
    assert copy.read_bytes() == act.read_bytes()
    names = git("show", "--name-only", "-z", "--format=", "HEAD").strip("\0").split("\0")
    files = ["2024.yaml", "evidence/.gitattributes", "evidence/2024/1.1.2/Акт ввода.pdf"]
    assert sorted(names) == [f"plan/{name}" for name in files]
    assert git("status", "--short") == ""


def test_undo_takes_the_file_back_too(programme: Path, run: Run, act: Path, git: Git) -> None:
    before = programme.read_bytes()
    run("record", "1.1.2", *THIRD, "--file", act)
    assert run("undo").exit_code == 0
    assert programme.read_bytes() == before
    assert [path.name for path in (programme.parent / "evidence").iterdir()] == [".gitattributes"]
    assert run("redo").exit_code == 0
    assert (programme.parent / "evidence" / "2024" / "1.1.2" / act.name).exists()


def test_several_measures_are_one_commit(
    programme: Path, run: Run, ask: Ask, git: Git, act: Path
) -> None:
    assert run("record", "1.1.2", "1.2.2", "1.1.2", *THIRD, "--file", act).exit_code == 0
    assert git("rev-list", "--count", "HEAD") == "2\n"
    (entry,) = ask("log", "--limit", "1")
    assert [change["id"] for change in entry["changes"]] == ["1.1.2", "1.2.2"]
    assert len(ask("show", "1.1.2")["records"]) == 1


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        (
            ["--document", "А", "--document", "Б", "--number", "1", "--number", "2"],
            [("А", "1", None), ("Б", "2", None)],
        ),
        (
            ["--document", "А", "--document", "Б", "--number", "2", "--document-date", "27.09"],
            [("А", None, None), ("Б", "2", "2024-09-27")],
        ),
        (
            ["--document", "А", "--number", "1", "--document", "Б"],
            [("А", "1", None), ("Б", None, None)],
        ),
        (["--number", "1", "--document", "А"], [("А", "1", None)]),
    ],
)
def test_numbers_and_dates_go_with_their_documents(
    programme: Path,
    run: Run,
    ask: Ask,
    options: list[str],
    documents: list[tuple[str, str | None, str | None]],
) -> None:
    assert run("record", "1.1.2", *THIRD, *options).exit_code == 0
    recorded = ask("show", "1.1.2")["records"][0]["evidence"]["documents"]
    assert [
        (document["title"], document["number"], document["date"]) for document in recorded
    ] == documents


@pytest.mark.parametrize(
    "options",
    [
        ["--number", "1"],
        ["--document-date", "27.09"],
        ["--document", "А", "--number", "1", "--number", "2"],
        ["--value", "2024-07"],
        ["--value", "июль=3"],
        ["--value", "2024-07=много"],
        ["--date", "вчерась"],
        ["--document", "А", "--document-date", "32.13.2024"],
        ["--file", ""],
    ],
)
def test_what_fits_nothing_is_wrong_usage(
    programme: Path, run: Run, git: Git, options: list[str]
) -> None:
    result = run("record", "1.1.2", *THIRD, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "kvartal record --help" in result.stderr
    assert git("rev-list", "--count", "HEAD") == "1\n"


def test_values_of_an_indicator(programme: Path, run: Run, ask: Ask) -> None:
    what = ("--quarter", "1", "--date", "2024-04-05", "--value", "2024-q1=94,5")
    assert run("record", "2.2.1", *what).exit_code == 0
    (record,) = ask("show", "2.2.1")["records"]
    assert record["values"] == [
        {"indicator": None, "period": "2024-Q1", "value": 94.5, "met": False}
    ]


def test_the_date_of_fact_is_the_date_asked_about(programme: Path, run: Run, ask: Ask) -> None:
    assert run("--as-of", "2024-09-27", "record", "1.1.2", "--quarter", "3").exit_code == 0
    assert ask("show", "1.1.2")["records"][0]["date"] == "2024-09-27"


def test_of_a_plan_that_is_a_link_the_evidence_is_at_the_real_place(
    programme: Path, run: Run, act: Path
) -> None:
    assert run("record", "1.1.2", *THIRD, "--file", act).exit_code == 0
    assert run("validate").stderr == ""
    real = programme.parents[1] / "data" / programme.name
    real.parent.mkdir()
    programme.rename(real)
    programme.symlink_to(real)
    result = run("validate")
    assert "evidence-missing" in result.stdout
    assert "«plan/2024.yaml» ведёт по ссылке к файлу «data/2024.yaml»" in result.stderr


def test_init_says_how_to_name_a_plan_that_the_commands_do_not_look_for(
    programme: Path, here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Отдел"
    folder.mkdir()
    programme.rename(folder / "my.yaml")
    monkeypatch.chdir(folder)
    for _ in range(2):
        result = here("init", ".")
        assert result.exit_code == 0
        assert "kvartal --plan my.yaml" in result.stderr
