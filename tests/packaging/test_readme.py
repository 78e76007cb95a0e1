"""Every command of README.md and README.ru.md works as it stands, with the files that are shipped.

Those that install something or need a terminal are run by `.ci/run`, since they take a network; the
others are run here, in the order of the page, as a newcomer does.
"""

import os
import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.support.cli import call

PAGES = ("README.md", "README.ru.md")
GREEN = {"README.md": "Findings: 0.", "README.ru.md": "Замечаний: 0."}


def commands(page: Path) -> Iterator[str]:
    """Yield the lines of the shell blocks of a page."""
    for block in re.findall(
        r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        yield from block.splitlines()


def run(words: list[str]) -> str:
    """Run a command without a shell; return what it printed."""
    match words:
        case ["cp", "-r", source, target]:
            copytree(source, target)
        case ["cd", folder]:
            os.chdir(folder)
        case ["kvartal", *arguments]:
            done = call(arguments)
            assert done.exit_code == 0, (words, done.output)
            return done.output
        case _:
            pytest.fail(f"nobody runs this: {shlex.join(words)}")
    return ""


@pytest.mark.parametrize("name", PAGES)
def test_every_command_works_as_it_stands(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8" if name == "README.ru.md" else "en_US.UTF-8")
    clone = tmp_path / "clone"
    copytree(root / "examples", clone / "examples")
    monkeypatch.chdir(clone)
    elsewhere = runpy.run_path(str(root / ".ci" / "run.py"))["README_COMMANDS"]
    lines = list(commands(root / name))
    assert [line for line in lines if line in elsewhere] == list(elsewhere)
    printed = [run(shlex.split(line)) for line in lines if line not in elsewhere]
    # The first job ends with a history in which nothing is found.
    assert GREEN[name] in printed[-1]


@pytest.mark.parametrize("name", ["guide.md", "guide.ru.md"])
def test_every_command_of_the_guide_exists_with_its_options(root: Path, name: str) -> None:
    lines = "\n".join(commands(root / "docs" / name)).replace("\\\n", "").splitlines()
    assert lines
    for line in lines:
        program, *words = shlex.split(line, comments=True)
        done = call([*words, "--help"])
        assert (program, done.exit_code) == ("kvartal", 0), (line, done.output)


def test_both_pages_lead_to_each_other_and_have_one_picture(root: Path) -> None:
    for name, other in (PAGES, PAGES[::-1]):
        text = (root / name).read_text(encoding="utf-8")
        assert f"]({other})" in text.splitlines()[0]
        assert len(re.findall(r"^!\[[^\]]+\]\(docs/pictures/\w+\.svg\)$", text, re.MULTILINE)) == 1


def test_every_link_of_the_pages_leads_to_a_file(root: Path) -> None:
    pages = [*(root / name for name in PAGES), root / "CONTRIBUTING.md", *root.glob("docs/*.md")]
    for page in pages:
        links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page
