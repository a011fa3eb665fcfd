"""Pages of the programme indicators, as files too; and where an administrator enters values."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from consult.access import Actor
from consult.errors import N_
from consult.forms import Form, Posted
from consult.openness.computing import computed_for
from consult.openness.indicators.actions import SOURCE_CHARS, enter_value
from consult.openness.indicators.queries import (
    Standing,
    indicator_by_number,
    indicators,
    standings,
)
from consult.openness.indicators.telling import CSV_COLUMNS, csv_rows, indicator_json
from consult.openness.numbers import plain
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db, Reader
from consult.spreadsheets import csv_text
from consult.statistics.exports import ANY_ORIGIN, LICENCE, envelope, json_answer
from consult.statistics.metrics import metrics
from consult.web import go, language_of, platform_of, render

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]


class ValueForm(BaseModel):
    """What an indicator came to in a year; an empty amount takes it back."""

    number: str = Field(min_length=1, max_length=20)
    year: int
    amount: str = Field(default="", max_length=40)
    source: str = Field(default="", max_length=SOURCE_CHARS)


def standings_now(request: Request, session: Session) -> list[Standing]:
    """All indicators as they stand now."""
    platform = platform_of(request)
    now, pack = platform.clock(), platform.pack
    listed = indicators(session)
    computed = computed_for(session, listed, pack=pack, now=now)
    return standings(session, listed, computed, local_day(now, pack.tz).year)


@router.get("/indicators")
def read_indicators(request: Request, session: Db, _actor: Reader) -> Response:
    """What a programme wanted to reach, by when, and what was reached."""
    return render(
        request,
        "openness/indicators.html",
        standings=standings_now(request, session),
        metrics=metrics(),
        plain=plain,
    )


@router.get("/indicators.json")
def indicators_json(request: Request, session: Db, _actor: Reader) -> Response:
    """The same as JSON."""
    found = standings_now(request, session)
    platform = platform_of(request)
    about = envelope(platform.settings.base_url, "/indicators.json", platform.clock())
    programme = found[0].indicator.programme if found else None
    told = {"programme": programme, "indicators": [indicator_json(one) for one in found]}
    return json_answer(about | told)


@router.get("/indicators.csv")
def indicators_csv(request: Request, session: Db, _actor: Reader) -> Response:
    """The same as a table: a line for each baseline, target and value."""
    rows = csv_rows(standings_now(request, session), language_of(request))
    headers = {
        "Content-Disposition": 'attachment; filename="indicators.csv"',
        "Link": f'<{LICENCE["url"]}>; rel="license"',
        **ANY_ORIGIN,
    }
    text = csv_text(CSV_COLUMNS, rows)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/admin/indicators")
def admin_indicators(request: Request, session: Db, _actor: Administrator) -> Response:
    """The values that were entered, and the form to enter one."""
    return _admin_page(request, session, Form[ValueForm]())


def _admin_page(request: Request, session: Session, form: Form[ValueForm]) -> Response:
    return render(
        request,
        "openness/admin.html",
        status=form.status,
        standings=standings_now(request, session),
        form=form,
        most=SOURCE_CHARS,
        metrics=metrics(),
        plain=plain,
    )


@router.post("/admin/indicators")
def enter(request: Request, session: Db, actor: Administrator, posted: Posted) -> Response:
    """Enter a value, or take one back; both stand in the audit log."""
    form = Form[ValueForm](posted).check(ValueForm)
    if form.ok:
        platform = platform_of(request)
        now = platform.clock()
        wish = form.value
        one = indicator_by_number(session, wish.number)
        computed = computed_for(session, [one], pack=platform.pack, now=now)
        with form.attempt(session):
            enter_value(
                session,
                actor=actor,
                number=wish.number,
                year=wish.year,
                text=wish.amount,
                source=wish.source,
                computed=computed.get(one.metric, {}),
                now=now,
            )
    if not form.ok:
        return _admin_page(request, session, form)
    taken = not form.value.amount
    message = N_("The value was taken back.") if taken else N_("The value was entered.")
    return go("/admin/indicators", message)
