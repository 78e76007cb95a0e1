"""A screen is drawn when a test looks at it, not for a terminal that is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual import constants
from textual._compositor import Compositor
from textual.pilot import Pilot

if TYPE_CHECKING:
    from rich.console import RenderableType


@contextmanager
def unwatched() -> Iterator[None]:
    """Leave out what is drawn between two looks: a quarter of the screen tests' time.

    Textual works out each frame and, without a terminal, throws it away; which frames there are
    depends on how quick the machine is. What a test looks at (the cells of `Stage.text`, pictures)
    is drawn whole for it. Nothing slides into its place either.
    """
    render = Compositor.render_update

    def rendered(
        compositor: Compositor,
        **asked: Any,  # noqa: ANN401 - handed on as it came
    ) -> "RenderableType | None":
        if asked.get("full"):
            return render(compositor, **asked)
        compositor._dirty_regions.clear()
        return None

    point = Pilot._post_mouse_events

    async def pointed(pilot: Pilot[None], *what: object, **asked: object) -> bool:
        pilot.app.screen._compositor.render_strips()  # Who clicks has seen what is there.
        return await point(pilot, *what, **asked)  # type: ignore[arg-type] # handed on as it came

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pilot, "_post_mouse_events", pointed)
        patch.setattr(Compositor, "render_update", rendered)
        patch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")
        yield
