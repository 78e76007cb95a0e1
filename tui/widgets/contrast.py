"""Colours that can be read on every background they are drawn on.

Textual derives its text colours from a theme without regard to our own backgrounds: the row under
the cursor, the bar at the top, the line of keys.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from textual.color import BLACK, WHITE, Color

LEAST_CONTRAST: Final = 4.5
"""Of a text with its background, by the Web Content Accessibility Guidelines 2.2 (AA)."""
_SPARE: Final = 0.1
"""More contrast than needed, for colours that a terminal rounds."""
_STEPS: Final = 25
_LINEAR_BELOW: Final = 0.03928
_TEXTS: Final = ("primary", "warning", "error", "success", "accent")


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def legible_color(color: Color, backgrounds: Iterable[Color]) -> Color:
    """Return the colour itself where it can be read on all backgrounds, else one like it.

    Args:
        color: The colour.
        backgrounds: All dark, or all light.
    """
    grounds = tuple(backgrounds)
    extreme = WHITE if grounds[0].brightness < 0.5 else BLACK  # noqa: PLR2004 - the middle
    for step in range(_STEPS):
        candidate = color.blend(extreme, step / _STEPS, 1)
        if all(contrast(candidate, ground) >= LEAST_CONTRAST + _SPARE for ground in grounds):
            return candidate
    return extreme


def legible_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a theme with legible texts, and those of our own backgrounds.

    ``cursor`` and ``cursor-quiet`` are the row under the cursor, with and without the focus;
    ``elsewhere`` is the frame of an earlier version.
    """
    background, primary = Color.parse(variables["background"]), Color.parse(variables["primary"])
    is_dark = background.brightness < 0.5  # noqa: PLR2004 - the middle
    own = {
        "cursor": background.blend(primary, 0.38 if is_dark else 0.22, 1),
        "cursor-quiet": background.blend(primary, 0.18 if is_dark else 0.1, 1),
        "elsewhere": background.blend(Color.parse(variables["accent"]), 0.2, 1),
    }
    grounds = _backgrounds(variables) + tuple(own.values())
    texts = {
        f"text-{name}": legible_color(
            Color.parse(variables[f"text-{name}"]),
            (*grounds, Color.parse(variables[f"{name}-muted"])),
        )
        for name in _TEXTS
    }
    strong = legible_color(primary, (WHITE,)) if is_dark else primary
    return {
        **variables,
        **{name: color.hex for name, color in (own | texts).items()},
        "block-cursor-background": strong.hex,
        "block-cursor-foreground": WHITE.hex,
        "text-disabled": variables["text-muted"],
    }


def text_backgrounds(variables: Mapping[str, str]) -> tuple[Color, ...]:
    """Return the backgrounds that a text in any tone may be drawn on.

    Args:
        variables: Those of `legible_variables`.
    """
    own = ("cursor", "cursor-quiet", "elsewhere")
    return _backgrounds(variables) + tuple(Color.parse(variables[name]) for name in own)


def _backgrounds(variables: Mapping[str, str]) -> tuple[Color, ...]:
    return tuple(Color.parse(variables[name]) for name in ("background", "surface", "panel"))


def _luminance(color: Color) -> float:
    """Return the relative luminance as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
