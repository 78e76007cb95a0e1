"""What a move of the branch has touched of a file."""

from collections.abc import Callable
from pathlib import Path

from kvartal.history.git.discovery import find_repository
from kvartal.history.store.changed_files import ChangedFile
from kvartal.history.store.checkout import is_touched

Git = Callable[..., str]
OLD, NEW = "старое\n", "новое, и длиннее\n"


def test_a_file_that_was_begun_to_be_written_is_touched(repo: Path, git: Git) -> None:
    """As a whole, by its first part, empty, or deleted; what somebody else wrote is not."""
    place = repo / "а.txt"
    ids = {}
    for text in (OLD, NEW):
        place.write_text(text, encoding="utf-8")
        ids[text] = git("hash-object", "-w", place.name).strip()
    top = find_repository(repo)
    changed, begun, removed = (
        ChangedFile(place.name, before, after, ("100644", "100644"))
        for before, after in ((ids[OLD], ids[NEW]), (None, ids[NEW]), (ids[OLD], None))
    )

    def touched() -> tuple[bool, bool, bool]:
        return is_touched(top, changed), is_touched(top, begun), is_touched(top, removed)

    for text, expected in (
        (OLD, (False, False, False)),
        (NEW, (True, True, False)),
        (NEW[:5], (True, True, False)),
        ("", (True, True, False)),
        ("чужое\n", (False, False, False)),
        (f"{NEW}и ещё\n", (False, False, False)),
    ):
        place.write_text(text, encoding="utf-8")
        assert touched() == expected, text
    place.unlink()
    assert touched() == (True, False, True)
    place.symlink_to("новое")
    assert touched() == (False, False, False)
    place.unlink()
    place.mkdir()
    assert touched() == (False, False, False)
