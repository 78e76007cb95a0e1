"""From the files that a person named to the attachments of a change."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kvartal.history.store.evidence import Attachment, prepare
from kvartal.schema.model import EvidenceFile, Plan
from kvartal.tui.forms.context import FormContext


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files ready to be kept with a record.

    Attributes:
        by_measure: What the record of each measure tells of them, by id.
        attachments: The files themselves.
    """

    by_measure: Mapping[str, Sequence[EvidenceFile]] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


async def attached(desk: FormContext, measures: Sequence[str], paths: Sequence[Path]) -> Prepared:
    """Return files as attachments of each of the measures. Read out of the screen's way.

    Args:
        desk: The programme.
        measures: Ids of the measures; each gets the files in its own folder.
        paths: The files.

    Raises:
        KvartalError: One of them cannot be attached; `kvartal.history.store.evidence` says why.
    """
    if not paths:
        return Prepared()
    return await asyncio.to_thread(_attached, desk, measures, paths)


def _attached(desk: FormContext, measures: Sequence[str], paths: Sequence[Path]) -> Prepared:
    told = _told(desk.plan)
    found = {
        measure: prepare(paths, measure, desk.plan.year, desk.folder, told) for measure in measures
    }
    return Prepared(
        {measure: [one.file for one in files] for measure, files in found.items()},
        tuple(one for files in found.values() for one in files),
    )


def _told(plan: Plan) -> dict[str, str]:
    """Return the hashes of the files that the plan tells of already, by path."""
    return {
        file.path: file.sha256
        for measure in plan.measures
        for record in measure.records
        for file in record.evidence.files
    }
