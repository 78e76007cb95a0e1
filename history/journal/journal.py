"""The journal: every commit that touched the plan, told in fields, newest first.

Commits made by hand, merges and edits on a forge are there too: what changed is worked out from the
two versions, never taken from the message. Names, subjects and values stand here as they came;
whoever shows them makes them fit to be shown.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kvartal.history.diff.diff import FieldChange, difference, field_changes
from kvartal.history.diff.groups import Group, change_groups
from kvartal.history.diff.words import Words
from kvartal.history.git.repository import Repository
from kvartal.history.journal.ahead import Printed, State, read_ahead, state_of
from kvartal.history.journal.versions import Versions
from kvartal.history.messages.trailers import EvidenceNote, Trailers, parse_trailers
from kvartal.schema.changes import ChangeKind, Edit, PlanData

# Hash, parents, date, name, address, subject, then the whole message: only the last may hold line
# breaks.
_FORM: Final = "%H%n%P%n%aI%n%an%n%ae%n%s%n%B"
_PARENTS_OF_A_MERGE: Final = 2
_RAW: Final = "\n:"
_PLAIN_FILE: Final = "100"


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit that touched the plan.

    Attributes:
        commit: Its full hash.
        parents: Hashes of the commits before it that touched the plan.
        date: When it was made, by its author's clock: ISO 8601 with the offset.
        author: Name of the author.
        email: Address of the author.
        subject: First line of the message.
        trailers: What the message claims in its trailers.
        edits: What really changed, worked out from the two versions; of a merge, what none of the
            sides and no merging explains. None where that was not worked out.
        groups: The same in words, by measure.
        is_readable: Whether both versions could be read; where not, there are no edits.
    """

    commit: str
    parents: tuple[str, ...]
    date: str
    author: str
    email: str
    subject: str
    trailers: Trailers
    edits: tuple[Edit, ...] | None = None
    groups: tuple[Group, ...] = ()
    is_readable: bool = True

    @property
    def kind(self) -> ChangeKind | None:
        """What the user did, as the message claims; None for a commit made by hand."""
        return self.trailers.kind

    @property
    def is_by_hand(self) -> bool:
        """Whether the commit was made without this program."""
        return self.kind is None

    @property
    def is_merge(self) -> bool:
        """Whether the commit joins several lines of history."""
        return len(self.parents) >= _PARENTS_OF_A_MERGE

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of the measures touched: really, where that was worked out; else as claimed."""
        if self.edits is None or not self.is_readable:
            return self.trailers.measures
        return tuple(dict.fromkeys(edit.measure for edit in self.edits if edit.measure))

    @property
    def evidence(self) -> tuple[EvidenceNote, ...]:
        """Files of evidence that the commit brings, as the message claims."""
        return self.trailers.evidence

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What changed, a row a field."""
        return field_changes(self.edits or ())


def commits(
    repository: Repository, name: str, revision: str = "HEAD", *, beyond: str | None = None
) -> Iterator[Entry]:
    """Yield every commit that touched the plan, newest first; what changed is not worked out.

    Merges are there where they decided something: where the versions they joined differed.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        revision: Where to begin.
        beyond: The full hash of a commit; what its own history holds is left out.

    Raises:
        GitFailed: Git refused.
    """
    with closing(_printed(repository, name, revision, beyond)) as found:
        yield from map(_entry, found)


def entries(  # noqa: PLR0913 - what to look at, and what of it to tell
    repository: Repository,
    name: str,
    *,
    measure: str | None = None,
    since: date | None = None,
    until: date | None = None,
    revision: str = "HEAD",
    beyond: str | None = None,
    words: Words | None = None,
) -> Iterator[Entry]:
    """Yield the commits that touched the plan with what each changed, newest first.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        measure: Id of the measure to tell of, and nothing else; all, if not given.
        since: Leave out what is older, by the author's calendar.
        until: Leave out what is newer.
        revision: Where to begin.
        beyond: The full hash of a commit; what its own history holds is left out.
        words: The language.

    Raises:
        GitFailed: Git refused.
    """
    said = words or Words()
    states: dict[str, State] = {}
    with (
        Versions(repository, name) as versions,
        closing(_printed(repository, name, revision, beyond)) as found,
    ):

        def look(commit: str, content: bytes | None) -> None:
            versions.remember(commit, content)
            if measure is not None:
                states[commit] = state_of(content, measure.encode())

        def is_wanted(one: Printed) -> bool:
            return _is_within(one.date, since, until)

        for one in read_ahead(repository, name, found, is_wanted, look):
            if measure is not None and not _may_concern(one, states):
                continue
            told = work_out(_entry(one), versions, repository, said, measure)
            if measure is None or told.edits or not told.is_readable:
                yield told


