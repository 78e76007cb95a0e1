"""Files that a merge calls as no side did."""

from collections.abc import Iterator, Sequence

from kvartal.history.audit.comparable_text import measures_by_id
from kvartal.history.audit.merge_compare import MergeDifference
from kvartal.history.diff.diff import MEASURES
from kvartal.history.store.evidence import evidence_references, with_renamed_files
from kvartal.history.store.filenames import is_numbered
from kvartal.schema.changes import PlanData
from kvartal.schema.evidence_paths import same_file_key


def renamed_files(
    base: PlanData, sides: Sequence[PlanData], actual: PlanData
) -> Iterator[MergeDifference]:
    """Yield the measures in which a merge calls a file as no side did, and had no need to.

    Of two files of one name one gets a new path: from a sync with a number, from a person any.

    Args:
        base: The version that the sides started from.
        sides: The versions that were merged.
        actual: What the merge commit holds.
    """
    known = {one for data in (base, *sides) for one in evidence_references(data)}
    contents: dict[str, set[str]] = {}
    for path, sha256 in known:
        contents.setdefault(same_file_key(path), set()).add(sha256)
    for measure, rows in measures_by_id(actual).items():
        paths: dict[str, str] = {}
        for path, sha256 in {*evidence_references({MEASURES: [*rows]})} - known:
            old_paths = sorted(old for old, content in known if content == sha256)
            is_free = any(len(contents[same_file_key(old)]) > 1 for old in old_paths)
            if (
                old_paths
                and not is_free
                and not any(is_numbered(path, of=old) for old in old_paths)
            ):
                paths[path] = old_paths[0]
        if paths:
            found: PlanData = {MEASURES: [*rows]}
            yield MergeDifference(measure, with_renamed_files(found, paths), found)
