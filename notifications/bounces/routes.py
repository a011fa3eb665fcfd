"""Mails that come back, told by the mail server's own program; and switching mail on again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from consult.access import Actor
from consult.errors import Invalid, NotAllowed, NotFound, TooLarge
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from notifications.bounces.actions import ask_for_mails, person_of_link, switch_on, take_report
from notifications.bounces.rules import REASON_MAX, Report, is_about_address

router = APIRouter()

Anybody = Annotated[Actor, Depends(Allow("join"))]
Owner = Annotated[Actor, Depends(Allow("cabinet"))]
BODY_MAX = 1_000_000  # bytes
AT_ONCE = 500


class Failure(BaseModel):
    """One mail that came back: the address it was sent from (VERP), or to whom, and why."""

    mail: str = Field("", max_length=400)
    recipient: str = Field("", max_length=254)
    final: bool | None = None
    status: str = Field("", max_length=20)
    reason: str = Field("", max_length=10_000)

    def report(self) -> Report:
        """As it is counted; without `final`, the status says whether it is."""
        said = " ".join(f"{self.status} {self.reason}".split())
        is_final = is_about_address(said) if self.final is None else self.final
        return Report(self.mail, self.recipient, is_final, said[:REASON_MAX])


class Call(BaseModel):
    """What POST /bounces takes: {"type": "mail.bounced", "data": one failure or several}."""

    type: str = Field(pattern=r"^mail\.bounced$")
    data: Failure | Annotated[list[Failure], Field(max_length=AT_ONCE)]


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_MAX:
            raise TooLarge("This is more than can be taken at once. Nothing of it was kept.")
    return body


@router.post("/bounces")
def post_bounces(
    request: Request, session: Db, _actor: Anybody, body: Annotated[bytes, Depends(_body)]
) -> Response:
    """Take mails that came back, signed by the scheme of Standard Webhooks."""
    platform = platform_of(request)
    if not platform.settings.mail_bounce_secret:
        raise NotFound("There is no such page.")
    for failure in _failures(platform.settings.mail_bounce_secret, body, request):
        take_report(session, platform, failure.report(), platform.clock(), trusted=True)
    return Response(status_code=204)


def _failures(secret: str, body: bytes, request: Request) -> list[Failure]:
    try:
        Webhook(secret).verify(body, dict(request.headers))
    except (WebhookVerificationError, ValueError) as error:  # a body that is no JSON, say
        raise NotAllowed("The signature of this call is not valid.") from error
    try:
        data = Call.model_validate_json(body).data
    except ValidationError as error:
        raise Invalid("This call cannot be understood.") from error
    return data if isinstance(data, list) else [data]


@router.post("/cabinet/mails")
def post_wish(request: Request, session: Db, actor: Owner) -> Response:
    """Mail me again: a link goes to the address, to see that it works."""
    ask_for_mails(session, actor=actor, now=platform_of(request).clock())
    return go("/sent")


@router.get("/mails-again/{token}")
def show_again(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The link of that mail. It only shows a button: programs that read mail follow links too."""
    person_of_link(session, platform_of(request), token)
    return render(request, "notifications/mails_again.html", action=request.url.path)


@router.post("/mails-again/{token}")
def post_again(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The address works: mails are sent there from now on."""
    switch_on(session, platform_of(request), token)
    return go("/cabinet", "Mails are sent to you again.")
