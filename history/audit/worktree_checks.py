"""The working files against HEAD: what is on the disk and not, or not so, in the history."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.git.repository import Repository
from kvartal.history.messages.subjects import subject
from kvartal.history.store.evidence import check_evidence
from kvartal.history.store.repo_state import InGit, git_state
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import FOLDER

UNCOMMITTED: Final = "uncommitted"

_EDITED: Final = N_("Файл программы исправлен и не внесён в историю: {what}")
_UNREADABLE: Final = N_("Файл программы исправлен так, что не читается, и не внесён в историю.")
_GONE: Final = N_("Файла программы нет на диске, а в истории он есть.")


def working_findings(
    repository: Repository, path: Path, head: CachedVersion, told: Collection[str], words: Words
) -> Iterator[Finding]:
    """Yield in what the working files differ from HEAD.

    Args:
        repository: As seen from the plan's folder.
        path: The plan file.
        head: The plan as HEAD has it.
        told: Paths of evidence files that were told as missing or altered in HEAD already.
        words: The language.
    """
    yield from _plan(repository, path, head, words)
    problems = check_evidence(head.data or {}, path.parent)
    known = {*told, *_left_out(repository)} if problems else set()
    for problem in problems:
        if str(problem.fields["path"]) not in known:
            measure = str(problem.fields["id"]) or None
            yield Finding(
                problem.code, problem.template, problem.path, problem.fields, measure=measure
            )


def _plan(
    repository: Repository, path: Path, head: CachedVersion, words: Words
) -> Iterator[Finding]:
    try:
        content = path.read_bytes()
    except OSError:
        yield Finding(UNCOMMITTED, _GONE)
        return
    if content == head.content or content.replace(b"\r\n", b"\n") == head.content:
        return
    # Where git stores the file otherwise than it stands on the disk, git has to be asked.
    if git_state(repository, path.name).plan is InGit.SAVED:
        return
    try:
        data = load(content, path.name).data
    except UnreadablePlan:
        yield Finding(UNCOMMITTED, _UNREADABLE)
        return
    groups = change_groups(head.data or {}, data, words)
    names = [group.id for group in groups if group.id]
    what = subject(ChangeKind.SET, groups, words)
    measure = names[0] if len(names) == 1 else None
    yield Finding(UNCOMMITTED, _EDITED, fields={"what": what}, measure=measure)


def _left_out(repository: Repository) -> set[str]:
    """Return the evidence that a sparse checkout leaves out of the working files on purpose."""
    listed = repository.read_text("ls-files", "-t", "-z", "--", FOLDER).split("\0")
    return {line[2:] for line in listed if line.startswith("S ")}
