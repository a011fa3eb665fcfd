"""Following, unsubscribing by a mailed link, and in development the mails that were written."""

from email.message import EmailMessage
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from consult.access import Actor
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.security import CONTENT_SECURITY_POLICY, Allow, Db
from consult.web import go, local_path, platform_of, render
from notifications.actions import follow, unfollow
from notifications.forms import Following
from notifications.links import unsign
from notifications.mail import compose
from notifications.queries import Followed, followed, mail_by_id, recent_mails
from notifications.rules import read_unsubscribe_value

router = APIRouter()

Follower = Annotated[Actor, Depends(Allow("follow"))]
Anybody = Annotated[Actor, Depends(Allow("join"))]
Developer = Annotated[Actor, Depends(Allow("develop"))]
MailId = Annotated[int, Path(ge=1, lt=2**31)]

# A mail brings its own small style sheet, so it is shown apart, where nothing else is allowed.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@router.post("/follow")
def post_follow(request: Request, session: Db, actor: Follower, posted: Posted) -> Response:
    """Be told of what happens with a draft, or with all drafts of an agency."""
    wish = _read(posted)
    follow(session, actor=actor, target=wish.target, now=platform_of(request).clock())
    return go(
        local_path(wish.next, "/cabinet/following"),
        "You follow this now: you will be told when something happens.",
    )


@router.post("/unfollow")
def post_unfollow(session: Db, actor: Follower, posted: Posted) -> Response:
    """Be told no longer."""
    wish = _read(posted)
    unfollow(session, person_id=actor.person_id, target=wish.target)
    return go(local_path(wish.next, "/cabinet/following"), "You no longer follow this.")


def _read(posted: dict[str, object]) -> Following:
    form = Form[Following](posted).check(Following)
    if not form.ok:
        raise NotFound("There is nothing to follow here.")
    return form.value


@router.get("/unsubscribe/{token}")
def show_unsubscribing(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The link in a mail. It only shows a button: programs that read mail follow links too."""
    _, thing = _subscription(request, session, token)
    return render(request, "notifications/unsubscribe.html", thing=thing, action=request.url.path)


@router.post("/unsubscribe/{token}")
def post_unsubscribing(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """End one subscription without signing in (RFC 8058): pressed here or by a mail program.

    Answers with a page: a redirect is what the RFC forbids here.
    """
    person_id, thing = _subscription(request, session, token)
    unfollow(session, person_id=person_id, target=thing.target)
    return render(request, "notifications/unsubscribed.html", thing=thing)


def _subscription(request: Request, session: Db, token: str) -> tuple[int, Followed]:
    """Whose subscription to what a mailed link stands for; raises NotFound for a forged one."""
    value = unsign(platform_of(request).settings.secret_key, "unsubscribe", token)
    if value is None:
        raise NotFound("This link is not complete. Please copy the whole of it from the mail.")
    person_id, target = read_unsubscribe_value(value)
    things = followed(session, [target])
    return person_id, things[0] if things else Followed(target, {}, "/")


@router.get("/dev/mail")
def dev_mails(request: Request, session: Db, _actor: Developer) -> Response:
    """The newest mails, for whoever tries the site out."""
    _development_only(request)
    return render(request, "notifications/dev_mails.html", mails=recent_mails(session))


@router.get("/dev/mail/{mail_id}")
def dev_mail(request: Request, session: Db, _actor: Developer, mail_id: MailId) -> Response:
    """One mail as it goes out: its headers, its text, and its HTML in a frame."""
    message = _composed(request, session, mail_id)
    response = render(
        request,
        "notifications/dev_mail.html",
        mail_id=mail_id,
        subject=message["Subject"],
        headers=[(name, value) for name, value in message.items() if name != "Subject"],
        text=_part(message, "plain"),
    )
    response.headers["content-security-policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@router.get("/dev/mail/{mail_id}/html")
def dev_mail_html(request: Request, session: Db, _actor: Developer, mail_id: MailId) -> Response:
    """The HTML of a mail, for the frame."""
    html = _part(_composed(request, session, mail_id), "html")
    return HTMLResponse(html, headers={"content-security-policy": MAIL_POLICY})


def _composed(request: Request, session: Db, mail_id: int) -> EmailMessage:
    _development_only(request)
    return compose(platform_of(request).settings, mail_by_id(session, mail_id))


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""


def _development_only(request: Request) -> None:
    if not platform_of(request).settings.keeps_mails:
        raise NotFound("There is no such page.")
