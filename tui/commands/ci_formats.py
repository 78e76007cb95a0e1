"""Problems as the pages of forges and CI services read them: GitHub, GitLab, SARIF and JUnit."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kvartal.tui.commands.output import json_text
from kvartal.tui.presentation.sanitize import shown

FORMATS: Final = ("text", "json", "github", "gitlab", "sarif", "junit")
"""The values of ``--format`` of the commands that check something."""
ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"
TRUNCATED: Final = "truncated"
"""Code of the sentence that a file has further problems."""

_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB: Final = {ERROR: "error", WARNING: "warning", NOTE: "notice"}
_GITLAB: Final = {ERROR: "major", WARNING: "minor", NOTE: "info"}
# What GitHub's workflow commands need escaped.
_IN_MESSAGE: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: Final = _IN_MESSAGE | {":": "%3A", ",": "%2C"}


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a check found.

    Attributes:
        file: Path of the file from the root of the repository.
        line: Its line, from 1.
        column: Its column, from 1.
        code: Code of the rule.
        message: What is wrong, in the user's language.
        level: `ERROR`, `WARNING` or `NOTE`.
        key: What tells it from others with the same file, code and message; it outlives edits of
            other lines.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    level: str = ERROR
    key: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same issue in a later run."""
        parts = (self.file, self.code, self.key or self.message)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:40]


def github(issues: Sequence[Issue], _files: Sequence[str]) -> str:
    """Return GitHub's workflow commands, a line an issue."""
    lines = []
    for issue in issues:
        properties = {"file": issue.file}
        if issue.code != TRUNCATED:
            place = {"line": str(issue.line), "col": str(issue.column)}
            properties = {**properties, **place, "title": issue.code}
        named = ",".join(f"{key}={in_property(value)}" for key, value in properties.items())
        line = f"::{_GITHUB[issue.level]} {named}::{in_message(issue.message)}"
        lines.append(f"{shown(line)}\n")
    return "".join(lines)


def gitlab(issues: Sequence[Issue], _files: Sequence[str]) -> str:
    """Return a report of GitLab's Code Quality."""
    seen: dict[str, int] = {}
    rows = []
    for issue in issues:
        number = seen[issue.fingerprint] = seen.get(issue.fingerprint, -1) + 1
        rows.append(
            {
                "description": issue.message,
                "check_name": issue.code,
                "fingerprint": f"{issue.fingerprint}-{number}" if number else issue.fingerprint,
                "severity": _GITLAB[issue.level],
                "location": {"path": issue.file, "lines": {"begin": issue.line}},
            }
        )
    return json_text(rows)


def sarif(issues: Sequence[Issue], _files: Sequence[str]) -> str:
    """Return a log of SARIF 2.1.0."""
    from importlib.metadata import version

    codes = sorted({issue.code for issue in issues})
    driver = {"name": "kvartal", "version": version("kvartal"), "rules": [{"id": c} for c in codes]}
    results = [
        {
            "ruleId": issue.code,
            "ruleIndex": codes.index(issue.code),
            "level": issue.level,
            "message": {"text": issue.message},
            "partialFingerprints": {"kvartal/v1": issue.fingerprint},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(issue.file), "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": issue.line, "startColumn": issue.column},
                    }
                }
            ],
        }
        for issue in issues
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json_text({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def junit(issues: Sequence[Issue], files: Sequence[str]) -> str:
    """Return a report of JUnit: a suite a file, a failed case an issue, one passed for none."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    def failures(found: Sequence[Issue]) -> str:
        return str(sum(issue.level == ERROR for issue in found))

    root = Element("testsuites", name="kvartal", failures=failures(issues))
    cases = 0
    for path in dict.fromkeys((*files, *(issue.file for issue in issues))):
        file = shown(path)
        own = [issue for issue in issues if issue.file == path]
        count = str(max(1, len(own)))
        cases += max(1, len(own))
        suite = SubElement(root, "testsuite", name=file, tests=count, failures=failures(own))
        if not own:
            SubElement(suite, "testcase", classname=file, name=file)
        for issue in own:
            name = f"{issue.code}:{issue.line}:{issue.column}"
            case = SubElement(suite, "testcase", classname=file, name=name)
            # XML has no control characters, not even as references.
            message = shown(issue.message)
            text = f"{issue.file}:{issue.line}:{issue.column}: {message}"
            if issue.level == ERROR:
                failure = SubElement(case, "failure", message=message, type=issue.code)
                failure.text = text
            else:
                SubElement(case, "system-out").text = text
    root.set("tests", str(cases))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


WRITERS: Final[Mapping[str, Callable[[Sequence[Issue], Sequence[str]], str]]] = {
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
    "junit": junit,
}
"""Each takes the issues and the paths of all files that were checked."""


def in_property(text: str) -> str:
    """Return a text as it stands in a property of a workflow command."""
    return "".join(_IN_PROPERTY.get(character, character) for character in text)


def in_message(text: str) -> str:
    """Return a text as it stands in the message of a workflow command."""
    return "".join(_IN_MESSAGE.get(character, character) for character in text)
