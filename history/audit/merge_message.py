"""Checks the words of a merge commit against what its sides changed and what it chose.

Yields `message-disagrees` and `trailers-disagree`.

The message of a sync states what each side changed and which value a person chose in a conflict:
all of that has to be there, and nothing else that looks like it. The message of a plain `git merge`
need not say anything, and what it says is its author's words; but a line in the form of the
program's («Примечания: — → Да», «1.1.2: исполнено …») has to be true, or be the first line of a
merged commit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, dropwhile, takewhile
from typing import Final

from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.audit.line_compare import ROOM
from kvartal.history.audit.merge_choices import choice_findings, is_choice, made_up_choice_findings
from kvartal.history.audit.merge_notes import untrue_note_findings
from kvartal.history.audit.merge_others import is_about
from kvartal.history.audit.merge_sides import (
    DIFFERENT,
    NOT_STATED,
    NOT_TRUE,
    flat,
    is_heading_true,
    measure_heading,
    side_findings,
    stated_side,
    without_copy_number,
    without_list_sign,
)
from kvartal.history.audit.merge_versions import MergeVersions
from kvartal.history.audit.message_compare import contains_subject, measures_finding
from kvartal.history.diff.groups import ChangeGroup, change_groups
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.words import Words
from kvartal.history.messages.merge_sentences import (
    MAX_MEASURES,
    NOT_IN_PLAN,
    stated_plans,
)
from kvartal.history.messages.message import HEADING, escape_comments
from kvartal.history.messages.shorten import shorten_line, shorten_pair
from kvartal.history.messages.subjects import subject
from kvartal.history.messages.trailers import Trailers, paragraphs
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.errors import N_, Translate
from kvartal.schema.fields import BY_NAME, show

_ARROW: Final = " → "
_TRAILER_PREFIX: Final = "Kvartal-"
_SUBJECT: Final = N_("Первая строка слияния говорит «{told}», а слилось такое: «{real}».")


def merge_message_findings(
    message: str, trailers: Trailers, versions: MergeVersions, languages: Sequence[Translate]
) -> tuple[Finding, ...]:
    """Return where the words of a merge are not so, in the language they fit best.

    Args:
        message: The message.
        trailers: What its trailers claim.
        versions: What was merged.
        languages: What turns templates into each language that messages may be in.
    """
    is_sync = trailers.kind is ChangeKind.MERGE and len(versions.sides) == 2  # noqa: PLR2004 - ours, theirs
    words = [
        Words(translate, as_in_2026_11=old) for translate in languages for old in (False, True)
    ]
    checks = [_Check(message, trailers, versions, one) for one in words]
    own = [check for check in checks if check.is_of_this_plan] if is_sync else []
    if is_sync and not own and not versions.is_alone:
        return tuple(_about_no_plan(checks))
    if is_sync:
        # In another language than its own a message is about none of several plans.
        found = _fewest(tuple(check.findings()) for check in own or checks)
    else:
        found = tuple(_false_lines_of_plain_merge(checks))
    if found or len(versions.sides) != 2:  # noqa: PLR2004 - as above
        return found
    if is_sync:
        found = tuple(untrue_note_findings(message, versions, words))
    return found or tuple(made_up_choice_findings(message, versions, words, is_sync=is_sync))


def _fewest(found: Iterable[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Return the fewest of what is found in each language; nothing where there is none in one."""
    best: tuple[Finding, ...] | None = None
    for findings in found:
        best = findings if best is None or len(findings) < len(best) else best
        if not best:
            break
    return best or ()


