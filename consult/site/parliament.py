"""Parliament: its committees, the bills before each, the bills a deputy follows, bills compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.accounts.queries import agency_by_code
from consult.db import text_in
from consult.errors import Invalid
from consult.forms import Form, Number, Posted
from consult.law.queries import law_of
from consult.parliament.actions import end_referral, may_refer, refer
from consult.parliament.forms import ReferForm
from consult.parliament.queries import (
    Wanted,
    bill_json,
    bills,
    bills_before,
    bills_followed,
    bodies_beneath,
    committee_by_code,
    committees,
)
from consult.procedure.stages import TERMINAL, Stage
from consult.security import Allow, Db, Reader
from consult.spreadsheets import csv_text
from consult.statistics import exports
from consult.statistics.metrics import metrics
from consult.web import go, language_of, platform_of, render
from drafts.queries import draft_for, drafts_at

router = APIRouter()

Follower = Annotated[Actor, Depends(Allow("follow"))]
Referrer = Annotated[Actor, Depends(Allow("refer"))]
PER_PAGE = 50
TAKEN = 5000  # bills in a file
FOLLOWED = 100
COMPARED = 4
STAGES = tuple(stage.value for stage in Stage if stage is not Stage.DRAFT)
BEFORE_DEPUTIES = tuple(stage for stage in Stage if stage not in {Stage.DRAFT, *TERMINAL})
COLUMNS = (
    *("draft", "title", "agency", "act_type", "stage", "opens_at", "closes_at", "days_open"),
    *("days_minimum", "days_left", "comments", "people", "organisations", "duties_overdue"),
    *("duties_to_come", "report_round", "changed_provisions"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a committee's bills the address asks for."""

    stage: str = ""
    agency: str = ""
    ended: bool = False
    page: int = 1

    @property
    def query(self) -> str:
        """The same without the page, as it stands in an address."""
        parts = {"stage": self.stage, "agency": self.agency, "ended": "1" if self.ended else ""}
        return urlencode({name: value for name, value in parts.items() if value})


