"""The programme as its document: cover, chapters and the table of measures as it is printed."""

from kvartal.exchange.reports.blocks import Block, Heading, Report
from kvartal.exchange.reports.cover import cover, cover_names
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
    blocks: list[Block] = [cover(words), *chapter_blocks(document)]
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
        names=cover_names(words),
        data=data,
        hidden={"plan": data},
        unprinted=tuple(unprinted(plan, table)),
    )
