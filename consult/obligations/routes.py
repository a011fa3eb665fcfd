"""Pages of duties: the public register, its export, one duty with how its date was computed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.queries import agencies, agency_by_code
from consult.db import text_in
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.obligations.actions import fulfil, may_fulfil
from consult.obligations.cards import due_on, duty_cards, history, traces
from consult.obligations.forms import EvidenceForm
from consult.obligations.queries import (
    AgencyTotals,
    DutyFilter,
    DutyRow,
    computations,
    cursor_of,
    duty_row,
    ledger,
    register,
    totals_by_agency,
)
from consult.security import Allow, Db, Reader
from consult.spreadsheets import csv_text
from consult.web import go, language_of, platform_of, render

router = APIRouter()

Officer = Annotated[Actor, Depends(Allow("answer"))]
Overseer = Annotated[Actor, Depends(Allow("oversee"))]
PAGE = 50
EXPORT = 10_000
STATUSES = ("open", "overdue", "settled", "all")
COLUMNS = (
    "duty",
    "agency",
    "draft",
    "round",
    "title",
    "status",
    "due_on",
    "preliminary",
    "fulfilled_at",
    "rule",
    "citation",
    "address",
)
TOTALS = ("agency", "running", "overdue", "fulfilled_late", "fulfilled_on_time", "kept")


@router.get("/obligations")
def register_page(
    request: Request,
    session: Db,
    actor: Reader,
    agency: str = "",
    duty: str = "",
    status: str = "open",
    after: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Every duty of every agency, for everybody to see; the oversight body also gets totals."""
    platform = platform_of(request)
    now = platform.clock()
    status = status if status in STATUSES else "open"
    found = register(session, _wanted(session, agency, duty, status), now, after, PAGE)
    rows, bodies = found[:PAGE], agencies(session)
    return render(
        request,
        "obligations/register.html",
        duties=duty_cards(rows, bodies, law_of(session, platform.pack), now),
        after=cursor_of(rows[-1]) if len(found) > PAGE else "",
        chosen={"agency": agency, "duty": duty, "status": status},
        bodies=sorted(bodies.values(), key=lambda body: body.code),
        totals=totals_by_agency(session, now) if actor.may("oversee") else None,
    )


def _wanted(session: Db, agency: str, duty: str, status: str) -> DutyFilter:
    agency_id = agency_by_code(session, agency).id if agency else None
    return DutyFilter(agency_id=agency_id, duty=duty, status=status)


@router.get("/obligations.csv")
def export(
    request: Request,
    session: Db,
    _actor: Reader,
    agency: str = "",
    duty: str = "",
    status: str = "all",
    after: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """The register as a table; where it is longer than one answer, `Link` says where it goes on."""
    now = platform_of(request).clock()
    found = register(session, _wanted(session, agency, duty, status), now, after, EXPORT)
    rows, bodies = found[:EXPORT], agencies(session)
    headers = {"content-disposition": 'attachment; filename="duties.csv"'}
    if len(found) > EXPORT:
        following = request.url.include_query_params(after=cursor_of(rows[-1]))
        headers["link"] = f'<{following}>; rel="next"'
    lines = (_csv_line(request, row, bodies[row.obligation.agency_id].code) for row in rows)
    return Response(csv_text(COLUMNS, lines), media_type="text/csv", headers=headers)


def _csv_line(request: Request, row: DutyRow, agency: str) -> tuple[object, ...]:
    platform, duty = platform_of(request), row.obligation
    rule = platform.pack.rules.get(duty.rule_code)
    return (
        duty.duty,
        agency,
        duty.draft_id,
        row.round,
        text_in(row.draft.titles, language_of(request))[0] if row.draft else None,
        row.status.value,
        due_on(duty, platform.pack.tz),
        "yes" if duty.preliminary else "no",
        duty.fulfilled_at.isoformat() if duty.fulfilled_at else None,
        duty.rule_code,
        rule.citation if rule else None,
        f"{platform.settings.base_url}/obligations/{duty.id}",
    )


@router.get("/obligations/totals.csv")
def export_totals(request: Request, session: Db, _actor: Overseer) -> Response:
    """How each agency keeps its terms, as a table; where none has run out, "kept" is empty."""
    totals = totals_by_agency(session, platform_of(request).clock())
    lines = (
        (body.code, t.running, t.overdue, t.late, t.on_time, t.kept)
        for body in sorted(agencies(session).values(), key=lambda body: body.code)
        for t in [totals.get(body.id or 0) or AgencyTotals(body.id or 0)]
    )
    headers = {"content-disposition": 'attachment; filename="terms-kept.csv"'}
    return Response(csv_text(TOTALS, lines), media_type="text/csv", headers=headers)


@router.get("/obligations/{obligation_id}")
def read(request: Request, session: Db, actor: Reader, obligation_id: int) -> Response:
    """One duty: what happened to it, and how its date was computed, day by day."""
    return _duty_page(request, session, actor, obligation_id, Form[EvidenceForm]())


def _duty_page(
    request: Request, session: Db, actor: Actor, obligation_id: int, form: Form[EvidenceForm]
) -> Response:
    platform = platform_of(request)
    pack, law, now = platform.pack, law_of(session, platform.pack), platform.clock()
    row = duty_row(session, obligation_id, now)
    events = ledger(session, obligation_id)
    language = pack.holiday_languages.get(language_of(request), "")  # type: ignore[call-overload]
    return render(
        request,
        "obligations/duty.html",
        status=form.status,
        duty=duty_cards([row], agencies(session), law, now)[0],
        rule=pack.rules.get(row.obligation.rule_code),
        events=history(events),
        traces=traces(computations(session, obligation_id), law.calendar, language),
        form=form,
        can_fulfil=may_fulfil(actor, pack, row.obligation),
    )


@router.post("/obligations/{obligation_id}/fulfil")
def mark_fulfilled(
    request: Request, session: Db, actor: Officer, posted: Posted, obligation_id: int
) -> Response:
    """An officer says by what a duty was fulfilled."""
    platform = platform_of(request)
    form = Form[EvidenceForm](posted).check(EvidenceForm)
    if form.ok:
        with form.attempt(session):
            fulfil(
                session,
                law_of(session, platform.pack),
                actor=actor,
                obligation_id=obligation_id,
                evidence=form.value.evidence,
                now=platform.clock(),
            )
    if not form.ok:
        return _duty_page(request, session, actor, obligation_id, form)
    return go(f"/obligations/{obligation_id}", "The duty is marked as fulfilled.")
