"""The state of evidence files in words: at the file, in the banner, and where nothing is wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import N_
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.presentation.error_text import short_path

if TYPE_CHECKING:
    from kvartal.history.store.evidence import Fault
    from kvartal.history.store.evidence_watch import EvidenceReport
    from kvartal.schema.measure import EvidenceFile, Record

_STATES: Final[Mapping[str, str]] = {
    "evidence-altered": N_("файл изменён"),
    "evidence-missing": N_("файла нет"),
    "evidence-unreadable": N_("файл не читается"),
}


def file_state(report: "EvidenceReport", file: "EvidenceFile") -> Cell:
    """Return whether a file is whole."""
    code = report.code(file)
    if code is None:
        return Cell(_("сверяется…"), "muted")
    return Cell(_(_STATES[code]), "overdue") if code else Cell(_("файл цел"), "recorded")


def fault_text(fault: "Fault") -> str:
    """Return the state of a file that was just looked at."""
    return _("файл цел") if fault is None else _(_STATES[fault[0]])


def faults_text(report: "EvidenceReport", records: "tuple[Record, ...]") -> str:
    """Return what is wrong with the files of some records; empty if nothing is known to be."""
    codes = dict.fromkeys(report.code(file) for record in records for file in record.evidence.files)
    return ", ".join(_(_STATES[code]) for code in codes if code)


def warning(report: "EvidenceReport | None", problems_key: str, repair_key: str) -> str:
    """Return what is wrong with evidence files and what to press; empty if nothing is.

    Args:
        report: What is known of them.
        problems_key: The key that lists what is wrong.
        repair_key: The key that puts it right.
    """
    counts = Counter(code for code in report.codes.values() if code) if report else Counter()
    if not counts:
        return ""
    states = ", ".join(f"{_(_STATES[code])}: {count}" for code, count in sorted(counts.items()))
    template = _("Подтверждающие файлы — {states}. {problems} — какие, {repair} — вернуть.")
    return template.format(states=states, problems=problems_key, repair=repair_key)


def restorable(report: "EvidenceReport") -> dict[tuple[str, str], str]:
    """Return path and SHA-256 of the files that the history may give back, with their state."""
    return {
        (path, sha256): _(_STATES[code])
        for (path, _size, sha256), code in report.codes.items()
        if code in {"evidence-altered", "evidence-missing"}
    }


def restored(count: int, copies: Sequence[Path]) -> str:
    """Return that files were put back, and where the altered ones are.

    Args:
        count: How many were put back.
        copies: What was in their place.
    """
    sentence = _("Подтверждающие файлы возвращены из истории: {count}.").format(count=count)
    if copies:
        where = _("Копии изменённых лежат в {folder}.").format(folder=short_path(copies[0].parent))
        sentence = f"{sentence} {where}"
    return sentence


def all_well(report: "EvidenceReport | None") -> str:
    """Return that the files are whole, or how far that is known; empty where there are none."""
    if report is None:
        return _("Подтверждающие файлы ещё не сверены.")
    if report.pending:
        template = _("Подтверждающие файлы ещё сверяются, осталось {count}.")
        return template.format(count=report.pending)
    if report.codes:
        return _("Подтверждающие файлы целы: {count}.").format(count=len(report.codes))
    return ""
