"""The text of a law as the reading page shows it. Rendered once for all who read the same.

A published text never changes, and what is said about it changes seldom beside how often it is
read: so the HTML is kept for everything it is made of, and is right by construction.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from consult.site.views import DraftPage
from consult.templating import environment
from drafts.tree import has_heading, heading_levels

KEPT = 64  # texts; some 300 kB each with a hundred provisions


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
    address = f"/drafts/{page.draft.id}/provisions/"
    query = f"?text={page.lang}" if len(page.version.langs) > 1 else ""
    return _rendered(lines, address, query, page.is_open, lang, zone)


@lru_cache(maxsize=KEPT)
def _rendered(
    lines: Hashable, address: str, query: str, can_comment: bool, lang: str, zone: ZoneInfo
) -> Markup:
    template = environment(lang, zone).get_template("site/_law.html")
    html = template.render(lines=lines, address=address, query=query, can_comment=can_comment)
    return Markup(html)  # noqa: S704 - the template escaped what it was given
