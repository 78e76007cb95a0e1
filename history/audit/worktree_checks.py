"""Checks the working files against HEAD: what is only on the disk, or only in the history.

Yields `uncommitted` and, of files that HEAD holds as stated, `evidence-missing`,
`evidence-altered` and `evidence-unreadable`.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.git.failures import IndexDamaged
from kvartal.history.git.repository import Repository
from kvartal.history.messages.subjects import subject
from kvartal.history.store.evidence import check_evidence
from kvartal.history.store.repo_state import PlanStatus, git_state
from kvartal.history.system_errors import system_reason
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.evidence_paths import FOLDER

UNCOMMITTED: Final = "uncommitted"

_EDITED: Final = N_("Файл программы исправлен и не внесён в историю: {what}")
_UNREADABLE: Final = N_("Файл программы исправлен так, что не читается, и не внесён в историю.")
_CLOSED: Final = N_(
    "Файл программы не открывается ({reason}): тот ли он, что в истории, не узнать."
)
_NOT_ON_DISK: Final = N_("Файла программы нет на диске, а в истории он есть.")


def uncommitted_plan(error: KvartalError) -> Finding:
    """Return the finding that one of several plans is not in the history at all.

    Args:
        error: Why it cannot be verified.
    """
    return Finding(UNCOMMITTED, error.template, fields=error.fields)


def worktree_findings(
    repository: Repository,
    path: Path,
    head: CachedVersion,
    reported: Collection[str],
    words: Words,
) -> Iterator[Finding]:
    """Yield where the working files differ from HEAD.

    Args:
        repository: As seen from the plan's folder.
        path: The plan file.
        head: The plan as HEAD has it.
        reported: Paths of evidence files that are reported as missing or altered in HEAD already.
        words: The language of the findings.
    """
    yield from _plan_findings(repository, path, head, words)
    problems = check_evidence(head.data or {}, path.parent)
    skipped = {*reported, *_outside_sparse_checkout(repository)} if problems else set()
    for problem in problems:
        if str(problem.fields["path"]) not in skipped:
            measure = str(problem.fields["id"]) or None
            yield Finding(
                problem.code, problem.template, problem.path, problem.fields, measure=measure
            )


def _plan_findings(
    repository: Repository, path: Path, head: CachedVersion, words: Words
) -> Iterator[Finding]:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        yield Finding(UNCOMMITTED, _NOT_ON_DISK)
        return
    except OSError as error:
        yield Finding(UNCOMMITTED, _CLOSED, fields={"reason": system_reason(error)})
        return
    if content == head.content or content.replace(b"\r\n", b"\n") == head.content:
        return
    # Git may store other bytes than stand on the disk (filters, line ends): only git can tell,
    # unless its index is damaged. The history does not depend on that.
    with suppress(IndexDamaged):
        if git_state(repository, path.name).plan is PlanStatus.COMMITTED:
            return
    try:
        data = load(content, path.name).data
    except UnreadablePlan:
        yield Finding(UNCOMMITTED, _UNREADABLE)
        return
    groups = change_groups(head.data or {}, data, words)
    measures = [group.id for group in groups if group.id]
    yield Finding(
        UNCOMMITTED,
        _EDITED,
        fields={"what": subject(ChangeKind.SET, groups, words)},
        measure=measures[0] if len(measures) == 1 else None,
    )


def _outside_sparse_checkout(repository: Repository) -> set[str]:
    """Return the evidence that a sparse checkout leaves out of the working files on purpose."""
    listed = repository.run("ls-files", "-t", "-z", "--", FOLDER).text.split("\0")
    return {line[2:] for line in listed if line.startswith("S ")}
