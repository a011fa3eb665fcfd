"""Pages of duties: the register of all agencies and that of one, what is publicly overdue, tables.

One duty: duty_routes.py. The desk and the feeds: consult/site.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.queries import agencies, agency_by_code
from consult.db import text_in
from consult.errors import Invalid
from consult.forms import Form
from consult.law.queries import Law, law_of
from consult.obligations.cards import days_late, duty_cards, folded_cards
from consult.obligations.keeping.ladder import told_until
from consult.obligations.queries import DutyRow
from consult.obligations.registers.listing import (
    PER,
    STATUSES,
    AgencyTotals,
    cursor_of,
    folded_cursor,
    overdue_by_agency,
    overdue_in_public,
    register,
    totals_by_agency,
)
from consult.obligations.registers.narrowing import RegisterQuery
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db, Reader
from consult.spreadsheets import csv_text
from consult.web import language_of, platform_of, render

router = APIRouter()

Overseer = Annotated[Actor, Depends(Allow("oversee"))]
After = Annotated[str, Query(max_length=30)]
PAGE = 50
EXPORT = 10_000
COLUMNS = (
    *("duty", "agency", "draft", "round", "title", "status", "due_on", "preliminary"),
    *("fulfilled_at", "rule", "citation", "address", "subject", "officer_assigned", "extra"),
    *("expected_on", "working_days_late"),
)
TOTALS = (
    *("agency", "running", "overdue", "fulfilled_late", "fulfilled_on_time", "kept"),
    *("long_overdue", "extended", "overdue_for_comments"),
)


@router.get("/obligations")
def register_page(request: Request, session: Db, actor: Reader, after: After = "") -> Response:
    """Every duty of every agency, for everybody to see; the oversight body also gets totals."""
    form, asked = _asked(request)
    platform = platform_of(request)
    law, now = law_of(session, platform.pack), platform.clock()
    return render(
        request,
        "obligations/register.html",
        status=form.status,
        form=form,
        totals=totals_by_agency(session, law, now) if actor.may("oversee") else None,
        **_list(request, session, law, asked, after),
    )


@router.get("/agencies/{code}/duties")
def agency_page(
    request: Request, session: Db, _actor: Reader, code: str, after: After = ""
) -> Response:
    """What one body owes, and how it keeps its terms."""
    body, platform = agency_by_code(session, code), platform_of(request)
    law, now = law_of(session, platform.pack), platform.clock()
    asked = _asked(request)[1].model_copy(update={"agency": body.code})
    totals = totals_by_agency(session, law, now, body.id)
    return render(
        request,
        "obligations/agency.html",
        body=body,
        totals=totals.get(body.id or 0) or AgencyTotals(body.id or 0),
        **_list(request, session, law, asked, after),
    )


def _asked(request: Request) -> tuple[Form[RegisterQuery], RegisterQuery]:
    """The filters of an address; one that is not understood is left out, and said."""
    raw = dict(request.query_params)
    form = Form[RegisterQuery](raw).check(RegisterQuery)
    if form.ok:
        return form, form.value
    right = {name: value for name, value in raw.items() if not form.error_of(name)}
    return form, RegisterQuery.model_validate(right)


def _list(
    request: Request, session: Session, law: Law, asked: RegisterQuery, after: str
) -> dict[str, Any]:
    bodies = agencies(session)
    found, now = _found(request, session, law, asked, after, PAGE), platform_of(request).clock()
    return {
        "asked": asked,
        "duties": duty_cards(found[:PAGE], bodies, law, now),
        "after": cursor_of(found[PAGE - 1]) if len(found) > PAGE else "",
        "bodies": sorted(bodies.values(), key=lambda body: body.code),
        "statuses": STATUSES,
        "owed_for": PER,
    }


def _found(
    request: Request, session: Session, law: Law, asked: RegisterQuery, after: str, limit: int
) -> list[DutyRow]:
    now = platform_of(request).clock()
    agency_id = agency_by_code(session, asked.agency).id if asked.agency else None
    wanted = asked.filter(law, local_day(now, law.tz), agency_id)
    return register(session, wanted, now, after, limit)


@router.get("/obligations.csv")
def export(request: Request, session: Db, _actor: Reader, after: After = "") -> Response:
    """The register as a table; where it is longer than one answer, `Link` says where it goes on."""
    form, asked = _asked(request)
    if not form.ok:
        error = form.errors[0]
        raise Invalid(error.message, field=error.field, **error.params)
    if "status" not in request.query_params:
        asked = asked.model_copy(update={"status": "all"})
    platform = platform_of(request)
    law, bodies = law_of(session, platform.pack), agencies(session)
    found = _found(request, session, law, asked, after, EXPORT)
    rows = found[:EXPORT]
    headers = {"content-disposition": 'attachment; filename="duties.csv"'}
    if len(found) > EXPORT:
        following = request.url.include_query_params(after=cursor_of(rows[-1]))
        headers["link"] = f'<{following}>; rel="next"'
    cards = duty_cards(rows, bodies, law, platform.clock())
    lines = (_csv_line(request, row, card) for row, card in zip(rows, cards, strict=True))
    return Response(csv_text(COLUMNS, lines), media_type="text/csv", headers=headers)


def _csv_line(request: Request, row: DutyRow, card: dict[str, Any]) -> tuple[object, ...]:
    platform, duty = platform_of(request), row.obligation
    rule, days = platform.pack.rules.get(duty.rule_code), card["days"]
    return (
        duty.duty,
        card["agency"].code,
        duty.draft_id,
        row.round,
        text_in(row.draft.titles, language_of(request))[0] if row.draft else None,
        card["status"],
        card["due_on"],
        "yes" if duty.preliminary else "no",
        duty.fulfilled_at.isoformat() if duty.fulfilled_at else None,
        duty.rule_code,
        rule.citation if rule else None,
        f"{platform.settings.base_url}/obligations/{duty.id}",
        duty.subject,
        "yes" if duty.officer_id else "no",
        duty.extra,
        duty.expected_on,
        -days if days is not None and days < 0 else 0,
    )


@router.get("/obligations/totals.csv")
def export_totals(request: Request, session: Db, _actor: Overseer) -> Response:
    """How each agency keeps its terms, as a table; where none has run out, "kept" is empty."""
    platform = platform_of(request)
    law = law_of(session, platform.pack)
    totals = totals_by_agency(session, law, platform.clock())
    lines = (
        (
            *(body.code, t.running, t.overdue, t.late, t.on_time, t.kept),
            *(t.long_overdue, t.extended, t.single_overdue),
        )
        for body in sorted(agencies(session).values(), key=lambda body: body.code)
        for t in [totals.get(body.id or 0) or AgencyTotals(body.id or 0)]
    )
    headers = {"content-disposition": 'attachment; filename="terms-kept.csv"'}
    return Response(csv_text(TOTALS, lines), media_type="text/csv", headers=headers)


@router.get("/overdue")
def overdue_page(
    request: Request, session: Db, _actor: Reader, agency: str = "", after: After = ""
) -> Response:
    """The public register of what is overdue: what should have been done, by whom, since when."""
    platform = platform_of(request)
    now, law, bodies = platform.clock(), law_of(session, platform.pack), agencies(session)
    told = told_until(law.pack.duty, now, law.calendar, law.tz)
    chosen = agency_by_code(session, agency) if agency else None
    agency_id = chosen.id if chosen else None
    found = overdue_in_public(session, told, now, agency_id=agency_id, after=after, limit=PAGE)
    by_agency = overdue_by_agency(session, told, now)
    return render(
        request,
        "obligations/overdue.html",
        chosen=chosen,
        lines=folded_cards(found[:PAGE], bodies, law, now),
        after=folded_cursor(found[PAGE - 1]) if len(found) > PAGE else "",
        totals=[
            {"body": bodies[id_], "n": n, "days": days_late(law, due_at, now)}
            for id_, (n, due_at) in sorted(by_agency.items(), key=lambda item: item[1][1])
        ],
        total=sum(n for n, _ in by_agency.values()),
    )
