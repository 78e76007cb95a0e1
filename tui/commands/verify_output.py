"""What ``kvartal verify`` prints of its findings: for people, for programs, for CI services."""

from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.tui.commands import output
from kvartal.tui.commands.ci_formats import WRITERS, Issue
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.timestamp import print_timestamps
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plans.names import path_in_repository
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kvartal.history.audit.findings import Finding
    from kvartal.history.audit.report import VerifyReport
    from kvartal.history.audit.stored_objects import Commit
    from kvartal.schema.model import Plan


def print_report(report: "VerifyReport", *, to_mark: bool, tsa_cert: Path | None) -> None:
    """Print the findings and a summary for people."""
    _print_findings(report)
    _print_summary(report, to_mark=to_mark)
    print_timestamps(report.timestamps, tsa_cert)


def _print_findings(report: "VerifyReport") -> None:
    from kvartal.history.audit.verified_tags import FORGED, REMOVED, UNREADABLE

    for finding in report.findings:
        commit = finding.commit
        if commit:
            head = f"{commit.id[:10]}  {day(commit.committed)}  {commit.author}"
        elif finding.about:
            head = finding.about[:10]
        else:
            head = (
                _("метка") if finding.code in {FORGED, REMOVED, UNREADABLE} else _("рабочая копия")
            )
        message = finding.message(_)
        if finding.measure is not None and finding.measure not in message:
            message = f"{finding.measure}: {message}"
        text = shown(f"{finding.code}  {message}")
        name = f"  [{finding.id}]" if finding.is_of_history else ""
        note = shown(_acceptance_note(report, finding) + name)
        output.raw(f"{output.styled(shown(head), output.DIM)}  {text}{note}")


def _acceptance_note(report: "VerifyReport", finding: "Finding") -> str:
    """Return who accepted a finding, when and why; nothing where nobody did."""
    acceptance = report.accepted.get(finding.id)
    if acceptance is None:
        return ""
    own = acceptance.is_explanation_of(finding)
    template = (
        _(" — объяснено в самом изменении: {who}, {day}: {reason}")
        if own
        else _(" — принято: {who}, {day}: {reason}")
    )
    text = template.format(
        who=acceptance.commit.author, day=day(acceptance.commit.authored), reason=acceptance.reason
    )
    if acceptance.until is not None:
        text += _("; до {day}").format(day=day(acceptance.until))
    if acceptance.is_by_author_of(finding):
        text += _("; принял автор самого изменения")
    return text


def _print_summary(report: "VerifyReport", *, to_mark: bool) -> None:
    """Print how many commits were checked, and since when."""
    since = report.since
    if since is None and report.is_cut_off:
        start = _("с начала того, что есть в этой неполной копии")
    elif since is None:
        start = _("с начала истории")
    elif isinstance(since, str):
        start = _("после {commit}").format(commit=since[:10])
    else:
        start = _("после метки {name}").format(name=since.name)
    text = _("Проверено изменений: {count}, {start}. Замечаний: {findings}.")
    left = report.open_findings
    print_stderr(text.format(count=report.count, start=start, findings=len(report.findings)))
    if len(left) < len(report.findings):
        own = any(
            one.id in report.accepted and report.accepted[one.id].is_explanation_of(one)
            for one in report.findings
        )
        text = (
            _("Из них принято или объяснено в самом изменении: {accepted}, осталось: {left}.")
            if own
            else _("Из них принято: {accepted}, осталось: {left}.")
        )
        print_stderr(text.format(accepted=len(report.findings) - len(left), left=len(left)))
    if report.met is not None:
        _print_met(report, report.met)
    if not left:
        text = _("Отпечаток истории до изменения {commit}: {anchor}")
        print_stderr(text.format(commit=report.head[:10], anchor=report.anchor))
    elif to_mark and not any(finding.is_of_history for finding in left):
        print_stderr(
            _("Метка не поставлена: есть замечания. Такие не принимают: устраните их и повторите.")
        )
    elif to_mark:
        print_stderr(
            _(
                "Метка не поставлена: есть замечания. Те, с которыми уже разобрались, принимают: "
                "`kvartal accept <замечание> --reason …`."
            )
        )


def _print_met(report: "VerifyReport", met: "Commit") -> None:
    """Print up to which commit the history is the one that was written down."""
    if met.id == report.head:
        print_stderr(_("Отпечаток сходится: история та же."))
        return
    text = _(
        "Отпечаток сходится до изменения {commit} «{subject}» включительно; остальное внесли позже."
    )
    print_stderr(shown(text.format(commit=met.id[:10], subject=met.subject)))


def print_data(
    form: str, pairs: "Sequence[tuple[Path, VerifyReport]]", strangers: "Mapping[Path, Finding]"
) -> None:
    """Print the findings for a program.

    Args:
        form: A value of ``--format``.
        pairs: The plans that are in the history, each with its report.
        strangers: The others, each with its finding.
    """
    if form == "json":
        rows = [row for plan, report in pairs for row in _finding_rows(report, plan)]
        for plan, finding in strangers.items():
            rows.append({**finding.as_json(_), "accepted": None, **_unknown_keys(plan)})
        output.json_data(rows)
        return
    issues = [_issue(one, plan) for plan, report in pairs for one in report.open_findings]
    issues += [_issue(one, plan) for plan, one in strangers.items()]
    plans = [plan for plan, _report in pairs]
    output.data(WRITERS[form](issues, [*map(path_in_repository, (*plans, *strangers))]))


def _finding_rows(report: "VerifyReport", plan: Path) -> list[dict[str, object]]:
    """Return the findings of a programme as ``--json`` prints them."""
    facts = programme_at_head(report)
    keys = _unknown_keys(plan) if facts is None else {**programme_keys(facts, plan)}
    return [{**_finding_row(report, finding), **keys} for finding in report.findings]


def _finding_row(report: "VerifyReport", finding: "Finding") -> dict[str, object]:
    acceptance = report.accepted.get(finding.id)
    accepted = acceptance.as_json(finding) if acceptance else None
    return {**finding.as_json(_), "accepted": accepted}


def _unknown_keys(plan: Path) -> dict[str, object]:
    """Return which programme a row is of, where nothing can be read of it."""
    return {"organization": None, "year": None, "plan": path_in_repository(plan)}


def _issue(finding: "Finding", plan: Path) -> Issue:
    """Return a finding for the page of a service that checks."""
    commit, message = finding.commit, finding.message(_)
    if commit is not None:
        message = f"{commit.id[:10]}: {message}"
    place = finding.line or 1, finding.column or 1
    file, level = path_in_repository(plan), finding.severity.value
    return Issue(file, *place, finding.code, message, level, key=finding.id)


def programme_at_head(report: "VerifyReport") -> "Plan | None":
    """Return the programme at HEAD; None where there is none that can be read."""
    from kvartal.schema.reading import MalformedPlan, read_plan

    data = report.version.data if report.version is not None else None
    try:
        return None if data is None else read_plan(data)
    except MalformedPlan:
        return None
