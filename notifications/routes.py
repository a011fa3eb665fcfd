"""Unsubscribing by a mailed link, and in development the mails that were written."""

from email.message import EmailMessage
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from consult.access import Actor
from consult.errors import NotFound
from consult.security import CONTENT_SECURITY_POLICY, Allow, Db
from consult.web import platform_of, render
from notifications.followed import Followed, followed
from notifications.headers import compose
from notifications.links import UNSUBSCRIBE, manage_path, sign, unsign
from notifications.queries import mail_by_id, recent_mails
from notifications.rendering import letter_of
from notifications.rules import (
    EVERYTHING,
    is_followed,
    parts_of_stopping,
    read_unsubscribe_value,
    unsubscribe_value,
)
from notifications.stopping import stop

router = APIRouter()

Anybody = Annotated[Actor, Depends(Allow("join"))]
Developer = Annotated[Actor, Depends(Allow("develop"))]
MailId = Annotated[int, Path(ge=1, lt=2**31)]

# A mail brings its own small style sheet, so it is shown apart, where nothing else is allowed.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@router.get("/unsubscribe/{token}")
def show_unsubscribing(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The link in a mail. It only shows buttons: programs that read mail follow links too."""
    return _stopping_page(request, session, token, "notifications/unsubscribe.html")


@router.post("/unsubscribe/{token}")
def post_unsubscribing(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """End what the mail came of, without signing in (RFC 8058): pressed here or by a mail program.

    Answers with a page: a redirect is what the RFC forbids here.
    """
    person_id, target = _stopping(request, token)
    stop(session, person_id=person_id, target=target)
    return _stopping_page(request, session, token, "notifications/unsubscribed.html")


def _stopping_page(request: Request, session: Db, token: str, template: str) -> Response:
    person_id, target = _stopping(request, token)
    platform = platform_of(request)
    secret = platform.settings.secret_key
    kind, key = parts_of_stopping(target)
    things = followed(session, platform.pack, [target]) if is_followed(target) else []
    everything = sign(secret, UNSUBSCRIBE, unsubscribe_value(person_id, EVERYTHING))
    return render(
        request,
        template,
        kind=kind,
        key=key,
        thing=things[0] if things else Followed(target, {}, "/"),
        action=f"/unsubscribe/{token}",
        all_action=f"/unsubscribe/{everything}",
        manage=manage_path(secret, person_id),
    )


def _stopping(request: Request, token: str) -> tuple[int, str]:
    """Whose mails of what a mailed link stops; raises NotFound for a forged one."""
    value = unsign(platform_of(request).settings.secret_key, UNSUBSCRIBE, token)
    if value is None:
        raise NotFound("This link is not complete. Please copy the whole of it from the mail.")
    return read_unsubscribe_value(value)


@router.get("/dev/mail")
def dev_mails(request: Request, session: Db, _actor: Developer) -> Response:
    """The newest mails, for whoever tries the site out."""
    _development_only(request)
    platform = platform_of(request)
    found = recent_mails(session)  # kept meanwhile, so that none is asked for by itself
    mails = [(mail, letter_of(session, platform, mail)) for mail, _, _ in found]
    return render(request, "notifications/dev_mails.html", mails=mails)


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
    platform, mail = platform_of(request), mail_by_id(session, mail_id)
    written = letter_of(session, platform, mail)
    return compose(platform.settings, mail, written, mail.sent_at or platform.clock())


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""


def _development_only(request: Request) -> None:
    if not platform_of(request).settings.keeps_mails:
        raise NotFound("There is no such page.")
