"""Looks whether the evidence files are whole, beside the screen and a little at a time."""

import asyncio
from typing import Final

from kvartal.history.store.evidence_watch import EvidenceReport, EvidenceWatch
from kvartal.tui.session import Session

SECONDS: Final = 0.3
"""How long one check may hash files: then what is known so far is shown."""


class EvidenceService:
    """Keeps the session's report on the evidence files up to date."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._watch = EvidenceWatch()
        session.watch(session, "snapshot", self.check, init=False)

    def check(self) -> None:
        """Look at all files again; those that have not changed are not read."""
        self.session.start_worker(self._check, "evidence")

    async def _check(self) -> None:
        session = self.session
        while (snapshot := session.snapshot) is not None:
            report = await asyncio.to_thread(self._watch.check, snapshot, SECONDS)
            if session.snapshot is not snapshot:
                continue
            # The first check of many files is shown as it goes on, a later one at once.
            if not report.pending or not _is_complete(session.evidence):
                session.evidence = report
            if not report.pending:
                return


def _is_complete(report: EvidenceReport | None) -> bool:
    return report is not None and not report.pending
