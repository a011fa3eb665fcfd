"""The administrator's pages of the law: decreed days are entered, years and rules confirmed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.queries import names_of
from consult.errors import NotFound
from consult.forms import FieldError, Form, Posted
from consult.law.actions import (
    confirm_rule,
    confirm_year,
    enter_days,
    revoke,
    withdraw_confirmation,
)
from consult.law.forms import DaysForm, ReasonForm, RuleForm, WithdrawForm, YearForm
from consult.law.queries import confirmation_history, confirmations, law_of, year_page
from consult.law.reading import read_text
from consult.law.rules import DecreedDay, changes, check_days, digest_of_days, fingerprint
from consult.law.writing import as_lines
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.site.running import duties_by_earlier_versions, duties_touched
from consult.web import go, language_of, platform_of, render

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]
PROBLEMS_SHOWN = 20


@router.get("/admin/calendar")
def calendar(
    request: Request, session: Db, _actor: Administrator, year: int | None = None
) -> Response:
    """A year of the calendar with the acts about it, and the forms to change it."""
    return _calendar_page(request, session, year)


def _calendar_page(
    request: Request,
    session: Session,
    year: int | None,
    *,
    days: Form[DaysForm] | None = None,
    confirming: Form[YearForm] | None = None,
    revoking: Form[ReasonForm] | None = None,
    act_id: int = 0,
) -> Response:
    platform = platform_of(request)
    if year is None:
        year = local_day(platform.clock(), platform.pack.tz).year
    law = law_of(session, platform.pack)
    page = year_page(session, law, year, language_of(request))
    posted = next((form for form in (days, confirming, revoking) if form), None)
    return render(
        request,
        "admin/calendar.html",
        status=posted.status if posted else 200,
        page=page,
        names=names_of(session, page.people),
        days=days or Form[DaysForm](),
        confirming=confirming or Form[YearForm](),
        revoking=revoking or Form[ReasonForm](),
        act_id=act_id,
    )


@router.post("/admin/calendar/days")
def look_at_days(request: Request, session: Db, _actor: Administrator, posted: Posted) -> Response:
    """What days would change. Nothing is kept: they come back in the form, to be entered."""
    form = Form[DaysForm](posted).check(DaysForm)
    found = _read_days(session, form)
    return _days_page(request, session, form, found) if form.ok else _back(request, session, form)


@router.post("/admin/calendar/enter")
def enter(request: Request, session: Db, actor: Administrator, posted: Posted) -> Response:
    """Enter days that were looked at; if they were changed since, they are shown again first."""
    form = Form[DaysForm](posted).check(DaysForm)
    found, platform = _read_days(session, form), platform_of(request)
    if not form.ok:
        return _back(request, session, form)
    if form.value.seen != digest_of_days("", found):
        return _days_page(request, session, form, found, changed=True)
    with form.attempt(session):
        enter_days(
            session,
            actor=actor,
            jurisdiction=platform.pack.code,
            days=found,
            document=form.value.document,
            filename=form.value.filename,
            now=platform.clock(),
        )
    if not form.ok:
        return _days_page(request, session, form, found)
    return go(
        f"/admin/calendar?year={found[0].on.year}",
        "The days are entered. Running terms are counted anew within a minute.",
    )


def _read_days(session: Session, form: Form[DaysForm]) -> list[DecreedDay]:
    """The days that were given, whose text then stands in the form; what is wrong is its errors."""
    if not form.ok:
        return []
    with form.attempt(session):
        form.raw |= {"text": form.value.given(), "filename": form.value.named}
        reading = read_text(form["text"])
        form.errors += [
            FieldError("text", problem.message, dict(problem.params))
            for problem in reading.problems[:PROBLEMS_SHOWN]
        ]
        if more := reading.problems[PROBLEMS_SHOWN:]:
            form.errors.append(FieldError("text", "And {count} more.", {"count": len(more)}))
        if form.ok:
            check_days(reading.days)
        return reading.days
    return []


def _back(request: Request, session: Session, form: Form[DaysForm]) -> Response:
    """The form with what was typed; lines that were looked at before stay on their own page."""
    if "seen" in form.raw:
        return _days_page(request, session, form, [])
    return _calendar_page(request, session, None, days=form)


def _days_page(
    request: Request,
    session: Session,
    form: Form[DaysForm],
    found: list[DecreedDay],
    *,
    changed: bool = False,
) -> Response:
    law = law_of(session, platform_of(request).pack)
    moved = [change for change in changes(law.calendar, found) if change.counts]
    ends: list[date] = [change.day.on for change in moved]
    if found:
        form.raw |= {"text": as_lines(found), "seen": digest_of_days("", found)}
    return render(
        request,
        "admin/calendar_days.html",
        status=form.status,
        form=form,
        changes=changes(law.calendar, found),
        touched=duties_touched(session, ends[0], ends[-1], law.tz) if ends else 0,
        changed=changed,
    )


@router.post("/admin/calendar/confirm")
def confirm_calendar(
    request: Request, session: Db, actor: Administrator, posted: Posted
) -> Response:
    """Say that the calendar of a year is final."""
    form, platform = Form[YearForm](posted).check(YearForm), platform_of(request)
    if form.ok:
        with form.attempt(session):
            confirm_year(
                session,
                actor=actor,
                jurisdiction=platform.pack.code,
                year=form.value.year,
                document=form.value.document,
                now=platform.clock(),
            )
    if not form.ok:
        return _calendar_page(request, session, None, confirming=form)
    return go(f"/admin/calendar?year={form.value.year}", "The calendar of this year is confirmed.")


@router.post("/admin/calendar/{act_id}/revoke")
def revoke_act(
    request: Request,
    session: Db,
    actor: Administrator,
    posted: Posted,
    act_id: int,
    year: int | None = None,
) -> Response:
    """Take back what was entered."""
    form, platform = Form[ReasonForm](posted).check(ReasonForm), platform_of(request)
    if form.ok:
        with form.attempt(session):
            revoke(
                session,
                actor=actor,
                jurisdiction=platform.pack.code,
                act_id=act_id,
                reason=form.value.reason,
                now=platform.clock(),
            )
    if not form.ok:
        return _calendar_page(request, session, year, revoking=form, act_id=act_id)
    return go(
        f"/admin/calendar?year={year}" if year else "/admin/calendar",
        "It is revoked. Running terms are counted anew within a minute.",
    )


@router.get("/admin/rules")
def rules(request: Request, session: Db, _actor: Administrator) -> Response:
    """Every rule of law this installation counts by, and whether it was confirmed."""
    return _rules_page(request, session)


def _rules_page(
    request: Request,
    session: Session,
    code: str = "",
    form: Form[RuleForm] | Form[WithdrawForm] | None = None,
) -> Response:
    pack = platform_of(request).pack
    history = confirmation_history(session, pack)
    people = {
        who
        for entries in history.values()
        for entry in entries
        for who in (entry.confirmation.confirmed_by, entry.confirmation.withdrawn_by)
        if who
    }
    return render(
        request,
        "admin/rules.html",
        status=form.status if form else 200,
        confirmed=confirmations(session, pack),
        history=history,
        names=names_of(session, people),
        fingerprints={rule.code: fingerprint(rule) for rule in pack.rule},
        earlier=duties_by_earlier_versions(session, pack),
        form=form or Form[RuleForm](),
        code=code,
    )


@router.post("/admin/rules/{code}/confirm")
def confirm(
    request: Request, session: Db, actor: Administrator, posted: Posted, code: str
) -> Response:
    """Say that a rule agrees with the act in force, and with which document that was compared."""
    form, platform = Form[RuleForm](posted).check(RuleForm), platform_of(request)
    rule = platform.pack.rules.get(code)
    if rule is None:
        raise NotFound("There is no such rule.")
    if form.ok:
        with form.attempt(session):
            confirm_rule(
                session,
                actor=actor,
                rule=rule,
                seen=form.value.seen,
                document=form.value.document,
                now=platform.clock(),
            )
    if not form.ok:
        return _rules_page(request, session, code, form)
    return go(f"/admin/rules#{code}", "The rule is confirmed.")


@router.post("/admin/rules/{code}/withdraw")
def withdraw(
    request: Request, session: Db, actor: Administrator, posted: Posted, code: str
) -> Response:
    """Take the confirmation of a rule back, with a reason."""
    form, platform = Form[WithdrawForm](posted).check(WithdrawForm), platform_of(request)
    if form.ok:
        with form.attempt(session):
            withdraw_confirmation(
                session,
                actor=actor,
                jurisdiction=platform.pack.code,
                confirmation_id=form.value.confirmation,
                reason=form.value.reason,
                now=platform.clock(),
            )
    if not form.ok:
        return _rules_page(request, session, code, form)
    return go(f"/admin/rules#{code}", "The confirmation is withdrawn.")