@dataclass(frozen=True, slots=True)
class _Check:
    """One message against one merge, in one language."""

    message: str
    trailers: Trailers
    versions: MergeVersions
    words: Words

    @property
    def is_of_several(self) -> bool:
        """Whether the message is about several plans in this language, and this is one of them."""
        return flat(self.versions.plan) in self._stated_plans()

    @property
    def is_of_this_plan(self) -> bool:
        """Whether of several plans that were merged the message is about this one."""
        if self.is_of_several or self.versions.is_alone:
            return self.is_of_several
        expected = self._subject(self._groups(self.versions.merged))
        return contains_subject(self.first_line(), expected)

    def findings(self) -> Iterator[Finding]:
        """Yield what is not so in the message of a sync."""
        groups = self._groups(self.versions.merged)
        if self.is_of_several:
            yield from self._findings_of_several(groups)
            return
        expected = self._subject(groups)
        is_ours = contains_subject(self.first_line(), expected)
        if self._is_about_the_rest():
            return
        lines = tuple(self.line_findings()) or self._side_findings(self.message)
        yield from lines
        yield from choice_findings(self.message, self.versions, self.words)
        if not is_ours and not lines:
            fields: dict[str, object] = {"told": self.first_line(), "real": expected}
            yield Finding(MESSAGE, _SUBJECT, fields=fields)
        measures = tuple(group.id for group in groups if group.id)
        if measures != self.trailers.measures and not lines:
            yield measures_finding(self.trailers.measures, measures)

    def _stated_plans(self) -> list[str]:
        return stated_plans([*map(flat, paragraphs(self.message))], self.words.translate)

    def _of_this_plan(self) -> str:
        """Return the first line with what the message of a merge of several says of this plan."""
        first, *rest = paragraphs(self.message)
        heads = {f"{path}:" for path in self._stated_plans()}
        own = dropwhile(lambda part: flat(part) != f"{flat(self.versions.plan)}:", rest)
        return "\n\n".join((first, *takewhile(lambda part: flat(part) not in heads, [*own][1:])))

    def _findings_of_several(self, groups: tuple[ChangeGroup, ...]) -> Iterator[Finding]:
        is_alone = self.versions.is_alone
        part = self if is_alone else replace(self, message=self._of_this_plan())
        lines = tuple(part.line_findings()) or self._side_findings(self._of_this_plan())
        yield from lines
        yield from choice_findings(self.message, self.versions, self.words)
        measures = [group.id for group in groups if group.id]
        of_others = dict.fromkeys(
            group.id
            for other in self.versions.others()
            for group in change_groups(other.base, other.merged, self.words)
            if group.id and group.id in self.trailers.measures
        )
        measures += [name for name in of_others if name not in measures]
        if not lines and set(measures) != set(self.trailers.measures):
            yield measures_finding(self.trailers.measures, measures)

    # ------------------------------------------------------------------ what is true

    def _groups(self, data: PlanData) -> tuple[ChangeGroup, ...]:
        """Return what changed from the common version to another one."""
        return change_groups(self.versions.base, data, self.words)

    def _subject(self, groups: tuple[ChangeGroup, ...]) -> str:
        if not groups:
            return self.words.translate(NOT_IN_PLAN)
        return subject(ChangeKind.MERGE, groups, self.words)

    def real_subject(self) -> str:
        """Return the first line that the message has where it is about this plan alone."""
        return self._subject(self._groups(self.versions.merged))

    def _is_about_the_rest(self) -> bool:
        """Tell whether a sync in which only one side changed the plan says just that."""
        is_one_sided = any(not self._groups(side) for side in self.versions.sides)
        says_so = contains_subject(self.first_line(), self.words.translate(NOT_IN_PLAN))
        return is_one_sided and says_so and not self.trailers.measures and not self.statements()

    def true_lines(self) -> set[str]:
        """Return every line about a field that is true of the merge."""
        base, sides, merged = self.versions.base, self.versions.sides, self.versions.merged
        pairs = [(base, data) for data in (*sides, merged)] + [(side, merged) for side in sides]
        lines = set[str]()
        for old, new in pairs:
            for group in change_groups(old, new, self.words):
                lines.update(flat(str(line)) for line in group.lines)
                lines.add(measure_heading(group, self.words))
        return lines

    # ------------------------------------------------------------------ what is said

    def first_line(self) -> str:
        return flat(paragraphs(self.message)[0])

    def statements(self) -> list[str]:
        """Return the lines of the body that look like the program's."""
        heading = re.compile(re.escape(self.words.translate(HEADING).partition("{")[0]) + "[0-9]")
        lines = [flat(line) for part in paragraphs(self.message)[1:] for line in part.split("\n")]
        return [
            line
            for line in lines
            if (_ARROW in line or heading.match(line)) and not line.startswith(_TRAILER_PREFIX)
        ]

    def line_findings(self) -> Iterator[Finding]:
        """Yield the first line that is not true, and the first that is left out."""
        false = self._false_line()
        missing, measure = self._missing_line() or ("", None)
        fields: dict[str, object] = {"line": shorten_line(false or "", ROOM, self.words)}
        if false and missing and false.partition(": ")[0] == missing.partition(": ")[0]:
            stated, real = shorten_pair(false, missing, ROOM)
            fields = {"told": stated, "real": real}
            yield Finding(MESSAGE, DIFFERENT, fields=fields, measure=measure)
            return
        if false:
            yield Finding(MESSAGE, NOT_TRUE, fields=fields)
        if missing:
            fields = {"line": shorten_line(missing, ROOM, self.words)}
            yield Finding(MESSAGE, NOT_STATED, fields=fields, measure=measure)

    def _false_line(self) -> str | None:
        true = self.true_lines()
        claims = [line for line in self.statements() if not is_choice(line, self.words)]
        false = [line for line in claims if not self.is_true(line, true)]
        return next(self.false_of_others(false), None) if false else None

    def false_of_others(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield the lines that are true of no other plan that was merged.

        None where a version of one cannot be read: they may be about that plan.
        """
        others = [replace(self, versions=one) for one in self.versions.of_others()]
        if not all(other.versions.sides for other in others):
            return
        true = [(other, other.true_lines()) for other in others]
        for line in lines:
            if not any(other.is_true(line, true_lines) for other, true_lines in true):
                yield line

    def is_true(self, line: str, true_lines: set[str]) -> bool:
        """Tell whether a line is true, or the first line of a commit that came with the merge."""
        expected = self._subject(self._groups(self.versions.merged))
        known = (expected, *self.versions.subjects)
        return line in true_lines or any(text and text in line for text in known)

    def is_in_our_form(self, line: str) -> bool:
        """Tell whether a line reads as one of the program's: a field with values, or a measure."""
        label, colon, rest = line.partition(": ")
        if not colon:
            return False
        rows = (*as_list(self.versions.merged.get("measures")),)
        if label in {show(as_row(row).get("id", "")) for row in rows}:
            return True
        labels = {self.words.translate(field.label).casefold() for field in BY_NAME.values()}
        heads = {one.partition(",")[0] for one in labels}  # «Бюджет, план»
        return _ARROW in rest and label.partition(",")[0].casefold() in heads

    def _missing_line(self) -> tuple[str, str] | None:
        """Return the first line about a side that the message leaves out, with its measure."""
        # Of two files of one name a sync renames one before it states what the sides did.
        stated = {without_copy_number(flat(line)) for line in self.message.split("\n")}
        for side in self.versions.sides:
            listed = [group for group in self._groups(side) if group.lines][:MAX_MEASURES]
            for group in listed:
                for line in group.lines:
                    if without_copy_number(flat(escape_comments(str(line)))) not in stated:
                        return flat(str(line)), group.id
        return None

    def _side_findings(self, message: str) -> tuple[Finding, ...]:
        is_renamed = bool(self.trailers.evidence)
        return tuple(side_findings(message, self.versions, self.words, is_renamed=is_renamed))

    def false_headings(self) -> Iterator[str]:
        """Yield the headings of sides that name others than those who wrote its commits."""
        for line in map(flat, paragraphs(self.message)[1:]):
            is_heading = stated_side(line, self.words) and line not in self.versions.quotes
            if is_heading and not is_heading_true(line, self.versions.authors, self.words):
                yield line


def _about_no_plan(checks: Sequence[_Check]) -> Iterator[Finding]:
    """Yield that the message of a sync is about none of the plans that were merged.

    What it says of another one is looked at where that one is verified.
    """
    first, versions = checks[0], checks[0].versions
    others = versions.others()
    if not any(is_about(one.message, others, versions, one.words) for one in checks):
        fields: dict[str, object] = {"told": first.first_line(), "real": first.real_subject()}
        yield Finding(MESSAGE, _SUBJECT, fields=fields)


def _false_lines_of_plain_merge(checks: Sequence[_Check]) -> Iterator[Finding]:
    """Yield the first line in the program's form, in any language, that is true in none."""
    if not checks:
        return
    lines = (checks[0].first_line(), *checks[0].statements())
    bare = {line: without_list_sign(line) for line in lines}
    claims = [line for line in lines if any(check.is_in_our_form(bare[line]) for check in checks)]
    true = [(check, check.true_lines()) for check in checks] if claims else []
    for line in claims:
        if any(check.is_true(bare[line], true_lines) for check, true_lines in true):
            continue
        if all(any(check.false_of_others([bare[line]])) for check in checks):
            yield Finding(MESSAGE, NOT_TRUE, fields={"line": line})
            return
    for line in chain.from_iterable(check.false_headings() for check in checks):
        yield Finding(MESSAGE, NOT_TRUE, fields={"line": line})
        return
