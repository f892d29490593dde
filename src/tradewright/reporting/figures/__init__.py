"""The pictures of a result as plain Plotly descriptions, in colour tokens; nothing here draws or knows Plotly.

A colour is a CSS variable of the report (``var(--gain)``), so that one description serves light, dark and paper;
`layout.in_colours` puts the values in where no style sheet can. What is drawn was counted elsewhere; here
are only shapes.
"""

from __future__ import annotations

__all__: list[str] = []
