"""Pages for taking a text away: what there is, and each file under an address that stays."""

import re
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from consult.access import Actor
from consult.accounts.models import Agency
from consult.errors import NotFound
from consult.exports.formats import FORMATS, Format
from consult.exports.keeping import Kept
from consult.exports.queries import Edition, count_remarks, edition_for, readable_versions
from consult.exports.stamps import stamp_of
from consult.platform import Platform
from consult.security import Db, Reader
from consult.web import platform_of, render
from drafts.comparative.queries import counts
from drafts.queries import draft_for

router = APIRouter()

NAMED = {form.ending: form for form in FORMATS.values()}
LONGEST = 80  # characters of a title in the name of a file
UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')  # no file is called so somewhere

_KEPT = Kept(64_000_000)  # bytes: some twenty of the largest files
_MAKING = CapacityLimiter(1)


class File(NamedTuple):
    """A file for whoever has not what its `tag` names; no `content` while it is not made."""

    tag: str
    media_type: str
    title: str
    name: str
    content: bytes | None


@router.get("/drafts/{draft_id}/downloads")
def downloads(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """What there is to take away: each version, in each language, in each form."""
    draft = draft_for(session, draft_id, actor)
    shown = readable_versions(session, draft, actor)
    remarks = count_remarks(session, draft_id, shown)
    tables = counts(session, [version.id or 0 for version in shown])

    def offered(edition: Edition) -> list[Format]:
        version = edition.version
        there = {"": 1, "remarks": remarks[version.n]}
        there["table"] = tables.get((version.id or 0, edition.lang), 0)
        return [form for form in FORMATS.values() if there[form.needs]]

    editions = [
        [Edition(draft, version, code) for code in version.langs] for version in reversed(shown)
    ]
    return render(
        request,
        "exports/downloads.html",
        draft=draft,
        agency=session.get_one(Agency, draft.agency_id),
        versions=[
            (each[0].version, [(edition, offered(edition)) for edition in each])
            for each in editions
        ],
        remarks=remarks,
    )


@router.get("/drafts/{draft_id}/versions/{n}")
def version_page(session: Db, actor: Reader, draft_id: int, n: int) -> Response:
    """The permanent address of a version leads to where it is read."""
    edition = edition_for(session, draft_id, actor, n)
    return RedirectResponse(f"/drafts/{edition.draft.id}?version={edition.version.n}", 302)


@router.get("/drafts/{draft_id}/versions/{n}/{name}")
async def download(request: Request, actor: Reader, draft_id: int, n: int, name: str) -> Response:
    """A file; one that has not changed since it was fetched is neither made nor sent again.

    Files are made one after another in a thread apart. Whoever waits for theirs holds neither a
    thread nor a connection, so that the other pages are answered however many files are asked for.
    """
    asked = (platform_of(request), actor, draft_id, n, name)
    file = await run_sync(_file, *asked)
    known = file.tag in request.headers.get("if-none-match", "").split(", ")
    if file.content is None and not known:
        file = await run_sync(partial(_file, make=True), *asked, limiter=_MAKING)
    return Response(status_code=304, headers={"ETag": file.tag}) if known else file_answer(file)


def _file(
    platform: Platform, actor: Actor, draft_id: int, n: int, name: str, *, make: bool = False
) -> File:
    """A file as far as it is kept, or whole. Raises NotFound."""
    form = NAMED.get(name[2:])
    if form is None:
        raise NotFound("There is no such page.")
    with platform.database.reading() as session:
        edition = edition_for(session, draft_id, actor, n, name[:2])
        stamp = stamp_of(session, edition, form, platform)
        content = _KEPT.get((platform.database, stamp))
        if content is None and make:
            content = form.write(session, edition, platform)
            _KEPT.put((platform.database, stamp), content)
        return File(f'W/"{stamp}"', form.media_type, edition.title, f"v{n}-{name}", content)


def file_answer(file: File) -> Response:
    """A file to save under a title and an ASCII name."""
    spoken = f"{UNFIT.sub(' ', file.title).strip()[:LONGEST].strip(' .')} {file.name}".strip()
    told = f"attachment; filename=\"{file.name}\"; filename*=UTF-8''{quote(spoken, safe='')}"
    headers = {"Content-Disposition": told, "ETag": file.tag}
    return Response(file.content, media_type=file.media_type, headers=headers)
