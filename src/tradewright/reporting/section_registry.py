"""The sections of a report by name, in their order: the built-in ones and those of users and installed packages.

A section is a function of `Findings` that gives markup, None to be left out, or raises `Undefined` with the reason why
there is nothing to show. Whatever a section of a user's raises otherwise becomes one line that names it.
"""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry, place_of
from tradewright.quant.undefined import Undefined
from tradewright.reporting.markup import Markup, tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.reporting.findings import Findings

    Shows = Callable[[Findings], str | None]

__all__ = ["BUILT_IN_NAMES", "SECTIONS", "ReportSection", "arranged", "report_section", "shown"]

ENTRY_POINTS = "tradewright.report_sections"
"""Group in which installed packages name their sections."""

BUILT_IN_NAMES = frozenset({
    "headline", "trust", "warnings", "equity", "monthly", "yearly", "rolling", "drawdowns", "price", "distribution",
    "excursions", "activity", "costs", "other_costs", "metrics", "contributions", "exits", "refused", "trades",
    "data", "configuration", "faults",
})  # fmt: skip
"""Names that the sections of every report have."""

_OWN = "tradewright.reporting."


class ReportSection:
    """A function of findings with its place in the report; calling it calls the function."""

    def __init__(self, name: str, title: str, after: str | None, function: Shows) -> None:
        update_wrapper(self, function)
        self.name = name
        self.title = title
        self.after = after
        self._function = function

    def __call__(self, findings: Findings) -> str | None:
        """The content; text that is not `Markup` is escaped."""
        return self._function(findings)

    @property
    def is_own(self) -> bool:
        """Whether it is built in: a fault in it is a fault of the report, and is not hidden."""
        return place_of(self).startswith(_OWN)


def report_section(name: str, *, title: str, after: str | None = None) -> Callable[[Shows], ReportSection]:
    """Decorate a function of `Findings`, so that every report has its section.

    Parameters
    ----------
    name : str
        Unique; the section's address in the page is ``#section-<name>``.
    title : str
        Its heading; empty for none.
    after : str, optional
        Name of the section to stand behind; the end of the report where not given or not known.

    Raises
    ------
    ConfigError
        When another section has the name.

    Examples
    --------
    >>> @report_section("example_note", title="A note", after="headline")
    ... def note(findings):
    ...     return f"Seed {findings.record.config.seed}."
    >>> note.title
    'A note'
    """

    def register(function: Shows) -> ReportSection:
        section = ReportSection(name, title, after, function)
        if name in BUILT_IN_NAMES and not section.is_own:
            # The built-in sections are imported by the first report, which would be the one to find out.
            raise ConfigError(
                f"The report section '{name}' is built in, so {place_of(section)} cannot take the name.",
                hint="Register it under a name of its own.",
            )
        SECTIONS.add(name, section)
        return section

    return register


def arranged(sections: Iterable[ReportSection]) -> list[ReportSection]:
    """Sections in order: each behind the one it names, those of one place in the order given, the homeless last."""
    given = list(sections)
    names = {section.name for section in given}
    children: dict[str | None, list[ReportSection]] = {}
    # The built-in sections are one chain, so what a user puts behind one of them must come before the rest of it.
    for section in sorted(given, key=lambda each: each.is_own):
        children.setdefault(section.after, []).append(section)
    roots = [section for section in given if section.after is None or section.after not in names]
    placed = _placed(roots, children)
    return placed + [section for section in given if section not in placed]


def _placed(roots: list[ReportSection], children: dict[str | None, list[ReportSection]]) -> list[ReportSection]:
    waiting, placed = list(reversed(roots)), []
    while waiting:
        section = waiting.pop()
        placed.append(section)
        waiting.extend(reversed(children.get(section.name, [])))
    return placed


def shown(section: ReportSection, findings: Findings) -> Markup | None:
    """The section as it stands in the page; None where it is left out."""
    content = _content(section, findings)
    if content is None:
        return None
    heading = tag("h2", section.title) if section.title else None
    return tag("section", heading, content, id=f"section-{section.name}", class_="section", aria_label=section.title)


def _content(section: ReportSection, findings: Findings) -> str | None:
    try:
        content = section(findings)
    except Undefined as nothing:
        return tag("p", f"Nothing to show: {nothing.reason}.", class_="note")
    except Exception as error:
        # The border of a package's own section: what it raised stands in its place, and the report is written.
        if section.is_own:
            raise
        return _fault(section, f"failed with {type(error).__name__}: {error}")
    return _text(section, content)


def _text(section: ReportSection, content: object) -> str | None:
    """What a section gave, if it is what the registry asks for."""
    if content is None or isinstance(content, Markup):
        return content
    return tag("p", content) if isinstance(content, str) else _fault(section, f"gave a {type(content).__name__}")


def _fault(section: ReportSection, what: str) -> Markup:
    return tag("p", f"✕ The report section '{section.name}' ({place_of(section)}) {what}.", class_="fault")


def _flaw(value: object) -> str | None:
    return None if isinstance(value, ReportSection) else "it was not made by the decorator 'report_section'"


SECTIONS: Registry[ReportSection] = Registry(
    "report section", ENTRY_POINTS, flaw=_flaw, hint="docs/reference/reports.md lists them."
)
"""Every section by name."""
