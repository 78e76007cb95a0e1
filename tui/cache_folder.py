"""Where the program keeps what saves time and can be made again: the user's cache folder."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FACTS: Final = "plans"
"""The folder in it of what was read from plans."""


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder, which need not be there.

    Args:
        environ: ``KVARTAL_CACHE`` names a different folder.
    """
    if environ.get("KVARTAL_CACHE"):
        return Path(environ["KVARTAL_CACHE"])
    from platformdirs import user_cache_path

    return user_cache_path("kvartal", appauthor=False)
