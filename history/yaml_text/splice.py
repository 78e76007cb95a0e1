"""Changes in the text of a plan: only the lines of the change, everything else byte for byte.

The tree of the text is walked together with the new data; where they differ, a patch is collected.
What stays is never rewritten, comments and blank lines included.

The result is read back and compared with the intended data before it is returned. Where it means
something else (new lines ended up where a comment below is read as text, say), the new values are
written again with every string in double quotes, which nothing around can alter.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text.block_style import rewrite_list, rewrite_mapping
from kvartal.history.yaml_text.flow_style import rewrite_braces, rewrite_brackets
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.nodes import ListNode, MapNode, ScalarNode, walk
from kvartal.history.yaml_text.patches import Difference, Notebook, Overlap
from kvartal.history.yaml_text.source import Source, encoded
from kvartal.schema.changes import Edit, PlanData, apply_edits
from kvartal.schema.errors import EXIT_BUG, N_, KvartalError


class SpliceFailed(KvartalError):
    """The text could not be changed so that it means what it should: a bug, or a strange file."""

    template = N_(
        "Не удалось записать изменение в текст файла {file}: получилось бы не то, что задумано. "
        "Файл не тронут. Внесите это изменение в редакторе и проверьте: kvartal validate."
    )
    exit_code: ClassVar[int] = EXIT_BUG


def splice(source: Source, edits: Iterable[Edit]) -> Source:
    """Apply edits to the text of a plan.

    Args:
        source: The plan as read.
        edits: What to change, in order.

    Returns:
        The plan with the text changed, read again; ``source`` itself if nothing changes.

    Raises:
        StaleChange: The plan does not hold an edit's old value.
        UnknownMeasure: An edit names a measure that is not there.
        UnwritableValue: A new value has no form in YAML.
        SpliceFailed: The changed text would not mean what it should.
    """
    return splice_to(source, apply_edits(source.data, edits))


def splice_to(source: Source, data: PlanData) -> Source:
    """Make the text of a plan mean other data, by the smallest changes.

    Args:
        source: The plan as read.
        data: What it is to mean.

    Returns:
        The plan with the text changed, read again; ``source`` itself if nothing changes.

    Raises:
        UnwritableValue: A new value has no form in YAML.
        SpliceFailed: The changed text would not mean what it should.
    """
    if same(source.data, data):
        return source
    for text in _attempts(source, data):
        result = _read_back(source, text)
        if result is not None and same(result.data, data):
            return result
    raise SpliceFailed(file=source.name)


def _attempts(source: Source, data: PlanData) -> Iterator[str]:
    """Yield texts that should mean the data, the best first."""
    newline = source.newline
    # Whole lines are put after whole lines: a text without a last line break gets one for the time.
    lent = "" if source.text.endswith("\n") else newline
    last = _last_value(source) if lent else None
    for chomp in (False, True) if last and last.is_block else (False,):
        for quoted in (False, True):
            notes = Notebook(source.text + lent, newline, quoted)
            if chomp and last:
                notes.note_chomping(last)
            if not rewrite(notes, Difference(source.root, source.data, data, ())):
                continue
            try:
                text = notes.result()
            except Overlap:
                continue
            yield text.removesuffix("\n").removesuffix("\r") if lent else text


def _last_value(source: Source) -> ScalarNode:
    """Return the single value that stands last in the text."""
    values = (node for node in walk(source.root) if isinstance(node, ScalarNode))
    return max(values, key=lambda node: node.start)


def _read_back(source: Source, text: str) -> Source | None:
    try:
        return load(encoded(text, bom=source.bom), source.name)
    except UnreadablePlan:
        return None


def rewrite(notes: Notebook, wanted: Difference) -> bool:
    """Note what makes a collection mean other data.

    Returns:
        Whether that can be done within it. If not, nothing has been noted: it is to be replaced as
        a whole.
    """
    node, old, new = wanted.node, wanted.old, wanted.new
    descend = partial(rewrite, notes)
    count = notes.count()
    notes.around.append(node)
    done = False
    if isinstance(node, MapNode) and isinstance(old, dict) and isinstance(new, dict):
        done = (rewrite_braces if node.flow else rewrite_mapping)(notes, wanted, descend)
    elif isinstance(node, ListNode) and isinstance(old, list) and isinstance(new, list):
        done = (rewrite_brackets if node.flow else rewrite_list)(notes, wanted, descend)
    notes.around.pop()
    if not done:
        notes.forget(count)
    return done
