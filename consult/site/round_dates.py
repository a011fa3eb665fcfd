"""The days of a round for a calendar: when its discussion begins, the last day for comments."""

from collections.abc import Iterator
from datetime import tzinfo

from jinja2 import Template

from consult.procedure.deadlines import last_day, local_day
from consult.procedure.stages import Stage
from consult.site.calendars import Entry
from consult.site.news import Row


def round_dates(row: Row, words: Template, tz: tzinfo) -> Iterator[Entry]:
    """Two whole days. `words` writes one: its title, an empty line, what is said of it.

    A draft taken back before its discussion was over leaves cancelled days, so that they go away
    in calendars too.
    """
    consultation, draft, agency = row
    dropped = draft.stage == Stage.WITHDRAWN.value and consultation.closed_at is None
    days = {
        "opens": local_day(consultation.opens_at, tz),
        "closes": last_day(consultation.closes_at, tz),
    }
    for what, day in days.items():
        said = words.render(what=what, draft=draft, agency=agency, round=consultation)
        title, _, about = said.strip().partition("\n\n")
        yield Entry(
            name=f"round-{draft.id}-{consultation.round}-{what}",
            n=consultation.dates_n + dropped,
            changed_at=consultation.dates_set_at or consultation.opens_at,
            day=day,
            title=title,
            about=about.strip(),
            url=f"/drafts/{draft.id}",
            status="CANCELLED" if dropped else "CONFIRMED",
        )
