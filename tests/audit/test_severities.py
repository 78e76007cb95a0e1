"""Every code of a finding has a severity, and a section in the documentation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kvartal.history.audit.findings import SEVERITIES, Severity

CODE = re.compile(r"[a-z]+(-[a-z]+)*")


@pytest.fixture(scope="module")
def codes(root: Path) -> set[str]:
    """Return the codes that the checks yield: public constants, and those of files on the disk."""
    found = set()
    for path in (root / "history" / "audit").glob("*.py"):
        for name, value in constants(path):
            if re.fullmatch("[A-Z][A-Z_]*", name) and isinstance(value, ast.Constant):
                found.add(value.value)
    for _, value in constants(root / "history" / "store" / "evidence.py"):
        if isinstance(value, ast.Tuple) and isinstance(value.elts[0], ast.Constant):
            found.add(value.elts[0].value)
    return {code for code in found if isinstance(code, str) and CODE.fullmatch(code)}


def constants(path: Path) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def test_every_code_has_a_severity(codes: set[str]) -> None:
    assert codes == set(SEVERITIES)


def test_every_code_has_a_section(codes: set[str], root: Path) -> None:
    """With the severity, and what it checks, what triggers it and what to do."""
    text = (root / "docs" / "findings.md").read_text(encoding="utf-8")
    sections = dict(
        re.findall(r"^## `([a-z-]+)`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    )
    assert set(sections) == codes
    assert list(sections) == sorted(sections)
    for code, section in sections.items():
        severity = SEVERITIES[code]
        assert isinstance(severity, Severity)
        assert f"*{severity.value}*" in section, code
        for heading in ("**Checks.**", "**Triggered by.**", "**What to do.**"):
            assert section.count(heading) == 1, (code, heading)
