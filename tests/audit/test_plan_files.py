"""Which files of a commit are plans, and which one went on under another name: by values."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kvartal.history.audit.claim_checks import changes_plan
from kvartal.history.audit.earlier_plans import EarlierPlans
from kvartal.history.audit.stored_objects import TREE

PLAN, LATER, NO_YEAR = "year: 2024\nmeasures:\n", "year: 2025\nmeasures:\n", "measures:\n"
LIST = "year: 2024\nitems:\n"
HERE = "plan/2024.yaml"

Files = dict[str, str]


class Objects:
    """Trees by name, each with the contents of its files; a content is its own hash."""

    def __init__(self, **trees: Files) -> None:
        self.trees = trees

    def files(self, tree: str) -> Iterator[tuple[str, str]]:
        name, _, folder = tree.partition(":")
        for path, content in self.trees[name].items():
            if path.startswith(folder):
                yield path.removeprefix(folder), content

    def tree(self, tree: str) -> dict[str, tuple[str, str]]:
        entries = dict[str, tuple[str, str]]()
        for path, content in self.files(tree):
            name, _, rest = path.partition("/")
            inner = f"{tree if ':' in tree else tree + ':'}{name}/"
            entries[name] = (TREE, inner) if rest else ("100644", content)
        return entries

    def at(self, tree: str, path: str) -> str | None:
        return self.trees[tree].get(path)

    @staticmethod
    def blob(content: str) -> bytes:
        return content.encode()


def removal(path: str, content: str) -> str:
    content = content.replace("\n", "\\n").replace(" ", "")
    return f":100644 000000 {content} {'0' * 40} D\0{path}\0"


@pytest.mark.parametrize(
    ("was", "now", "head", "log", "found"),
    [
        ({"old.yaml": LATER}, {}, {}, "", ("old.yaml", LATER)),
        ({"b.txt": PLAN, "l.yml": LIST, "o.yml": PLAN}, {}, {}, "", ("o.yml", PLAN)),
        ({"l.yaml": LIST, "b.txt": PLAN}, {}, {}, "", None),
        # A copy was made first: it is of the same year, and not there any more.
        ({"old.yaml": PLAN}, {"old.yaml": PLAN}, {}, "", ("old.yaml", PLAN)),
        ({"old.yaml": PLAN}, {"old.yaml": PLAN}, {"old.yaml": LATER}, "", None),
        *(({"x.yaml": one}, {"x.yaml": one}, {}, "", None) for one in (LATER, NO_YEAR, LIST)),
        # What is no candidate hides none behind it, nor does this plan itself.
        (
            {"a.yaml": PLAN, "l.yaml": LIST, "n.yaml": NO_YEAR, HERE: PLAN, "z.yaml": PLAN},
            {"a.yaml": PLAN, "l.yaml": LIST, "n.yaml": NO_YEAR, HERE: PLAN, "z.yaml": PLAN},
            {"a.yaml": PLAN},
            "",
            ("z.yaml", PLAN),
        ),
        # It was removed earlier.
        ({}, {}, {}, removal("a.txt", "x") + removal("b.yaml", "year:2024\nmeasures:"), "b.yaml"),
        ({}, {}, {}, "\0" + removal("b.yaml", "year:2024\nmeasures:"), "b.yaml"),
    ],
)
def test_the_plan_that_went_on_under_another_name(
    was: Files, now: Files, head: Files, log: str, found: tuple[str, str] | str | None
) -> None:
    objects = Objects(was=was, now={HERE: PLAN, **now}, head={HERE: PLAN, **head})
    plain = objects.blob
    # A method of one object is replaced, which mypy allows of none.
    objects.blob = lambda content: plain(content.replace("\\n", "\n"))  # type: ignore[method-assign]
    plans = EarlierPlans(
        cast("Any", SimpleNamespace(read_text=lambda *_: log)),
        cast("Any", objects),
        cast("Any", SimpleNamespace(parent_trees=lambda _: ["was"])),
        cast("Any", None),
        HERE,
        "head",
    )
    step = SimpleNamespace(commit=SimpleNamespace(id="c", tree="now"))
    version = SimpleNamespace(content=PLAN.encode())
    one = plans.predecessor(cast("Any", step), cast("Any", version))
    assert (one and one[0] if isinstance(found, str) else one) == found
    version.content = NO_YEAR.encode()
    is_removed_here = found is not None and found[0] not in now and isinstance(found, tuple)
    assert plans.predecessor(cast("Any", step), cast("Any", version)) == (
        found if is_removed_here else None
    )


@pytest.mark.parametrize(
    ("was", "now", "base", "changes", "changes_others"),
    [
        ({HERE: PLAN}, {HERE: PLAN, "README": "x"}, {HERE: PLAN}, False, False),
        ({HERE: PLAN}, {HERE: LATER}, {HERE: PLAN}, True, False),
        ({HERE: PLAN}, {HERE: PLAN, "plan/2023.yaml": NO_YEAR}, {HERE: PLAN}, True, True),
        ({HERE: PLAN, "a/b/c.yml": NO_YEAR}, {HERE: PLAN}, {HERE: PLAN}, True, True),
        ({HERE: PLAN, "a": "x"}, {HERE: PLAN, "a/b.yml": NO_YEAR}, {HERE: PLAN}, True, True),
        ({HERE: PLAN, "a.yml": "x"}, {HERE: PLAN, "a.yml": LIST}, {HERE: PLAN}, False, False),
        # Both sides changed it alike: only what they started from shows that.
        ({HERE: LATER}, {HERE: LATER}, {HERE: PLAN}, True, False),
        ({"b.yaml": NO_YEAR}, {"b.yaml": NO_YEAR}, {}, True, True),
    ],
)
def test_which_commits_change_a_plan(
    was: Files, now: Files, base: Files, *, changes: bool, changes_others: bool
) -> None:
    objects = Objects(was=was, now=now, base=base)

    def plan_in(tree: str) -> SimpleNamespace:
        return SimpleNamespace(blob=objects.at(tree, HERE))

    step = SimpleNamespace(
        commit=SimpleNamespace(id="now", tree="now"), parents=[plan_in("was")], plan=plan_in("now")
    )
    walk = SimpleNamespace(parent_trees=lambda _: ["was"], plan_at=plan_in)
    given = (cast("Any", step), cast("Any", walk), cast("Any", objects))
    since = [cast("Any", SimpleNamespace(id="base", tree="base"))]
    assert changes_plan(*given, since=since) == changes
    assert changes_plan(*given, since=since, but_this=True) == changes_others
    is_of_sides = was == now
    assert changes_plan(*given) == (changes and not is_of_sides)
