"""A law and its contents as the reading page shows them. Rendered once for all who read the same.

A published text never changes, and what is said about it changes seldom beside how often it is
read: so the HTML is kept for everything it is made of, and is right by construction.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from consult.site.cards import contents
from consult.site.views import DraftPage
from consult.templating import environment
from drafts.tree import has_heading, heading_levels

KEPT = 128  # pieces; some 300 kB for the text of a hundred provisions


class Line(NamedTuple):
    """A provision as components/provision.html shows it, with how much is said about it."""

    wid: str
    eid: str
    kind: str
    label: str
    heading: str
    text: str
    level: int | None
    said: int
    heat: int


class Entry(NamedTuple):
    """An entry of the contents as components/toc.html shows it."""

    wid: str
    label: str
    heading: str
    depth: int
    n: int
    heat: int


def law_html(rows: Any, page: DraftPage, lang: str, zone: ZoneInfo) -> Markup:
    """The text of the page's version in the interface language `lang`."""
    levels = heading_levels((r.depth, has_heading(r.kind, r.label, r.heading)) for r in rows)
    lines = tuple(
        Line(
            *(row.wid, row.eid, row.kind, row.label, row.heading, row.text),
            *(level, page.count(row.wid).comments, page.heat(row.wid)),
        )
        for row, level in zip(rows, levels, strict=True)
    )
    return _rendered(
        "site/_law.html",
        lang,
        zone,
        lines=lines,
        address=f"/drafts/{page.draft.id}/provisions/",
        query=f"?text={page.lang}" if len(page.version.langs) > 1 else "",
        can_comment=page.is_open,
    )


def contents_html(rows: Any, page: DraftPage, lang: str, zone: ZoneInfo) -> Markup:
    """The table of contents of that text."""
    entries = tuple(Entry(**entry) for entry in contents(rows, page))
    return _rendered("site/_contents.html", lang, zone, entries=entries, text_lang=page.lang)


@lru_cache(maxsize=KEPT)
def _rendered(name: str, lang: str, zone: ZoneInfo, **parts: Hashable) -> Markup:
    html = environment(lang, zone).get_template(name).render(parts)
    return Markup(html)  # noqa: S704 - the template escaped what it was given
