"""Work counted in lines of code that run: the same on every machine, however busy it is."""

import difflib
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(work: Callable[..., object], *arguments: object) -> int:
    """Return how many lines of code run in a call."""
    count = 0

    def note(frame: FrameType, event: str, _argument: Any) -> Any:  # noqa: ANN401 - the tracer
        nonlocal count
        # A similar name is looked for a limited number of times: too much work to hide others in.
        if frame.f_code.co_filename == difflib.__file__:
            return None
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        work(*arguments)
    finally:
        sys.settrace(before)
    return count