def work_out(
    entry: Entry,
    versions: Versions,
    repository: Repository,
    words: Words,
    measure: str | None = None,
) -> Entry:
    """Return an entry with what its commit really changed.

    Args:
        entry: The entry.
        versions: The versions of the plan.
        repository: As seen from the plan's folder.
        words: The language.
        measure: Id of the measure to tell of, and nothing else; all, if not given.
    """
    parent = next(iter(entry.parents), None)
    if entry.is_merge:
        before, after = _merged_and_made(entry, versions, repository)
    elif measure is None:
        before, after = versions.pair(parent, entry.commit)
    else:
        before, after = versions.pair_of(parent, entry.commit, measure)
    if before is None or after is None:
        return replace(entry, edits=(), is_readable=False)
    edits = difference(before, after)
    if measure is not None:
        edits = tuple(edit for edit in edits if edit.measure == measure)
    return replace(entry, edits=edits, groups=change_groups(before, after, words, edits))


def _printed(
    repository: Repository, name: str, revision: str, beyond: str | None
) -> Generator[Printed, None, None]:
    """Yield the commits that touched the plan as git prints them, each before its parents."""
    if repository.commit_id(revision) is None:
        return
    left_out = () if beyond is None else (f"^{beyond}",)
    # Of lines of work side by side, what was done later comes first. The second option implies the
    # full history: else git leaves out what a merge threw away.
    options = ("--date-order", "--simplify-merges", "--no-follow", "--raw", "--no-abbrev")
    arguments = (*options, revision, *left_out, "--", name)
    with closing(repository.log(arguments, _FORM)) as found:
        last: Printed | None = None
        for printed in found:
            if printed.startswith(_RAW):
                # «:modes, old and new; ids, old and new; letter», and the path after it.
                _, mode, _, blob, _ = printed.split()
                is_plan = next(found, "") == repository.prefix + name
                if last is not None and is_plan and mode.startswith(_PLAIN_FILE):
                    last = replace(last, blob=blob)
            else:
                if last is not None:
                    yield last
                commit, parents, day, rest = printed.split("\n", 3)
                last = Printed(commit, tuple(parents.split()), day, rest)
        if last is not None:
            yield last


def _entry(one: Printed) -> Entry:
    author, email, subject, message = one.rest.split("\n", 3)
    trailers = parse_trailers(message)
    return Entry(one.commit, one.parents, one.date, author, email, subject, trailers)


def _is_within(moment: str, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    day = date.fromisoformat(moment[:10])
    return (since is None or since <= day) and (until is None or day <= until)


def _may_concern(one: Printed, states: Mapping[str, State]) -> bool:
    """Tell whether a measure may have been changed by a commit, without parsing any version."""
    now = states[one.commit]
    if now is None:
        return True
    # A parent beyond the commits looked at is not known; before the first there was no plan.
    before = [states.get(parent) for parent in one.parents] or [None]
    return all(then is None or then != now for then in before)


def _merged_and_made(
    entry: Entry, versions: Versions, repository: Repository
) -> tuple[PlanData | None, PlanData | None]:
    """Return what merging gives by itself, and what the merge commit made of it.

    What both sides agree on or one of them has is no change of the merge's own.
    """
    made = versions.data(entry.commit)
    sides = [versions.data(parent) for parent in entry.parents]
    if made is None or None in sides:
        return None, None
    known = [{_fact(edit) for edit in difference(side, made)} for side in sides if side is not None]
    if not set.intersection(*known):
        return made, made
    ours, theirs = entry.parents[:2]
    # Imported here: it brings the rules and the schema's validator, and most logs have no merges.
    from kvartal.history.merge.merge import merge

    found = repository.read("merge-base", ours, theirs).decode().split()
    base = versions.data(found[0]) if found else {}
    if base is None or len(sides) > _PARENTS_OF_A_MERGE:
        return sides[0], made
    return merge(base, sides[0] or {}, sides[1] or {}).data, made


def _fact(edit: Edit) -> tuple[str, tuple[str, ...], str]:
    """Return what an edit says, wherever in a list its item stands."""
    names = tuple(part for part in edit.path if isinstance(part, str))
    return edit.measure, names, repr(edit.new)
