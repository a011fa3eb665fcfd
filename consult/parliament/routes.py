"""The brief of a bill as a file. Its page, and those of committees, stand in consult/site."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.files import File, file_made
from consult.i18n.catalogues import LANGUAGES
from consult.parliament.printing import edition_of
from consult.platform import Platform
from consult.security import Allow
from consult.web import language_of, platform_of

router = APIRouter()

Parliamentarian = Annotated[Actor, Depends(Allow("brief"))]


@router.get("/drafts/{draft_id}/brief.pdf")
async def brief_file(
    request: Request,
    actor: Parliamentarian,
    draft_id: int,
    lang: str = "",
) -> Response:
    """One page of paper on a bill for those who vote on it, in a language of the site."""
    platform = platform_of(request)
    spoken = lang if lang in LANGUAGES else language_of(request)
    find = partial(_file, platform, actor, draft_id, spoken)
    return await file_made(request, find)


def _file(platform: Platform, actor: Actor, draft_id: int, lang: str, make: bool) -> File:
    now = platform.clock()
    with platform.database.reading() as session:
        made = edition_of(session, draft_id, actor, lang, platform, now=now, make=make)
    name = f"brief-{draft_id}-{lang}.pdf"
    return File(f'W/"{made.stamp}"', "application/pdf", made.title, name, made.content)
