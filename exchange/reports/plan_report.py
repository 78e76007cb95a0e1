"""The programme as its document: cover, chapters and the table of measures as it is printed."""

from kvartal.exchange.reports.blocks import Block, CoverBlock, Heading, Report
from kvartal.exchange.reports.document_chapters import chapter_blocks, numbered_heading
from kvartal.exchange.reports.measures_table import measures_table, unprinted
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import N_, Translate
from kvartal.schema.model import Plan


def plan_report(plan: Plan, data: PlanData, translate: Translate) -> Report:
    """Return the programme as its document.

    Args:
        plan: The programme.
        data: The same as plain data: what is not printed travels with the export.
        translate: Turns Russian texts into its language.
    """
    words = ReportWords(plan, translate)
    document = plan.document
    blocks: list[Block] = [_cover(words), *chapter_blocks(document)]
    printed = document.get("plan")
    own = printed if isinstance(printed, dict) else {}
    blocks.append(Heading(numbered_heading(own, words.say(N_("План мероприятий")))))
    table = measures_table(words, own)
    blocks.append(table)
    return Report(
        kind="plan",
        title=plan.header("title"),
        language=plan.language,
        organization=plan.header("organization"),
        years=plan.years_text,
        as_of=None,
        blocks=tuple(blocks),
        data=data,
        hidden={"plan": data},
        unprinted=tuple(unprinted(plan, table)),
    )


def _cover(words: ReportWords) -> CoverBlock:
    plan, document = words.plan, words.plan.document
    approval = document.get("approval")
    lines: list[str] = []
    if isinstance(approval, dict):
        caption, own = approval.get("caption"), approval.get("lines")
        if isinstance(caption, str):
            lines += [caption, plan.header("organization")]
        if isinstance(own, list):
            lines += map(str, own)
        number = f" {approval['number']}" if "number" in approval else ""
        day = words.words.day(approval.get("date"))
        lines.append(words.say(N_("от {date}{number}"), date=day, number=number))
    header = document.get("page_header")
    own_header = header if isinstance(header, dict) else {}
    return CoverBlock(
        tuple(lines),
        plan.header("organization"),
        plan.header("title"),
        plan.header("code"),
        str(own_header.get("marking", "")),
        str(own_header.get("brand", "")),
        plan.header("contents_heading"),
    )
