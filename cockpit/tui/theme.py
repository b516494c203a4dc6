"""Colours: two themes of our own beside Textual's ANSI ones, and one colour pair per severity.

Colour never says anything alone: every state it marks is also a word or a glyph.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import Theme

SEVERITY_VARIABLES_ANSI = {
    "sev1": "ansi_red",
    "sev2": "ansi_yellow",
    "sev3": "ansi_blue",
    "sev4": "ansi_cyan",
    "sev-none": "ansi_black",
    "bar": "ansi_black",
    "drill": "ansi_white",
    "live": "ansi_bright_red",
    "live-text": "ansi_bright_white",
    "range": "ansi_blue",
    "frame": "ansi_blue",
}
"""What themes without variables of their own fall back to: the sixteen colours every terminal has."""

DARK = Theme(
    name="cockpit-dark",
    primary="#2f6f9f",
    secondary="#16405b",
    accent="#ffa62b",
    warning="#ffa62b",
    error="#f2326c",
    success="#8ae234",
    foreground="#e4e4e4",
    background="#121212",
    surface="#181a1c",
    panel="#24303a",
    dark=True,
    variables={
        "sev1": "#7d2a3e",
        "sev2": "#8a5a00",
        "sev3": "#1f4f7a",
        "sev4": "#2f4f4f",
        "sev-none": "#2b3640",
        "bar": "#1f2b33",
        "drill": "#ece4e6",
        "live": "#d4003a",
        "live-text": "#ffffff",
        "range": "#0b6b66",
        "frame": "#16405b",
        "border": "#ffa62b",
        "border-blurred": "#16405b",
        "block-cursor-background": "#e4e4e4",
        "block-cursor-foreground": "#121212",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#2c3a44",
        "scrollbar": "#2c3a44",
        "scrollbar-hover": "#3d505d",
        "scrollbar-active": "#ffa62b",
        "scrollbar-background": "#181a1c",
        "scrollbar-background-hover": "#181a1c",
        "scrollbar-background-active": "#181a1c",
        "scrollbar-corner-color": "#181a1c",
    },
)

LIGHT = Theme(
    name="cockpit-light",
    primary="#1d5f91",
    secondary="#b9d3e6",
    accent="#b35900",
    warning="#9a5200",
    error="#b3123f",
    success="#2b6e0f",
    foreground="#1b1b1b",
    background="#fafafa",
    surface="#f0f2f4",
    panel="#dde5ea",
    dark=False,
    variables={
        "sev1": "#b3254a",
        "sev2": "#9a6400",
        "sev3": "#1d5f91",
        "sev4": "#35605f",
        "sev-none": "#51606b",
        "bar": "#dde5ea",
        "drill": "#ffffff",
        "live": "#c4002f",
        "live-text": "#ffffff",
        "range": "#0b6b66",
        "frame": "#8fb2c9",
        "border": "#b35900",
        "border-blurred": "#8fb2c9",
        "block-cursor-background": "#1b1b1b",
        "block-cursor-foreground": "#fafafa",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#cdd9e1",
        "scrollbar": "#b9c8d2",
        "scrollbar-hover": "#9fb3c0",
        "scrollbar-active": "#b35900",
        "scrollbar-background": "#f0f2f4",
        "scrollbar-background-hover": "#f0f2f4",
        "scrollbar-background-active": "#f0f2f4",
        "scrollbar-corner-color": "#f0f2f4",
    },
)

_MONO_DARK = {"sev1": "#5c5c5c", "sev2": "#4a4a4a", "sev3": "#3a3a3a", "sev4": "#303030", "live": "#ffffff",
              "live-text": "#000000", "range": "#3a3a3a"}  # fmt: skip
_MONO_LIGHT = {"sev1": "#1f1f1f", "sev2": "#3a3a3a", "sev3": "#505050", "sev4": "#606060", "live": "#000000",
               "live-text": "#ffffff", "range": "#505050"}  # fmt: skip

MONO_DARK = replace(
    DARK, name="cockpit-mono-dark", primary="#8c8c8c", secondary="#5a5a5a", accent="#ffffff", warning="#f0f0f0",
    error="#ffffff", success="#d8d8d8", variables={**DARK.variables, **_MONO_DARK, "frame": "#6a6a6a"},
)  # fmt: skip
MONO_LIGHT = replace(
    LIGHT, name="cockpit-mono-light", primary="#5a5a5a", secondary="#b0b0b0", accent="#000000", warning="#1a1a1a",
    error="#000000", success="#303030", variables={**LIGHT.variables, **_MONO_LIGHT, "frame": "#8a8a8a"},
)  # fmt: skip
"""For NO_COLOR: turned to grey, a dark red would be the faintest word on the screen instead of the loudest."""

THEMES = ("cockpit-dark", "cockpit-light", "ansi-dark", "ansi-light")
"""The themes a person may choose."""


def theme_for(wanted: str, no_color: bool) -> str:
    """Choose the theme that is asked for, or the first; without colour, one made of greys."""
    chosen = wanted if wanted in THEMES else THEMES[0]
    if not no_color:
        return chosen
    return MONO_LIGHT.name if chosen.endswith("light") else MONO_DARK.name


def severity_class(scale: tuple[str, ...], severity: str) -> str:
    """Name the style class of a severity by its place on the profile's scale; the fourth and later share one."""
    if severity not in scale:
        return "-sev-none"
    return f"-sev{min(scale.index(severity), 3) + 1}"


SEVERITY_CLASSES = ("-sev-none", "-sev1", "-sev2", "-sev3", "-sev4")
"""Every class `severity_class` may return."""
