"""Pages to follow and to stop: by a button, or without an account by links in mails."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.errors import Invalid, NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, language_of, local_path, platform_of, render
from notifications.by_mail import (
    ask_for_managing,
    ask_to_follow,
    confirm_following,
    has_account,
    holder_of,
    read_wish,
    what_is_wished,
)
from notifications.followed import followed, subscriptions_of
from notifications.following import (
    checked_search,
    follow,
    search_to_follow,
    set_cadence,
    unfollow,
    unfollow_all,
)
from notifications.forms import SEARCH, Cadence, Following, FollowingByMail, MailAddress
from notifications.links import manage_path
from notifications.searching import wished

router = APIRouter()

Follower = Annotated[Actor, Depends(Allow("follow"))]
Anybody = Annotated[Actor, Depends(Allow("join"))]
DEFAULT = "/cabinet/following"


@router.post("/follow")
def post_follow(request: Request, session: Db, actor: Follower, posted: Posted) -> Response:
    """Be told of what happens with a draft, of new drafts of a topic, or that a search finds …"""
    platform, wish = platform_of(request), _read(posted)
    target = _target(request, session, wish)
    follow(session, platform.pack, actor=actor, target=target, now=platform.clock())
    return go(
        local_path(wish.next, DEFAULT),
        "You follow this now: you will be told when something happens.",
    )


@router.post("/unfollow")
def post_unfollow(session: Db, actor: Follower, posted: Posted) -> Response:
    """Be told no longer."""
    wish = _read(posted)
    unfollow(session, person_id=actor.person_id, target=wish.target)
    return go(local_path(wish.next, DEFAULT), "You no longer follow this.")


def _read(posted: dict[str, object]) -> Following:
    form = Form[Following](posted).check(Following)
    if not form.ok:
        raise NotFound("There is nothing to follow here.")
    return form.value


def _target(request: Request, session: Db, wish: Following) -> str:
    if wish.target != SEARCH:
        return wish.target
    platform = platform_of(request)
    return search_to_follow(
        session, platform.pack, words=wish.q, filters=wish.filters, now=platform.clock()
    )


def _wished_target(request: Request, session: Db, wish: FollowingByMail) -> str:
    """As above, but no search is kept for somebody who did not say yes yet."""
    if wish.target != SEARCH:
        return wish.target
    return wished(checked_search(session, platform_of(request).pack, wish.q, wish.filters))


@router.post("/follow/mail")
def post_follow_by_mail(request: Request, session: Db, _actor: Anybody, posted: Posted) -> Response:
    """Mail a link that says yes; what is answered does not tell whether the address was known."""
    platform = platform_of(request)
    form = Form[FollowingByMail](posted).check(FollowingByMail)
    if form.ok:
        with form.attempt(session):
            ask_to_follow(
                session,
                platform.pack,
                email=form.value.email,
                lang=language_of(request),
                target=_wished_target(request, session, form.value),
                now=platform.clock(),
            )
    if not form.ok:
        return render(request, "notifications/by_mail.html", status=form.status, form=form)
    return go("/follow/sent")


@router.get("/follow/sent")
def show_sent(request: Request, _actor: Anybody) -> Response:
    """Where a mail was asked for: look into your mailbox."""
    kept = platform_of(request).settings.keeps_mails
    return render(request, "notifications/sent.html", kept=kept)


@router.get("/follow/{token}")
def show_wish(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The link of the mail. It only shows a button: programs that read mail follow links too."""
    platform = platform_of(request)
    wish = read_wish(session, platform.settings.secret_key, token, platform.clock())
    things = what_is_wished(session, platform.pack, wish.target)
    if not things:
        raise NotFound("There is nothing to follow here.")
    return render(
        request,
        "notifications/follow.html",
        wish=wish,
        thing=things[0],
        action=request.url.path,
    )


@router.post("/follow/{token}")
def post_wish(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """Yes, tell me: from now on this address follows it."""
    platform = platform_of(request)
    secret, now = platform.settings.secret_key, platform.clock()
    wish = read_wish(session, secret, token, now)
    confirm_following(session, platform.pack, wish, now)
    return go(
        manage_path(secret, wish.person.id or 0),
        "You follow this now: you will be told when something happens.",
    )


@router.get("/following")
def show_managing_form(request: Request, _actor: Anybody) -> Response:
    """The form to ask for the link to all that an address follows."""
    return render(request, "notifications/managing_form.html", form=Form[MailAddress]())


@router.post("/following/link")
def post_managing_form(request: Request, session: Db, _actor: Anybody, posted: Posted) -> Response:
    """Mail that link; what is answered does not tell whether the address was known."""
    form = Form[MailAddress](posted).check(MailAddress)
    if not form.ok:
        return render(request, "notifications/managing_form.html", status=form.status, form=form)
    ask_for_managing(session, email=form.value.email, now=platform_of(request).clock())
    return go("/follow/sent")


@router.get("/following/{token}")
def show_following(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """All that this address follows; whoever has an account sees it there."""
    platform = platform_of(request)
    person = holder_of(session, platform.settings.secret_key, token)
    if has_account(person):
        return go(DEFAULT)
    rows = subscriptions_of(session, person.id or 0)
    return render(
        request,
        "notifications/managing.html",
        email=person.email,
        things=followed(session, platform.pack, [row.target for row in rows]),
        cadences={row.target: row.cadence for row in rows},
        base=request.url.path,
    )


@router.post("/following/{token}/cadence")
def post_cadence(
    request: Request, session: Db, _actor: Anybody, token: str, posted: Posted
) -> Response:
    """How often to be told of one thing."""
    form = Form[Cadence](posted).check(Cadence)
    person_id = _managed(request, session, token)
    if not form.ok:
        raise Invalid("Please choose one of the options.", field="cadence")
    wish = form.value
    set_cadence(session, person_id=person_id, target=wish.target, cadence=wish.cadence)
    return go(f"/following/{token}", "Saved.")


@router.post("/following/{token}/stop")
def post_stop(
    request: Request, session: Db, _actor: Anybody, token: str, posted: Posted
) -> Response:
    """Be told no longer of one thing."""
    target = _read(posted).target
    unfollow(session, person_id=_managed(request, session, token), target=target)
    return go(f"/following/{token}", "You no longer follow this.")


@router.post("/following/{token}/stop-all")
def post_stop_all(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """Be told of nothing any more."""
    unfollow_all(session, _managed(request, session, token))
    return go(f"/following/{token}", "You follow nothing any more. No more mails will be sent.")


def _managed(request: Request, session: Db, token: str) -> int:
    """Whose subscriptions a mailed link changes; those of an account are changed signed in."""
    person = holder_of(session, platform_of(request).settings.secret_key, token)
    if has_account(person):
        raise NotFound("Please sign in: what you follow stands in your cabinet.")
    return person.id or 0
