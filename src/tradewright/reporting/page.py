"""A whole page of its own: style, data and scripts inside, so that it opens offline and has the same bytes again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.quant.undefined import Undefined
from tradewright.reporting.markup import Markup, fill, join, tag, template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Page", "Part", "part", "render"]


class Part(NamedTuple):
    """A section as it stands in the page; one without a title is not in the list of contents."""

    name: str
    title: str
    content: Markup


class Page(NamedTuple):
    """What a page is made of; `printed` stands at the head of every sheet of paper."""

    title: str
    badge: str
    version: str
    is_synthetic: bool
    head: Markup
    parts: Sequence[Part]
    footer: Markup
    printed: str
    scripts: tuple[str, ...]


def render(page: Page, library: str) -> str:
    """The page as text: light and dark, on a phone and on a wall, on A4.

    Parameters
    ----------
    page : Page
    library : str
        The text of plotly.js, inlined once.
    """
    return fill(
        "report.html",
        title=page.title,
        badge=page.badge,
        version=page.version,
        style=Markup(template("report.css")),
        synthetic=tag("span", "SYNTHETIC DATA", class_="badge synthetic") if page.is_synthetic else "",
        head=page.head,
        contents=_contents([each for each in page.parts if each.title]),
        body=join(*(each.content for each in page.parts)),
        footer=page.footer,
        library=Markup(_inside_script(library)),
        script=Markup("\n".join(template(name) for name in page.scripts)),
        printed=Markup(_inside_css(page.printed)),
    )


def part(name: str, title: str, show: Callable[[], Markup | None]) -> Part | None:
    """A section of a page: None where it shows nothing, one line where it raises `Undefined`."""
    try:
        content = show()
    except Undefined as nothing:
        content = tag("p", f"Nothing to show: {nothing.reason}.", class_="note")
    if content is None:
        return None
    heading = tag("h2", title) if title else None
    return Part(name, title, tag("section", heading, content, id=f"section-{name}", class_="section", aria_label=title))


def _contents(parts: Sequence[Part]) -> Markup:
    links = [tag("li", tag("a", each.title, href=f"#section-{each.name}")) for each in parts]
    return tag("nav", tag("ul", *links), class_="contents", aria_label="Sections")


def _inside_css(text: str) -> str:
    """Text as the inside of a CSS string: everything but plain letters as its code point."""
    return "".join(each if (each.isalnum() and each.isascii()) or each == " " else f"\\{ord(each):x} " for each in text)


def _inside_script(text: str) -> str:
    """Text that cannot end the element it stands in."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
