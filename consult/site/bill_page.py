"""What parliament or a kenesh does with a draft, for everybody, beside what the public said."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.accounts.models import Agency
from consult.chambers.bills.queries import (
    amendments_of,
    count_amendments,
    count_speeches,
    reading_by_number,
    readings_of,
    registered,
    said_about,
    speeches_at,
)
from consult.chambers.bodies import may_record
from consult.chambers.rules import corrections
from consult.chambers.sittings.queries import sittings_about
from consult.chambers.voting.queries import roll_calls_at, votes_in
from consult.chambers.voting.rules import CHOICES
from consult.security import Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.statistics.charts import stacked
from consult.web import render
from drafts.queries import places
from drafts.versions.diffing import word_pieces

router = APIRouter()

After = Annotated[int, Query(ge=0, lt=2**31)]
AMENDMENTS = 30


@router.get("/drafts/{draft_id}/parliament")
def read_bill(
    request: Request, session: Db, actor: Reader, draft_id: int, after: After = 0
) -> Response:
    """The bill: its number, its readings, how was voted, what was to be amended and why not."""
    page = open_page(request, session, draft_id, actor)
    bill = registered(session, draft_id)
    body = session.get_one(Agency, bill.body_id)
    readings = readings_of(session, draft_id)
    found = amendments_of(session, draft_id, after=after, limit=AMENDMENTS)
    wids = [one.amendment.wid for one in found if one.amendment.wid]
    return render(
        request,
        "chambers/bill.html",
        bill=bill,
        body=body,
        committee=session.get_one(Agency, bill.committee_id) if bill.committee_id else None,
        readings=readings,
        spoke=count_speeches(session, draft_id),
        called=roll_calls_at(session, [reading.id or 0 for reading in readings]),
        shown=found[:AMENDMENTS],
        pieces=lambda one: word_pieces(one.current, one.proposed),
        places=places(session, page.version.id or 0, page.lang, wids) if wids else {},
        said=said_about(session, draft_id, wids) if wids else {},
        decided=count_amendments(session, draft_id),
        more=found[AMENDMENTS - 1].amendment.id if len(found) > AMENDMENTS else None,
        sittings=sittings_about(session, draft_id),
        corrections=corrections,
        may_record=may_record(actor, body),
        **draft_context(request, page, "parliament"),
    )


@router.get("/drafts/{draft_id}/parliament/readings/{n}")
def read_reading(
    request: Request, session: Db, actor: Reader, draft_id: int, n: int, call: After = 0
) -> Response:
    """One reading: who spoke, how factions voted, and each deputy in the roll-call `call`."""
    page = open_page(request, session, draft_id, actor)
    bill, reading = registered(session, draft_id), reading_by_number(session, draft_id, n)
    body = session.get_one(Agency, bill.body_id)
    called = roll_calls_at(session, [reading.id or 0]).get(reading.id or 0, [])
    whole = said_about(session, draft_id, [""])
    shown = next((one for one in called if one.roll_call.id == call), called[0] if called else None)
    return render(
        request,
        "chambers/reading.html",
        body=body,
        reading=reading,
        speeches=speeches_at(session, reading.id or 0),
        called=called,
        votes=votes_in(session, shown.roll_call.id or 0) if shown else [],
        by_name=shown,
        choices=CHOICES,
        stacked=stacked,
        said=whole.get(""),
        corrections=corrections,
        may_record=may_record(actor, body),
        **draft_context(request, page, "parliament"),
    )
