"""What the cover of a document says: whose it is, and by whom and when it was approved."""

from collections.abc import Iterator, Mapping

from kvartal.exchange.reports.blocks import CoverBlock
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_


def cover(words: ReportWords) -> CoverBlock:
    """Return the cover of a programme's document.

    Args:
        words: The words.
    """
    plan = words.plan
    header = plan.document.get("page_header")
    own_header = header if isinstance(header, dict) else {}
    return CoverBlock(
        tuple(_approval_lines(words)),
        plan.header("organization"),
        plan.header("title"),
        plan.header("code"),
        str(own_header.get("marking", "")),
        str(own_header.get("brand", "")),
        plan.header("contents_heading"),
    )


def cover_names(words: ReportWords) -> dict[str, str]:
    """Return what a company's own template may say of a programme, by its name in braces.

    What a programme that is not approved does not say is empty.

    Args:
        words: The words.
    """
    approval = _approval(words)
    return {
        "code": words.plan.header("code"),
        "approval": "\n".join(_approval_lines(words)),
        "approved_by": "\n".join(_signed(approval)),
        "approval_date": words.words.day(approval.get("date")),
        "approval_number": str(approval.get("number", "")),
    }


def _approval(words: ReportWords) -> Mapping[str, Plain]:
    approval = words.plan.document.get("approval")
    return approval if isinstance(approval, dict) else {}


def _approval_lines(words: ReportWords) -> Iterator[str]:
    approval = _approval(words)
    if not approval:
        return
    if isinstance(approval.get("caption"), str):
        yield from (str(approval["caption"]), words.plan.header("organization"))
    yield from _signed(approval)
    number = f" {approval['number']}" if "number" in approval else ""
    day = words.words.day(approval.get("date"))
    yield words.say(N_("от {date}{number}"), date=day, number=number)


def _signed(approval: Mapping[str, Plain]) -> Iterator[str]:
    """Yield the post and the name of who approved it."""
    lines = approval.get("lines")
    yield from map(str, lines if isinstance(lines, list) else ())
