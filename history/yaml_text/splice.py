"""Changes the text of a plan: only the affected lines; the rest stays byte for byte.

The tree of the text is walked together with the new data; where they differ, a patch is collected.
What stays is never rewritten, comments and blank lines included.

The result is read back and compared with the intended data before it is returned. Where it means
something else (new lines ended up where a comment below is read as text, say), the new values are
written again with every string in double quotes, which nothing around can alter; and where that is
of no help, what is removed takes along the comments that belong to it.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import product
from typing import ClassVar

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text.block_style import rewrite_list, rewrite_mapping
from kvartal.history.yaml_text.flow_style import rewrite_braces, rewrite_brackets
from kvartal.history.yaml_text.loader import MAX_SIZE, UnreadablePlan, load
from kvartal.history.yaml_text.nodes import ListNode, MapNode, ScalarNode, walk
from kvartal.history.yaml_text.patches import (
    OverlappingPatches,
    PatchList,
    ValueChange,
    in_former_order,
)
from kvartal.history.yaml_text.source import Source, encoded
from kvartal.schema.changes import Edit, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import EXIT_BUG, N_, KvartalError


class SpliceFailed(KvartalError):
    """No text was found that means the new data: a bug, or a very unusual file."""

    template = N_(
        "Не удалось записать изменение в текст файла {file}: получилось бы не то, что задумано. "
        "Файл не тронут. Внесите это изменение в редакторе и проверьте: kvartal validate."
    )
    exit_code: ClassVar[int] = EXIT_BUG


class PlanWouldBeTooLarge(KvartalError):
    """The plan with the change would be larger than one that can be read."""

    template = N_(
        "Файл {file} стал бы больше {limit} МБ: такой программы мероприятий не бывает. Ничего не "
        "записано. Внесите меньше: не все столбцы, строки или тексты."
    )


def splice(source: Source, edits: Iterable[Edit]) -> Source:
    """Apply edits to the text of a plan.

    Args:
        source: The plan as read.
        edits: The edits, in order.

    Returns:
        The plan with the text changed, read again; ``source`` itself if nothing changes.

    Raises:
        StaleChange: The plan does not hold an edit's old value.
        UnknownMeasure: An edit names a measure that is not there.
        UnwritableValue: A new value has no form in YAML.
        PlanWouldBeTooLarge: The text would be larger than one that can be read.
        SpliceFailed: The changed text would not mean what it should.
    """
    return splice_to(source, apply_edits(source.data, edits))


def splice_to(source: Source, data: PlanData) -> Source:
    """Change the text of a plan so that it holds new data, by the smallest changes.

    Args:
        source: The plan as read.
        data: The new data.

    Returns:
        The plan with the text changed, read again; ``source`` itself if nothing changes.

    Raises:
        UnwritableValue: A new value has no form in YAML.
        PlanWouldBeTooLarge: The text would be larger than one that can be read.
        SpliceFailed: The changed text would not mean what it should.
    """
    in_place = in_former_order(source.data, data)
    if in_place is not None:
        # What changes changes where it stands; then the text itself goes to the new place.
        source = _rewritten(source, in_place)
    return _rewritten(source, data)


def _rewritten(source: Source, data: PlanData) -> Source:
    if same(source.data, data):
        return source
    for text in _attempts(source, data):
        if len(encoded(text, bom=source.bom)) > MAX_SIZE:
            raise PlanWouldBeTooLarge(file=source.name, limit=MAX_SIZE >> 20)
        result = _read_back(source, text)
        if result is not None and same(result.data, data):
            return result
    raise SpliceFailed(file=source.name)


def _attempts(source: Source, data: PlanData) -> Iterator[str]:
    """Yield texts that should mean the data, the most readable first."""
    newline = source.newline
    # Whole lines are inserted after whole lines: a missing final line break is added meanwhile.
    final_break = "" if source.text.endswith("\n") else newline
    last = _last_value(source) if final_break else None
    for chomp in (False, True) if last and last.is_block else (False,):
        # A comment that was below what is removed may become part of a text above.
        for with_comments, quoted in product((False, True), repeat=2):
            patches = PatchList(source.text + final_break, newline, quoted, with_comments)
            if chomp and last:
                patches.strip_final_break(last)
            if not rewrite(patches, ValueChange(source.root, source.data, data, ())):
                continue
            try:
                text = patches.apply()
            except OverlappingPatches:
                continue
            if final_break:
                yield text.removesuffix("\n").removesuffix("\r")
            # With it where a block of lines comes to the end, which means its line break.
            yield text


def rewrite(patches: PatchList, change: ValueChange) -> bool:
    """Add patches that change a collection.

    Returns:
        Whether that was possible within it. If not, no patch was added, and the caller has to
        replace the collection as a whole.
    """
    node = change.node
    rewrite_nested = partial(rewrite, patches)
    count = len(patches)
    patches.ancestors.append(node)
    done = False
    if isinstance(node, MapNode):
        done = (rewrite_braces if node.flow else rewrite_mapping)(patches, change, rewrite_nested)
    elif isinstance(node, ListNode):
        done = (rewrite_brackets if node.flow else rewrite_list)(patches, change, rewrite_nested)
    patches.ancestors.pop()
    if not done:
        patches.truncate(count)
    return done


def _last_value(source: Source) -> ScalarNode:
    """Return the last scalar in the text."""
    values = (node for node in walk(source.root) if isinstance(node, ScalarNode))
    return max(values, key=lambda node: node.start)


def _read_back(source: Source, text: str) -> Source | None:
    try:
        return load(encoded(text, bom=source.bom), source.name)
    except UnreadablePlan:
        return None
