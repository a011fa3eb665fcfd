"""Pages: what is stored about people and why; taking away one's own data."""

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from starlette.background import BackgroundTask

from consult.access import Actor
from consult.accounts.forms import ChosenPassword
from consult.accounts.queries import owner_by_password
from consult.accounts.second_factor.queries import check_may_change
from consult.audit.actions import note
from consult.forms import Form, Posted
from consult.platform import Platform
from consult.privacy.export import Taking, write_data
from consult.privacy.holdings import HOLDINGS
from consult.privacy.rules import how_long
from consult.privacy.service import SERVICE
from consult.security import Allow, Db, Reader, sign_in_token
from consult.web import platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Asked = Annotated[Actor, Depends(Allow("cabinet", "sign_in"))]  # a password may be guessed here
PIECE = 65_536  # bytes


@router.get("/privacy")
def show_privacy(request: Request, _actor: Reader) -> Response:
    """What is stored about people, why, how long, who sees it, what becomes of it."""
    values = platform_of(request).settings.model_dump()
    return render(
        request,
        "privacy/privacy.html",
        people=[one for one in HOLDINGS if one not in SERVICE],
        service=SERVICE,
        kept={one.key: how_long(one.keep, values) for one in HOLDINGS},
    )


@router.get("/cabinet/data")
def show_data(request: Request, session: Db, actor: Owner) -> Response:
    """The way to one's data. Who has a second factor shows it first."""
    check_may_change(session, actor, sign_in_token(request), platform_of(request).clock())
    return _data_page(request, Form[ChosenPassword]())


@router.post("/cabinet/data")
def take_data(request: Request, session: Db, actor: Asked, posted: Posted) -> Response:
    """Everything that is held about me, as a file; for whoever knows the password, and noted."""
    platform = platform_of(request)
    form = Form[ChosenPassword](posted).check(ChosenPassword)
    if form.ok:
        with form.attempt(session):  # made before anything is written: there is one writer
            content = _made(platform, actor, sign_in_token(request), form.value.password)
            size = content.seek(0, 2)
            _note(session, actor, platform)
    if not form.ok:
        return _data_page(request, form)
    content.seek(0)
    headers = {
        "Content-Disposition": 'attachment; filename="my-data.zip"',
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        _pieces(content),
        media_type="application/zip",
        headers=headers,
        background=BackgroundTask(content.close),
    )


def _made(platform: Platform, actor: Actor, token: str, password: str) -> IO[bytes]:
    """The file, on disk and without a name; raises Invalid for a wrong password."""
    now = platform.clock()
    with platform.database.steady() as reading:
        person = owner_by_password(reading, actor.person_id, password, "password")
        check_may_change(reading, actor, token, now)
        content: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is sent
        write_data(Taking(reading, platform, person, now), content)
    return content


def _note(session: Db, actor: Actor, platform: Platform) -> None:
    id_ = actor.person_id
    note(session, "data_taken", actor_id=id_, subject_id=id_, now=platform.clock())


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(PIECE):
        yield piece


def _data_page(request: Request, form: Form[ChosenPassword]) -> Response:
    return render(request, "privacy/data.html", status=form.status, form=form)
