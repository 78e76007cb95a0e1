"""Which pair of commits had its conflicts shown last: choices typed later are meant for it."""

import json
from pathlib import Path
from typing import Final

from kvartal.history.store.files import writing
from kvartal.history.store.write_lock import FOLDER
from kvartal.history.sync.divergence import Divergence

_NAME: Final = "disputes.json"


def note_shown(git_dir: Path, divergence: Divergence) -> None:
    """Note down that the conflicts between two commits were shown.

    Args:
        git_dir: The git directory of the working tree.
        divergence: What was shown.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    path = git_dir / FOLDER / _NAME
    with writing(path):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps([divergence.ours, divergence.theirs]), encoding="ascii")


def is_shown(git_dir: Path, divergence: Divergence) -> bool:
    """Tell whether the conflicts between just these two commits were shown last."""
    try:
        pair = json.loads((git_dir / FOLDER / _NAME).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(pair == [divergence.ours, divergence.theirs])
