"""A browser is signed in: its token, the cookies it keeps, who is told. Kept by: actions.py."""

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.accounts.actions import notice_browser, sign_in
from consult.accounts.models import Person
from consult.pressure import know_browser, knows_browser
from consult.procedure.deadlines import local_day
from consult.security import sign_in_cookie
from consult.web import platform_of

DAY = 24 * 60 * 60  # seconds


def new_sign_in(request: Request, session: Session, person: Person) -> str:
    """The token of a new sign-in of this browser; raises Invalid as `sign_in` does."""
    platform = platform_of(request)
    now = platform.clock()
    return sign_in(
        session,
        person,
        now=now,
        days=platform.settings.sign_in_days,
        agent=request.headers.get("user-agent", ""),
        today=local_day(now, platform.pack.tz),
    )


def tell_if_strange(request: Request, session: Session, person: Person) -> None:
    """Whose account was entered with a browser that is not known is told so."""
    if not knows_browser(request, person.id or 0):
        agent = request.headers.get("user-agent", "")
        notice_browser(session, person, agent, platform_of(request).clock())


def let_in(request: Request, response: Response, person: Person, token: str) -> Response:
    """The browser keeps its token, and is known as that of this person from now on."""
    know_browser(request, response, person.id or 0, person.email or "")
    days = platform_of(request).settings.sign_in_days
    return remember(request, response, sign_in_cookie(request), token, days)


def remember(request: Request, response: Response, name: str, value: str, days: int) -> Response:
    """The browser keeps this for so many days, and shows it to no script."""
    secure = platform_of(request).settings.is_production
    response.set_cookie(
        name, value, max_age=days * DAY, secure=secure, httponly=True, samesite="lax"
    )
    return response
