"""A widget as a picture, for notebooks that run no scripts: reopened, untrusted, or shown on a page.

Drawn by matplotlib, which is imported when a picture is made and not before. It is always light, because a picture
cannot know the page; the colours are the widgets' (ColorBrewer's Oranges and RdBu).
"""

from __future__ import annotations

import io
import textwrap
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from workbench.estimates import digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DPI, WIDTH, MARGIN = 100, 880, 16
INK, MUTED, HAIRLINE, ACCENT = "#1b1b1b", "#5f5f5f", "#e3e3e3", "#d55e00"
SIZE = 13
"""Of text, in pixels; 12 for what is muted."""
ADVANCE = 0.602
"""How wide a character of DejaVu Sans Mono is, in units of its size."""
DRAWN, LONGEST = 160, 60
"""So many tokens, and lines, at most: the picture stands for the widget, it does not replace it."""

Step = Callable[["Axes"], None]


class Picture:
    r"""A page that grows downwards; every part returns the picture, so that parts follow one another.

    Example:
        >>> from workbench_widgets._picture import Picture
        >>> Picture("A title").lines(["and a line"]).png()[:4]
        b'\x89PNG'
    """

    def __init__(self, title: str) -> None:
        self._steps: list[Step] = []
        self._bottom = MARGIN + 0.0
        self._words(title, MARGIN, weight="bold")
        self._bottom += 28

    def lines(
        self, lines: Sequence[str], *, muted: bool = False, width: int = WIDTH - 2 * MARGIN, x: int = MARGIN
    ) -> Self:
        """Lines of text, broken where they are too long."""
        size = 12 if muted else SIZE
        columns = max(8, int(width / (size * ADVANCE)))
        for part in [part for line in lines[:LONGEST] for part in _broken(_plain(line), columns)]:
            self._words(part, x, size=size, colour=MUTED if muted else INK)
            self._bottom += 18
        return self

    def columns(self, columns: Sequence[tuple[str, str]]) -> Self:
        """Texts side by side, each under its heading."""
        top, bottom = self._bottom + 8, self._bottom
        width = (WIDTH - 2 * MARGIN) // len(columns)
        for number, (heading, text) in enumerate(columns):
            self._bottom, x = top, MARGIN + number * width
            self._words(heading, x, weight="bold")
            self._bottom += 22
            self.lines(text.splitlines(), width=width - 16, x=x)
            bottom = max(bottom, self._bottom)
        self._bottom = bottom + 8
        return self

    def tokens(self, pieces: Sequence[str], values: Sequence[float], high: float, *, signed: bool) -> Self:
        """Tokens that flow and wrap as text, tinted by their values."""
        x, advance = float(MARGIN), SIZE * ADVANCE
        shade = _shade(high, signed)
        for piece, value in list(zip(pieces, values, strict=True))[:DRAWN]:
            gap, text = piece[:1] == " " and len(piece) > 1, _shown(piece)
            width = advance * _columns(text)
            x += 5 if gap else 0
            if x + width > WIDTH - MARGIN and x > MARGIN:
                x, self._bottom = float(MARGIN), self._bottom + 24
            self._token(text, x, width, shade(value))
            x += width + 1
            if "\n" in piece:
                x, self._bottom = float(MARGIN), self._bottom + 24
        self._bottom += 34
        return self.lines([f"and {len(pieces) - DRAWN} more tokens"], muted=True) if len(pieces) > DRAWN else self

    def legend(self, high: float, caption: str, *, signed: bool) -> Self:
        """The colours with their numbers."""
        low, width, top, shade = (-high if signed else 0.0), 192, self._bottom, _shade(high, signed)
        colours = np.array([[shade(v) for v in np.linspace(low, high, 96)]])
        self._steps.append(
            lambda axes: axes.imshow(colours, extent=(MARGIN, MARGIN + width, top + 10, top), aspect="auto")
        )
        self._words(digits(low), MARGIN, size=12, y=top + 14)
        self._words(digits(high), MARGIN + width, size=12, y=top + 14, align="right")
        self._words(caption, MARGIN + width + 12, size=12, y=top - 3, colour=MUTED)
        self._bottom += 38
        return self

    def charts(self, charts: Sequence[tuple[str, Sequence[float], Sequence[float]]]) -> Self:
        """Small line charts in a row: a name, and the points."""
        width, height, top = (WIDTH - 2 * MARGIN) / len(charts), 96, self._bottom + 4
        for number, (name, xs, ys) in enumerate(charts):
            left = MARGIN + number * width
            last = f"{name} {digits(ys[-1])}" if len(ys) else f"{name} –"
            self._words(last, left, size=12, y=top)
            self._steps.append(_line(left, top + 24, width - 16, height, np.asarray(xs, float), np.asarray(ys, float)))
        self._bottom = top + 24 + height + 16
        return self

    def png(self) -> bytes:
        """The picture as the bytes of a PNG."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from PIL import Image

        height = self._bottom + MARGIN
        figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        axes.set_axis_off()
        canvas = FigureCanvasAgg(figure)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a glyph that the font lacks is drawn as an empty box
            for step in self._steps:
                step(axes)
            axes.set(xlim=(0, WIDTH), ylim=(height, 0), aspect="auto")
            canvas.draw()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        out = io.BytesIO()
        drawn.quantize(64, dither=Image.Dither.NONE).save(out, "png", optimize=True)
        return out.getvalue()

    def _words(
        self,
        words: str,
        x: float,
        *,
        y: float | None = None,
        size: int = SIZE,
        colour: str = INK,
        weight: str = "normal",
        align: str = "left",
    ) -> None:
        look = {"fontsize": size * 72 / DPI, "family": "DejaVu Sans Mono", "color": colour, "weight": weight}
        base, words = (self._bottom if y is None else y) + 0.85 * size, _plain(words)
        self._steps.append(lambda axes: axes.text(x, base, words, va="baseline", ha=align, parse_math=False, **look))

    def _token(self, text: str, x: float, width: float, tint: tuple[float, float, float]) -> None:
        from matplotlib.patches import Rectangle

        top = self._bottom
        box = Rectangle((x, top - 3), width, 20, facecolor=tint, linewidth=0)
        self._steps.append(lambda axes: axes.add_patch(box))
        self._words(text, x, colour=_ink_on(tint))


def _line(left: float, top: float, width: float, height: float, xs: np.ndarray, ys: np.ndarray) -> Step:
    """A line in a box of the page, from the smallest to the largest of what is finite."""

    def step(axes: Axes) -> None:
        axes.plot([left, left + width], [top + height] * 2, color=HAIRLINE, linewidth=1)
        finite = np.isfinite(ys)
        if finite.sum() < 2:
            return
        x, y = xs[finite], ys[finite]
        low, high = min(0.0, float(y.min())), float(y.max())
        across = left + width * (x - x[0]) / max(x[-1] - x[0], 1e-12)
        axes.plot(across, top + height - height * (y - low) / max(high - low, 1e-12), color=ACCENT, linewidth=1.2)

    return step


def _shade(high: float, signed: bool) -> Callable[[float], tuple[float, float, float]]:
    import matplotlib

    scale = matplotlib.colormaps["RdBu_r" if signed else "Oranges"]

    def shade(value: float) -> tuple[float, float, float]:
        share = max(-1.0, min(1.0, value / high)) if high > 0 and np.isfinite(value) else 0.0
        if share == 0:
            return (1.0, 1.0, 1.0)
        return scale(0.5 + 0.4 * share if signed else 0.75 * max(share, 0.0))[:3]

    return shade


def _ink_on(tint: tuple[float, float, float]) -> str:
    """Black or white, whichever stands out more (the contrast of WCAG)."""
    under = _luminance(tint) + 0.05
    return "#ffffff" if 1.05 / under > under / 0.05 else "#000000"


def _luminance(colour: tuple[float, float, float]) -> float:
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _shown(piece: str) -> str:
    text = piece[1:] if piece[:1] == " " and len(piece) > 1 else piece
    return _plain({"": "∅", " ": "␣"}.get(text, text).replace("\n", "⏎").replace("\t", "⇥"))


def _plain(text: str) -> str:
    """Text in which nothing hides or reorders anything."""
    hidden = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    return "".join(f"‹U+{ord(c):04X}›" if unicodedata.category(c) in hidden else c for c in text)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _broken(line: str, columns: int) -> list[str]:
    return textwrap.wrap(line, columns, drop_whitespace=False, replace_whitespace=False) or [""]
