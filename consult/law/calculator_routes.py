"""The public calculator of terms: one page whose address holds the whole question."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator

from consult.errors import Invalid
from consult.forms import Form
from consult.law.calculator import Question, answer, free_rule, parse_day, parse_pauses, trace_days
from consult.law.queries import Law, confirmation_of, law_of
from consult.procedure.deadlines import (
    DeadlineRule,
    EndShift,
    Pause,
    Starts,
    Unit,
    check_extension,
)
from consult.security import Db, Reader
from consult.web import language_of, platform_of, render

router = APIRouter()

MOST_DAYS = 3_660  # ten years: a longer trace is a page nobody can read on a phone
Number = Annotated[int, BeforeValidator(lambda typed: typed or 0)]


class QuestionForm(BaseModel):
    """A question as it is typed; without a rule, amount, unit and the rest make the term."""

    on: Annotated[date, BeforeValidator(parse_day)]
    rule: str = ""
    amount: Number = 0
    unit: Unit = Unit.WORKING_DAY
    starts: Starts = Starts.NEXT_DAY
    end_shift: EndShift = EndShift.NEXT_WORKING_DAY
    pauses: Annotated[tuple[Pause, ...], BeforeValidator(parse_pauses)] = ()
    extra: Number = 0


@router.get("/calculator")
def calculator(request: Request, session: Db, _actor: Reader) -> Response:
    """Count a term: every day counted or skipped, and why. Nothing of it is kept."""
    platform = platform_of(request)
    law = law_of(session, platform.pack)
    typed = {name: value.replace("\0", "").strip() for name, value in request.query_params.items()}
    form = Form[QuestionForm](typed)
    answered: dict[str, Any] = {"computation": None, "rule": None, "days": []}
    if typed and form.check(QuestionForm).ok:
        with form.attempt(session):
            answered = _answered(form.value, law, language_of(request))
    rule = answered["rule"] if form.raw.get("rule") else None
    return render(
        request,
        "law/calculator.html",
        status=form.status,
        form=form,
        today=platform.clock().astimezone(law.tz).date(),
        rules=law.pack.rule,
        confirmation=confirmation_of(session, rule) if rule else None,
        **answered,
    )


def _answered(form: QuestionForm, law: Law, lang: str) -> dict[str, Any]:
    rule = _rule(form, law)
    computed = answer(Question(rule, form.on, form.pauses, form.extra), law.calendar, law.tz)
    if len(computed.trace) > MOST_DAYS:
        raise Invalid("This page counts terms of up to ten years.", field="amount")
    days = trace_days(computed.trace_data(), law.calendar, law.feasts_in(lang))
    return {"computation": computed, "rule": rule, "days": days}


def _rule(form: QuestionForm, law: Law) -> DeadlineRule:
    if not form.rule:
        return free_rule(law.pack.code, form.amount, form.unit, form.starts, form.end_shift)
    rule = law.pack.rules.get(form.rule)
    if rule is None:
        raise Invalid("There is no such rule.", field="rule")
    if not rule.in_force(form.on):
        raise Invalid("This rule is not in force on that day.", field="rule")
    if form.extra:
        check_extension(rule, form.extra)
    return rule
