"""What must hold for any plan in any formatting, and any change of it."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text.emit import Style
from kvartal.history.yaml_text.loader import load
from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node, ScalarNode, walk
from kvartal.history.yaml_text.source import Source
from kvartal.history.yaml_text.splice import splice, splice_to
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, measure_index
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.problems import DataPath
from tests.history import strategies as mine

EXAMPLES = settings(suppress_health_check=list(HealthCheck))  # pyright: ignore[reportArgumentType] - lacks a stub


@st.composite
def plans_as_written(draw: st.DrawFn) -> tuple[dict[str, Plain], mine.Written]:
    data = draw(mine.plans())
    return data, draw(mine.written(data))


@st.composite
def changes_of_plans(draw: st.DrawFn) -> tuple[Source, mine.Written, Edit]:
    data, written = draw(plans_as_written())
    return load(written.encoded, "plan.yaml"), written, draw(mine.edits(data))


@EXAMPLES
@given(plans_as_written())
def test_a_text_is_read_as_a_plain_yaml_reader_reads_it(
    plan: tuple[dict[str, Plain], mine.Written],
) -> None:
    data, written = plan
    source = load(written.encoded, "plan.yaml")
    assert _exactly(source.data) == _exactly(data)
    assert _exactly(YAML(typ="safe", pure=True).load(source.text)) == _exactly(data)
    assert source.encoded == written.encoded


@EXAMPLES
@given(plans_as_written())
def test_every_value_stands_where_its_line_is(
    plan: tuple[dict[str, Plain], mine.Written],
) -> None:
    _, written = plan
    source = load(written.encoded, "plan.yaml")
    for line, owner in enumerate(written.owners, start=1):
        block = written.block(owner) if owner else None
        if owner and block and block.start == line - 1:
            assert source.key_position(owner)[0] == line


@EXAMPLES
@given(changes_of_plans())
def test_the_result_means_what_the_edits_say(case: tuple[Source, mine.Written, Edit]) -> None:
    source, _, edit = case
    result = splice(source, [edit])
    assert same(result.data, apply_edits(source.data, [edit]))
    assert load(result.encoded, "plan.yaml").data == result.data
    assert result.bom == source.bom
    if edit.new is not MISSING:  # a blank line may have become the last
        assert result.text.endswith("\n") == source.text.endswith("\n")
    assert ("\r" in result.text) == ("\r" in source.text) or "\n" not in result.text


@EXAMPLES
@given(changes_of_plans())
def test_lines_outside_of_the_changed_block_stay(case: tuple[Source, mine.Written, Edit]) -> None:
    source, written, edit = case
    if not written.closed and _ends_in_block_scalar(source):
        return  # lines put after it would change what it means, so its header may change
    closing = b"" if written.closed else source.newline.encode()
    old = (source.encoded + closing).split(b"\n")
    new = (splice(source, [edit]).encoded + closing).split(b"\n")
    block = _may_change(source, written, edit)
    if isinstance(edit.old, Missing):
        added_only = _common_head(old, new) + _common_head(old[::-1], new[::-1]) >= len(old)
        if added_only or block is None:
            assert added_only
            return
    assert block is not None
    assert new[: block.start] == old[: block.start]
    below = len(old) - block.stop
    assert new[len(new) - below :] == old[block.stop :]


@EXAMPLES
@given(changes_of_plans())
def test_an_addition_that_is_undone_leaves_no_trace(
    case: tuple[Source, mine.Written, Edit],
) -> None:
    source, _, edit = case
    if edit.old is MISSING:
        result = splice(source, [edit])
        assert splice(result, [edit.inverse()]).encoded == source.encoded


@EXAMPLES
@given(changes_of_plans(), mine.SCALARS)
def test_a_value_in_canonical_style_comes_back_as_it_was(
    case: tuple[Source, mine.Written, Edit], new: Plain
) -> None:
    source, _, _ = case
    canonical = [
        (path, value)
        for path, node, value in _scalars(source)
        if source.text[node.start : node.end] == Style().scalar(node.value)
    ]
    for path, value in canonical[:2]:
        edit = Edit(str(_row(source, path)["id"]), path[2:], value, new)
        result = splice(source, [edit])
        assert splice(result, [edit.inverse()]).encoded == source.encoded


@EXAMPLES
@given(mine.plans(), st.data())
def test_a_plan_in_canonical_style_comes_back_as_it_was(
    data: dict[str, Plain], choice: st.DataObject
) -> None:
    base = "year: 2024\ndocument: {title: x}\nmeasures:\n- id: a\n- id: b\n- id: c\n"
    base = choice.draw(st.sampled_from([base, base.replace("\n-", "\n\n  -"), base[:-1]]))
    base = choice.draw(st.sampled_from([base, base.replace("\n", "\r\n"), "\ufeff" + base]))
    rows: Any = data["measures"]
    # Two measures stay whatever goes: the text still shows how they are separated.
    data = {**data, "measures": [*rows, {"id": "y"}, {"id": "z"}]}
    source = splice_to(load(base.encode(), "plan.yaml"), data)
    edit = choice.draw(mine.edits(source.data))
    assert splice(splice(source, [edit]), [edit.inverse()]).encoded == source.encoded


@EXAMPLES
@given(changes_of_plans())
def test_a_value_set_to_itself_changes_nothing(case: tuple[Source, mine.Written, Edit]) -> None:
    source, _, edit = case
    if edit.old is not MISSING:
        assert splice(source, [Edit(edit.measure, edit.path, edit.old, edit.old)]) is source


@EXAMPLES
@given(plans_as_written(), mine.plans())
def test_any_plan_can_become_any_other(
    plan: tuple[dict[str, Plain], mine.Written], other: dict[str, Plain]
) -> None:
    source = load(plan[1].encoded, "plan.yaml")
    assert same(splice_to(source, other).data, other)


def _exactly(value: object) -> object:
    """Return a value in which 1, 1.0 and true differ, and the order of keys does not count."""
    if isinstance(value, dict):
        return {key: _exactly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_exactly(one) for one in value]
    return type(value).__name__, value


def _common_head(one: list[bytes], other: list[bytes]) -> int:
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _row(source: Source, path: DataPath) -> dict[str, Any]:
    rows: Any = source.data["measures"]
    row: dict[str, Any] = rows[path[1]]
    return row


def _scalars(source: Source) -> list[tuple[DataPath, ScalarNode, Plain]]:
    """Return the single values of all measures, ids left out."""
    found: list[tuple[DataPath, ScalarNode, Plain]] = []

    def look(node: Node, path: DataPath) -> None:
        if isinstance(node, MapNode):
            for key, value in node.pairs:
                if key.value != "id":
                    look(value, (*path, str(key.value)))
        elif isinstance(node, ListNode):
            for place, item in enumerate(node.items):
                look(item, (*path, place))
        elif len(path) > 2 and node.value is not None:
            found.append((path, node, node.value))

    measures = source.root.pair("measures")
    assert measures is not None
    look(measures[1], ("measures",))
    return found


def _ends_in_block_scalar(source: Source) -> bool:
    scalars = [node for node in walk(source.root) if isinstance(node, ScalarNode)]
    return max(scalars, key=lambda node: node.start).is_block


def _may_change(source: Source, written: mine.Written, edit: Edit) -> range | None:
    """Return the lines that an edit may alter; None when it may only add lines."""
    place: DataPath = ()
    if edit.measure and not (isinstance(edit.old, Missing) and not edit.path):
        place = "measures", measure_index(source.data, edit.measure)
    if isinstance(edit.old, Missing):
        around = (*place, *edit.path[:-1]) if edit.path else ("measures",)
        return _may_give_way(written, around)
    path: DataPath = (*place, *edit.path)
    if isinstance(edit.new, Missing):
        path = _vanishing(source.data, path)
    block = written.block(path)
    while block is None:  # in brackets: the line is that of what stands around
        path = path[:-1]
        block = written.block(path)
    if not isinstance(edit.new, Missing):
        return block
    if isinstance(path[-1], int):  # an item is removed with the blank line next to it
        blank = [not line for line in written.lines]
        start, stop = block.start, block.stop
        while start and blank[start - 1]:
            start -= 1
        while stop < len(blank) and blank[stop]:
            stop += 1
        return range(start, stop)
    if written.lines[block.start].lstrip().startswith("- "):  # the next key moves up to the dash
        owners = written.owners[block.stop :]
        mates = [place for place, owner in enumerate(owners) if owner and owner[:-1] == path[:-1]]
        return range(block.start, block.stop + mates[0] + 1) if mates else block
    return block


def _may_give_way(written: mine.Written, path: DataPath) -> range | None:
    """Return the lines of a collection that something is added to, if they may change."""
    block = written.block(path)
    while block is None:
        path = path[:-1]
        block = written.block(path)
    in_brackets = len(block) == 1 and written.owners[block.start] == path
    beside_dash = isinstance(path[-1], int)
    return range(block.start, block.start + 1) if in_brackets or beside_dash else None


def _vanishing(data: Plain, path: DataPath) -> DataPath:
    """Return the path of all that goes with the last value of a collection."""
    around: list[Any] = [data]
    for part in path:
        around.append(around[-1][part])
    while len(path) > 3 and len(around[len(path) - 1]) == 1:
        path = path[:-1]
    return path
