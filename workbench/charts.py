"""One look for every chart: fonts, hairline grid, no frame, colours that everybody can tell apart.

Charts bring a white surface with them: plotly cannot know whether the page is light or dark, and no one
grey can be read on both. Plotly is imported when a chart is made and not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

ACCENT, CONTROL = "#D55E00", "#8a8a8a"
"""What is shown, and what stands beside it as a control."""
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Categories. Source: Okabe and Ito 2008, "Color Universal Design"; grey is kept for controls."""
SURFACE, INK, HAIRLINE = "#ffffff", "#4d4d4d", "rgba(77, 77, 77, 0.12)"
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"


def template() -> go.layout.Template:
    """What all charts have in common, as a plotly template.

    Example:
        >>> from workbench import charts
        >>> charts.template().layout.colorway[0]
        '#0072B2'
    """
    import plotly.graph_objects as go

    axis = {
        "gridcolor": HAIRLINE, "linecolor": HAIRLINE, "zeroline": False, "showline": False, "ticks": "",
        "automargin": True, "title": {"font": {"size": 12}, "standoff": 8},
    }  # fmt: skip
    return go.layout.Template(
        layout={
            "font": {"family": SANS, "size": 12, "color": INK},
            "title": {"font": {"size": 13}, "x": 0, "xref": "paper", "xanchor": "left", "yref": "container", "y": 0.97},
            "paper_bgcolor": SURFACE,
            "plot_bgcolor": SURFACE,
            "colorway": COLOURS,
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 56, "r": 16, "t": 56, "b": 48},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
            "hoverlabel": {"font": {"family": SANS, "size": 12}},
            "bargap": 0.04,
        }
    )


def chart(**layout: Any) -> go.Figure:
    """An empty plotly figure in the common look.

    Args:
        layout: of plotly's layout, such as `title=` and `xaxis_title=`.

    Example:
        >>> from workbench import charts
        >>> charts.chart(title="Densities · 4 096 features").layout.title.text
        'Densities · 4 096 features'
    """
    import plotly.graph_objects as go

    return go.Figure().update_layout(template=template(), **({"height": 360} | layout))
