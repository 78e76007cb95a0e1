"""Drawing a screen only when a test reads it, not for a terminal that does not exist."""

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

    async def pointed(pilot: Pilot[None], *args: object, **options: object) -> bool:
        pilot.app.screen._compositor.render_strips()  # A click goes to what is drawn.
        return await point(pilot, *args, **options)  # type: ignore[arg-type] # passed on unchanged

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pilot, "_post_mouse_events", pointed)
        patch.setattr(Compositor, "render_update", rendered)
        patch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")
        yield
