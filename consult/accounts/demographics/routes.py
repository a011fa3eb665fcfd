"""The page on which a person says, if they like, what may be counted of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.demographics.actions import say
from consult.accounts.demographics.choices import choices
from consult.accounts.demographics.forms import AboutMe
from consult.accounts.demographics.models import Demographic
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
HERE = "/cabinet/settings"


@router.get(HERE)
def show_settings(request: Request, session: Db, actor: Owner) -> Response:
    """What was said so far, to be changed or taken back."""
    row = session.get(Demographic, actor.person_id)
    said = AboutMe.model_validate(row.model_dump()) if row else AboutMe()
    return _page(request, Form[AboutMe](said.model_dump()), is_said=row is not None)


def _page(request: Request, form: Form[AboutMe], *, is_said: bool) -> Response:
    return render(
        request,
        "demographics/settings.html",
        status=form.status,
        form=form,
        choices=choices(platform_of(request).pack),
        is_said=is_said,
    )


@router.post(HERE)
def post_settings(request: Request, session: Db, actor: Owner, posted: Posted) -> Response:
    """Keep it, change it, or take it back."""
    platform = platform_of(request)
    form = Form[AboutMe](posted).check(AboutMe)
    if form.ok:
        said, known = form.value.model_dump(), choices(platform.pack)
        with form.attempt(session):
            say(session, actor=actor, said=said, known=known, now=platform.clock())
    if form.ok:
        return go(HERE, "Your answers are saved.")
    row = session.get(Demographic, actor.person_id)
    return _page(request, form, is_said=row is not None)
