"""The page on which a duty is corrected: the date before and after is seen first, then written."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.errors import NotAllowed
from consult.forms import Form, Posted
from consult.law.calculator import trace_days
from consult.law.queries import law_of
from consult.obligations.actions import correct, may_correct, preview_correction, rules_to_apply
from consult.obligations.cards import due_on, name_of
from consult.obligations.forms import CorrectionForm
from consult.obligations.ledger.rules import fold
from consult.obligations.queries import duty_row, ledger
from consult.obligations.writing import rule_of
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render

router = APIRouter()

Corrector = Annotated[Actor, Depends(Allow("correct"))]


@router.get("/obligations/{obligation_id:int}/correction")
def look(
    request: Request,
    session: Db,
    actor: Corrector,
    obligation_id: int,
    rule_code: Annotated[str, Query(max_length=60)] = "",
    began: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """What would become of the date; nothing is written yet."""
    form = Form[CorrectionForm]()
    if rule_code or began:
        form = Form[CorrectionForm]({"rule_code": rule_code, "began": began}).check(CorrectionForm)
    return _page(request, session, actor, obligation_id, form)


@router.post("/obligations/{obligation_id:int}/correction")
def put_right(
    request: Request, session: Db, actor: Corrector, posted: Posted, obligation_id: int
) -> Response:
    """Count a duty by another rule, or from another beginning, with a reason for all to read."""
    platform = platform_of(request)
    form = Form[CorrectionForm](posted).check(CorrectionForm)
    if form.ok:
        with form.attempt(session):
            correct(
                session,
                law_of(session, platform.pack),
                actor=actor,
                obligation_id=obligation_id,
                correction=form.value.correction(platform.pack.tz),
                now=platform.clock(),
            )
    if not form.ok:
        return _page(request, session, actor, obligation_id, form)
    return go(f"/obligations/{obligation_id}", "The duty is corrected.")


def _page(
    request: Request,
    session: Db,
    actor: Actor,
    obligation_id: int,
    form: Form[CorrectionForm],
) -> Response:
    """The choices; below them the dates before and after, once something was chosen that works."""
    platform = platform_of(request)
    law, now = law_of(session, platform.pack), platform.clock()
    duty = duty_row(session, obligation_id).obligation
    if not may_correct(actor, duty):
        raise NotAllowed("This belongs to another agency.")
    chosen = Form[CorrectionForm](form.raw).check(CorrectionForm)
    computed = None
    if form.raw and chosen.ok:
        with chosen.attempt(session):
            computed = preview_correction(
                session,
                law,
                actor=actor,
                obligation=duty,
                correction=chosen.value.correction(law.tz),
                now=now,
            )
        form.errors = form.errors or chosen.errors
    rule = rule_of(session, law, duty)
    holidays_in = law.feasts_in(language_of(request))
    return render(
        request,
        "obligations/correction.html",
        status=form.status,
        duty=duty,
        duty_name=name_of(law.pack, duty),
        rule=rule,
        rules=rules_to_apply(law, rule),
        began=fold(ledger(session, obligation_id)).trigger_at,
        form=form,
        works=bool(form.raw) and chosen.ok,
        was_on=due_on(duty, law.tz),
        computed=computed,
        days=trace_days(computed.trace_data(), law.calendar, holidays_in) if computed else [],
    )
