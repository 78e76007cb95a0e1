"""Drawing a screen only when a test reads it, and waiting only while it still has work."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual import app, constants, pilot
from textual._compositor import Compositor
from textual.css import stylesheet
from textual.css.match import _check_selectors
from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.css.tokenize import tokenize_values
from textual.pilot import Pilot

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.css.model import Selector
    from textual.dom import DOMNode


FRAME = 1 / 50
"""Seconds within which a timer is waited for: the screen is laid out 60 times a second."""


async def idle(min_sleep: float = FRAME, max_sleep: float = 10.0) -> None:
    """Wait until no message is left to process and no timer is due within a frame.

    Textual's own function sleeps for a frame and asks whether the process used little CPU time
    meanwhile: four times a key, half the time of the screen tests, and on a busy machine it may
    return too early. Threads are waited for by `Stage.settle`.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    quiet = 0
    while quiet < 2:  # The second round asks for what other threads have sent.
        await asyncio.sleep(0)
        now = loop.time()
        due = _next_timer(loop)
        if loop._ready:  # type: ignore[attr-defined] # no public way to ask
            quiet = 0
        elif due <= now + FRAME and now < start + max_sleep:
            quiet = 0
            await asyncio.sleep(max(due - now, 0))
        elif now < start + min_sleep:
            await asyncio.sleep(start + min_sleep - now)
        else:
            quiet += 1


def _next_timer(loop: asyncio.AbstractEventLoop) -> float:
    """Return when the next timer is due, in the loop's time."""
    timers = loop._scheduled  # type: ignore[attr-defined] # no public way to ask
    return min((timer.when() for timer in timers if not timer.cancelled()), default=float("inf"))


def _parsed_once(patch: pytest.MonkeyPatch) -> None:
    """Parse each stylesheet once in a process instead of once in every application."""
    tokens: dict[tuple[tuple[str, str], ...], object] = {}  # Kept: rules are found by their id.
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}

    def tokenized(values: dict[str, str]) -> Any:  # noqa: ANN401 - passed on unchanged
        key = tuple(values.items())
        if key not in tokens:
            tokens[key] = tokenize_values(values)
        return tokens[key]

    def rules(*args: Any, **options: Any) -> "list[RuleSet]":  # noqa: ANN401 - passed on unchanged
        known = {**options, "variable_tokens": id(options["variable_tokens"])}
        key = (*args, *sorted(known.items()))
        if key not in parsed:
            parsed[key] = list(parse(*args, **options))
        return parsed[key]

    patch.setattr(stylesheet, "tokenize_values", tokenized)
    patch.setattr(stylesheet, "parse", rules)


def _matched_from_the_end(patch: pytest.MonkeyPatch) -> None:
    """Compare a selector with a node by its last part first, which nearly always decides."""

    def checked(selectors: "list[Selector]", nodes: "list[DOMNode]") -> bool:
        return selectors[-1].check(nodes[-1]) and _check_selectors(selectors, nodes)

    patch.setattr(stylesheet, "_check_selectors", checked)
    patch.setattr(RuleSet, "__hash__", object.__hash__)  # By identity as well, but not in Python.


@contextmanager
def undrawn() -> Iterator[None]:
    """Skip the frames between two reads, a quarter of the screen tests' time, and animations.

    Textual computes each frame and, without a terminal, throws it away; how many there are depends
    on the speed of the machine. What a test reads (the cells of `Stage.text`, screenshots) is drawn
    in full for it.
    """
    render = Compositor.render_update

    def rendered(
        compositor: Compositor,
        **options: Any,  # noqa: ANN401 - passed on unchanged
    ) -> "RenderableType | None":
        if options.get("full"):
            return render(compositor, **options)
        compositor._dirty_regions.clear()
        return None

    point = Pilot._post_mouse_events

    async def pointed(user: Pilot[None], *args: object, **options: object) -> bool:
        user.app.screen._compositor.render_strips()  # A click goes to what is drawn.
        return await point(user, *args, **options)  # type: ignore[arg-type] # passed on unchanged

    with pytest.MonkeyPatch.context() as patch:
        for module in (app, pilot):
            patch.setattr(module, "wait_for_idle", idle)
        _parsed_once(patch)
        _matched_from_the_end(patch)
        patch.setattr(Pilot, "_post_mouse_events", pointed)
        patch.setattr(Compositor, "render_update", rendered)
        patch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")
        yield
