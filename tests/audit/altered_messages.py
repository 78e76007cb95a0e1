"""Messages of changes of every kind, altered line by line, and what is found wrong with each.

Each block of the golden file begins with the kind of a change of `tests/schema/golden/whole.yaml`,
its language, and what is edited. The message that the program writes of it follows, and below «--»
what is found where a line of it is left out, altered or, where it says so, added; «ok» for nothing.

A new case is a new first line; then, or after a change of the checks, ``python -m
tests.audit.altered_messages`` from the root writes the golden file again, to be reviewed with ``git
diff``.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from kvartal.history.audit.claim_checks import stray_trailer_findings
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.kind_checks import wrong_whole
from kvartal.history.audit.message_compare import MessageComparer, claimed_trailers
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.diff import difference
from kvartal.history.diff.words import Words
from kvartal.history.messages.message import EarlierCommit, commit_message
from kvartal.history.yaml_text.loader import read
from kvartal.schema.changes import Change, ChangeKind, ChangeSource, PlanData
from kvartal.tui.i18n import translator
from tests.support.edited_plans import edited, edits_of

GOLDEN = Path(__file__).parent / "golden" / "altered-messages.txt"
WHOLE = Path(__file__).parents[1] / "schema" / "golden" / "whole.yaml"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
LANGUAGES = {name: translator(name) for name in ("ru", "en")}
_REVERSAL = {ChangeKind.UNDO, ChangeKind.REDO}
_SUM = "6d2b6e5cc1c21704813c758dc44beec84636c04ad4a5cd2fdd495bc85ec5b8c6"
_ADDED = (
    "Результат: а → б",
    "Мероприятие 9. Иное",
    "См. также служебную записку",
    "Причина: так → надо",
    "Signed-off-by: А <a@tests.example>",
    "Kvartal-Measure: 9",
    "kvartal-change: set",
    f"Kvartal-Evidence: sha256:{_SUM} plan/evidence/2026/1.2/акт.pdf",
    f"Kvartal-Reverts: {'b' * 40}",
    f"Kvartal-Restores: {'c' * 40}",
    f"Kvartal-Source: sha256:{_SUM} план.xlsx",
    "Kvartal-Finding: by-hand:0123456789ab",
    "Kvartal-Until: 2027-01-31",
    "Kvartal-Note: x",
)
"""Lines that are added: each in a paragraph of its own, and at the end."""


def altered_messages() -> Iterator[str]:
    """Yield the lines of the golden file."""
    for title in _titles():
        yield title
        kind, language, line = title.split(" ", 2)
        added = "added" in line.partition(": ")[0]
        checked = _Checked(ChangeKind(kind), language, line)
        message = checked.message()
        yield from (f"  {text}".rstrip() for text in message.split("\n")[:-1])
        yield "--"
        for name, altered in (("as written", message), *_altered(message, has_added=added)):
            found = "; ".join(map(_shown, checked.findings(altered)))
            yield f"  {name}: {found or 'ok'}"


class _Checked:
    """A change, of which messages are checked."""

    def __init__(self, kind: ChangeKind, language: str, line: str) -> None:
        options, _, edits = line.partition(": ")
        self._translate = LANGUAGES[language]
        self._before = _whole()
        after = edited(self._before, edits_of(edits)) if edits else self._before
        self._versions: list[tuple[PlanData, PlanData]] = [(self._before, after)]
        source = ChangeSource("план.xlsx", _SUM) if kind is ChangeKind.IMPORT else None
        self._change = Change(kind, difference(self._before, after), source)
        is_since = kind in _REVERSAL or "restored" in options
        self._earlier = EarlierCommit("a" * 40, "1.2: срок 1 квартал → март") if is_since else None
        self._reason = "Так решили" if "reason" in options else ""

    def message(self) -> str:
        """Return the message that the program writes."""
        return commit_message(
            self._change,
            self._before,
            folder="plan",
            reverts=self._earlier,
            reason=self._reason,
            translate=self._translate,
        )

    def findings(self, message: str) -> Iterator[Finding]:
        """Yield what is wrong with a message."""
        commit = Commit("d" * 40, "e" * 40, (), "Я", NOW, NOW, message, "")
        trailers = claimed_trailers(message)
        if trailers.kind is None:
            yield Finding("by-hand", "сообщение ни о чём не говорит")
            return
        comparer = MessageComparer("plan", [*LANGUAGES.values()])
        yield from comparer.findings(commit, trailers, self._versions, self._earlier)
        yield from stray_trailer_findings(commit, trailers)
        before, after = self._versions[0]
        edits = self._change.edits
        yield from wrong_whole(trailers.kind, before, after, edits, Words(self._translate))


def _altered(message: str, *, has_added: bool) -> Iterator[tuple[str, str]]:
    lines = message.split("\n")
    for at, line in enumerate(lines):
        if not line:
            continue
        yield f"without {at + 1}", _with(lines, at, [])
        yield f"{at + 1} altered", _with(lines, at, [_other(line)])
        if " → " in line:
            label, _, values = line.partition(": ")
            old, _, new = values.partition(" → ")
            yield f"{at + 1} turned", _with(lines, at, [f"{label}: {new} → {old}"])
            yield f"{at + 1} twice", _with(lines, at, [line, line])
    if has_added:
        yield from _added(message)


def _added(message: str) -> Iterator[tuple[str, str]]:
    yield "with a ticket", f"ПЛАН-12 {message}"
    yield "with a long ticket", f"Заявка № 1234567890 от отдела {message}"
    for text in _ADDED:
        yield f"then «{text}»", f"{message}\n{text}\n"
        yield f"ends with «{text}»", f"{message}{text}\n"
    yield "below a line", f"{_ADDED[2]}\n\n{message}"
    yield "on one line", " ".join(message.split("\n"))
    yield "without the trailers", message.rstrip("\n").rpartition("\n\n")[0]


def _with(lines: list[str], at: int, new: Iterable[str]) -> str:
    return "\n".join([*lines[:at], *new, *lines[at + 1 :]])


def _other(line: str) -> str:
    """Return a line with its last figure or letter altered."""
    found = re.search(r"[\w](?=\W*$)", line)
    if found is None:
        return f"{line}!"
    other = "7" if found[0] != "7" else "8"
    return f"{line[: found.start()]}{other}{line[found.end() :]}"


def _shown(finding: Finding) -> str:
    measure = "" if finding.measure is None else f" [{finding.measure}]"
    return f"{finding.code}{measure} {finding.message()}"


@cache
def _whole() -> PlanData:
    data = read(WHOLE).data
    return {**data, "document": {"organization": "АО «Проба»", "title": "Программа"}}


def _titles() -> list[str]:
    text = GOLDEN.read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and line[0] not in " -"]


def main() -> None:
    """Write the golden file."""
    GOLDEN.write_text("\n".join(altered_messages()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
