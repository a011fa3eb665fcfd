"""The page on which a person chooses how the public sees them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.appearance.actions import check_choice, choose_shown, correct_name
from consult.accounts.appearance.forms import Appearance, OwnName
from consult.accounts.appearance.rules import LONGEST, clean_pseudonym
from consult.accounts.models import Person
from consult.forms import Form, Posted
from consult.naming import PublicName, public_name
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
HERE = "/cabinet/name"


@router.get(HERE)
def show_choice(request: Request, session: Db, actor: Owner) -> Response:
    """The three ways, the one that is chosen, and how that looks."""
    person = session.get_one(Person, actor.person_id)
    return _page(request, person, _chosen(person))


def _chosen(person: Person) -> Form[Appearance]:
    return Form[Appearance]({"shown": person.shown, "pseudonym": person.pseudonym})


def _page(
    request: Request, person: Person, form: Form[Appearance], own: Form[OwnName] | None = None
) -> Response:
    return render(
        request,
        "appearance/choice.html",
        status=(own or form).status,
        form=form,
        own=own or Form[OwnName]({"name": person.name, "region": person.region}),
        person=person,
        now_seen=_seen(person, person.shown, person.pseudonym),
        previewed=None if form.errors else _seen(person, form["shown"], form["pseudonym"]),
        longest=LONGEST,
    )


def _seen(person: Person, shown: str, pseudonym: str) -> PublicName:
    return public_name(
        name=person.name,
        shown=shown,
        pseudonym=clean_pseudonym(pseudonym) if pseudonym else "",
        region=person.region,
        verified=person.verified_at is not None,
    )


@router.post(HERE)
def post_choice(request: Request, session: Db, actor: Owner, posted: Posted) -> Response:
    """Save the choice, or show how it would look and change nothing."""
    form = Form[Appearance](posted).check(Appearance)
    saves = form.ok and form.value.then == "save"
    if form.ok:
        chosen = form.value.shown, form.value.pseudonym
        with form.attempt(session):
            if saves:
                choose_shown(session, actor=actor, shown=chosen[0], pseudonym=chosen[1])
            else:
                check_choice(session, *chosen, own=actor.person_id)
    if saves and form.ok:
        return go(HERE, "From now on the public sees you like this, everywhere on this site.")
    return _page(request, session.get_one(Person, actor.person_id), form)


@router.post(HERE + "/own")
def post_own(request: Request, session: Db, actor: Owner, posted: Posted) -> Response:
    """Correct one's own name and place."""
    form = Form[OwnName](posted).check(OwnName)
    if form.ok:
        with form.attempt(session):
            now = platform_of(request).clock()
            correct_name(session, actor=actor, **form.value.model_dump(), now=now)
    if form.ok:
        return go(HERE, "Your name and the place where you live are saved.")
    person = session.get_one(Person, actor.person_id)
    return _page(request, person, _chosen(person), form)
