"""What earlier commits changed in each measure: from texts of a plan, without a repository."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kvartal.history.audit.earlier_changes import EarlierChanges
from kvartal.history.audit.version_cache import VersionCache

HEAD = "year: 2024\nlanguage: ru\ndocument:\n  title: План\n"
LIMITS = "audit:\n  signatures: required\n"


def text(*rows: str, head: str = HEAD) -> str:
    """Return a plan whose measures have these texts as notes, by id: «1=Да»."""
    parts = (row.partition("=") for row in rows)
    items = (
        f'  - id: "{name}"  # начало\n    proposal: Работа\n    notes: {notes}\n'
        for name, _, notes in parts
    )
    return f"{head}measures:\n{''.join(items)}"


class History:
    """Commits one after the other, each with a text of the plan; None for no plan.

    The commit of the text at n is called n; «m» is a merge of the last with the first.
    """

    def __init__(self, *texts: str | None) -> None:
        self.texts = dict(enumerate(texts))
        self.read = list[str]()
        blobs = {
            str(at): None if one is None else f"b{texts.index(one)}" for at, one in enumerate(texts)
        }
        blobs["m"] = "b0"
        contents = {f"b{at}": one for at, one in self.texts.items() if one is not None}
        parents: dict[str, tuple[str, ...]] = {
            str(at): (str(at - 1),) if at else () for at in self.texts
        }
        parents["m"] = (str(len(texts) - 1), "0")

        def blob(name: str) -> bytes:
            self.read.append(name)
            return contents[name].encode()

        objects = cast("Any", SimpleNamespace(blob=blob))
        graph = SimpleNamespace(
            parents=parents.__getitem__,
            parents_first=lambda names: [SimpleNamespace(id=one) for one in sorted(names)],
        )
        walk = SimpleNamespace(plan_at=lambda commit: SimpleNamespace(blob=blobs[commit]))
        self.changes = EarlierChanges(
            *(cast("Any", walk), cast("Any", graph), objects),
            VersionCache(objects, "2024.yaml"),
            frozenset(parents),
        )

    def of(self, measure: str) -> list[str]:
        return [
            f"{one.commit.id}: {one.before.get('notes')} → {one.after.get('notes')}"
            for one in self.changes.of_measure(measure)
        ]


FIRST = text("1=а", "2=а", "3=а")


@pytest.mark.parametrize(
    ("texts", "changes"),
    [
        ((FIRST, text("1=а", "2=б", "3=а")), {"2": ["1: а → б"]}),
        ((FIRST, text("1=аб", "2=а", "3=а")), {"1": ["1: а → аб"]}),
        ((FIRST, text("1=а", "2=а", "3=ав")), {"3": ["1: а → ав"]}),
        # Several in one commit, one in several.
        ((FIRST, text("1=б", "2=а", "3=б")), {"1": ["1: а → б"], "3": ["1: а → б"]}),
        (
            (FIRST, text("1=а", "2=б", "3=а"), text("1=а", "2=в", "3=а"), FIRST),
            {"2": ["1: а → б", "2: б → в", "3: в → а"]},
        ),
        # What comes and goes is no change of it; what else changed is.
        ((FIRST, text("1=а", "2=а")), {}),
        ((text("1=а", "2=а"), text("1=б", "2=а", "3=а")), {"1": ["1: а → б"]}),
        ((FIRST, text("1=а", "2=а", "4=б")), {}),
        ((FIRST, text("3=а", "2=а", "1=а")), {}),
        # Also where something outside of the measures changed.
        ((FIRST, text("1=а", "2=б", "3=а", head=HEAD + LIMITS)), {"2": ["1: а → б"]}),
        ((FIRST, text("1=а", "2=а", "3=а", head=HEAD + LIMITS)), {}),
        # Or one of the texts is not laid out as usual.
        ((FIRST, text("1=а", "2=б", "3=а") + "  - {id: '4'}\n"), {"2": ["1: а → б"]}),
        ((text("1=а", "2=а") + "  - {id: '4'}\n", text("1=а", "2=б")), {"2": ["1: а → б"]}),
        # A plan that was not there, or cannot be read, has no measures.
        ((None, FIRST, text("1=а", "2=б", "3=а"), None, FIRST), {"2": ["2: а → б"]}),
        ((FIRST, text("1=а", "2=[", "3=а"), FIRST), {}),
        ((FIRST, text("1=а", "2=[", "3=б"), text("1=а", "2=б", "3=б")), {"3": ["1: а → б"]}),
        ((FIRST, "measures: [", text("1=б", "2=а", "3=а")), {}),
    ],
)
def test_what_changed_in_each_measure(
    texts: tuple[str | None, ...], changes: dict[str, list[str]]
) -> None:
    history = History(*texts)
    found = {name: history.of(name) for name in ("1", "2", "3", "4")}
    assert {name: lines for name, lines in found.items() if lines} == changes


def test_what_changed_in_what_is_asked_of_the_history() -> None:
    head = HEAD + LIMITS
    history = History(FIRST, text("1=б", "2=а", "3=а"), text("1=б", "2=а", "3=а", head=head))
    (change,) = history.changes.of_audit()
    assert change.commit.id == "2"
    assert (change.before.signatures, change.after.signatures) == (False, True)
    assert history.changes.of_audit() == [change]


def test_the_versions_around_a_commit() -> None:
    history = History(FIRST, text("1=б", "2=а", "3=а"), text("1=б", "2=а", "3=а"))
    versions = history.changes.versions_of("1")
    assert versions is not None
    assert [one.measures[0].row["notes"] for one in versions] == ["а", "б"]
    # The first has none before it, the next changed nothing, the merge is not one version's change.
    assert [history.changes.versions_of(one) for one in ("0", "2", "m")] == [None] * 3


def test_each_version_is_read_once_while_it_is_near() -> None:
    history = History(*(text(f"1={at}", "2=а") for at in range(9)))
    assert len(history.of("1")) == 8
    assert sorted(history.read) == sorted(f"b{at}" for at in range(9))
    assert history.of("2") == []


@pytest.mark.parametrize(
    ("old", "new", "is_valid"),
    [
        ("    result:", "    colour: red\n    result:", False),
        ("  - id: 1.1.2\n", "  - id: 1.1.3\n", False),
        ("    result:", "    notes: Да\n    result:", True),
        ("  - id: 1.1.2\n", "  - id: 1.1.2\n  - id: 1.1.3\n", False),
        ("year: 2024\n", "year: 2024\ncolour: red\n", False),
        ("  - id: 1.1.2\n", "  - {id: 1.1.2,\n", False),
    ],
)
def test_a_version_is_read_alike_whatever_was_read_before(
    old: str, new: str, *, is_valid: bool
) -> None:
    first = (Path(__file__).parents[2] / "plan" / "2024.yaml").read_bytes()
    second = first.replace(old.encode(), new.encode(), 1)
    assert first != second
    objects = cast("Any", SimpleNamespace(blob={"first": first, "second": second}.__getitem__))
    warm, fresh = (VersionCache(objects, "2024.yaml") for _ in range(2))
    assert not warm.version("first").problems
    one, other = warm.version("second"), fresh.version("second")
    assert (one.data, one.problems) == (other.data, other.problems)
    assert (not one.problems) == is_valid
    assert [measure.id for measure in one.measures] == [measure.id for measure in other.measures]