async def asked(
    stage: Annotated[str, Query(max_length=20)] = "",
    agency: Annotated[str, Query(max_length=20)] = "",
    ended: Annotated[str, Query(max_length=1)] = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Asked:
    """Whatever is not known narrows nothing."""
    return Asked(stage if stage in STAGES else "", agency, bool(ended), page)


AskedFor = Annotated[Asked, Depends(asked)]


@router.get("/parliament")
def list_committees(request: Request, session: Db, _actor: Reader) -> Response:
    """The committees of parliament, and how many bills are before each."""
    return render(request, "parliament/list.html", committees=committees(session))


@router.get("/parliament/mine")
def followed_bills(request: Request, session: Db, actor: Follower) -> Response:
    """The bills I follow, with what is counted of each."""
    now = platform_of(request).clock()
    ids = bills_followed(session, actor.person_id, FOLLOWED)
    law = law_of(session, platform_of(request).pack)
    found = bills(session, ids, law=law, now=now)
    return render(request, "parliament/mine.html", bills=found, metrics=metrics(), most=FOLLOWED)


@router.get("/parliament/compare")
def compare_bills(
    request: Request,
    session: Db,
    _actor: Reader,
    bill: Annotated[list[Number] | None, Query(max_length=20)] = None,
) -> Response:
    """Some bills beside each other."""
    platform = platform_of(request)
    wanted = list(dict.fromkeys(bill or []))
    law = law_of(session, platform.pack)
    found = bills(session, wanted[:COMPARED], law=law, now=platform.clock())
    left = len(wanted) - COMPARED
    return render(
        request, "parliament/compare.html", bills=found, metrics=metrics(), left=max(left, 0)
    )


@router.get("/parliament/{code}.json")
def committee_json(
    request: Request, session: Db, _actor: Reader, code: str, wanted: AskedFor
) -> Response:
    """The bills before a committee, as data."""
    platform = platform_of(request)
    committee, codes, ids, _ = _bills_before(session, code, wanted, TAKEN)
    law, now = law_of(session, platform.pack), platform.clock()
    path = f"/parliament/{code}.json" + (f"?{wanted.query}" if wanted.query else "")
    return exports.json_answer(
        exports.envelope(platform.settings.base_url, path, now)
        | {
            "committee": committee.code,
            "names": committee.names,
            "bills": [bill_json(one, codes, now) for one in bills(session, ids, law=law, now=now)],
        }
    )


@router.get("/parliament/{code}.csv")
def committee_csv(
    request: Request, session: Db, _actor: Reader, code: str, wanted: AskedFor
) -> Response:
    """The same as CSV."""
    platform, lang = platform_of(request), language_of(request)
    _, codes, ids, _ = _bills_before(session, code, wanted, TAKEN)
    law, now = law_of(session, platform.pack), platform.clock()
    rows = []
    for one in bills(session, ids, law=law, now=now):
        said = bill_json(one, codes, now)
        said["title"] = text_in(one.draft.titles, lang)[0]
        rows.append([said[name] for name in COLUMNS])
    return Response(
        csv_text(COLUMNS, rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="bills-{code.lower()}.csv"',
            "Link": f'<{exports.LICENCE["url"]}>; rel="license"',
            **exports.ANY_ORIGIN,
        },
    )


@router.get("/parliament/{code}")
def read_committee(
    request: Request, session: Db, actor: Reader, code: str, wanted: AskedFor
) -> Response:
    """The bills before a committee and what is counted of each; of a parliament those of all."""
    platform = platform_of(request)
    committee, codes, ids, more = _bills_before(session, code, wanted, PER_PAGE)
    law, now = law_of(session, platform.pack), platform.clock()
    found = bills(session, ids, law=law, now=now)
    refers = may_refer(actor, committee)
    here = {one.draft.id for one in found if not wanted.ended}
    referable = drafts_at(session, BEFORE_DEPUTIES) if refers else []
    return render(
        request,
        "parliament/committee.html",
        committee=committee,
        codes=codes,
        bills=found,
        asked=wanted,
        more=more,
        stages=STAGES,
        refers=refers,
        referable=[draft for draft in referable if draft.id not in here],
        metrics=metrics(),
    )


def _bills_before(
    session: Session, code: str, wanted: Asked, most: int
) -> tuple[Agency, Mapping[int, str], Sequence[int], bool]:
    """(the committee, codes of all committees by id, bills, whether there are more)."""
    committee, every = committee_by_code(session, code), committees(session)
    codes = {one.agency.id or 0: one.agency.code for one in every}
    chosen = agency_by_code(session, wanted.agency).id if wanted.agency else None
    narrowed = Wanted(wanted.stage, chosen, wanted.ended)
    start = (wanted.page - 1) * most
    ids = bills_before(
        session, bodies_beneath(every, committee), narrowed, limit=most, offset=start
    )
    return committee, codes, ids[:most], len(ids) > most


@router.post("/parliament/{code}/bills")
def refer_bill(
    request: Request, session: Db, actor: Referrer, posted: Posted, code: str
) -> Response:
    """A bill comes before this committee."""
    form = Form[ReferForm](posted).check(ReferForm)
    if not form.ok:
        raise Invalid("Please choose one of the options.", field="draft")
    committee = committee_by_code(session, code)
    draft = draft_for(session, form.value.draft, actor)
    refer(session, actor=actor, committee=committee, draft=draft, now=platform_of(request).clock())
    return go(f"/parliament/{code}", "The bill is before the committee; its members are told.")


@router.post("/parliament/{code}/bills/{draft_id}/end")
def end_bill(request: Request, session: Db, actor: Referrer, code: str, draft_id: int) -> Response:
    """A bill is before this committee no longer."""
    committee, now = committee_by_code(session, code), platform_of(request).clock()
    draft = draft_for(session, draft_id, actor)
    end_referral(session, actor=actor, committee=committee, draft=draft, now=now)
    return go(f"/parliament/{code}", "The bill is no longer before the committee.")
