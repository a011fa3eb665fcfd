"""Pages for taking a text away: what there is, and each file under an address that stays."""

import hashlib
import re
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from consult.access import Actor
from consult.accounts.models import Agency
from consult.errors import NotFound
from consult.exports.formats import FORMATS, Format
from consult.exports.queries import (
    Edition,
    count_remarks,
    edition_for,
    readable_versions,
)
from consult.security import Db, Reader
from consult.web import platform_of, render
from drafts.comparative.queries import counts
from drafts.queries import draft_for

router = APIRouter()

NAMED = {form.ending: form for form in FORMATS.values()}
LONGEST = 80  # characters of a title in the name of a file
UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')  # no file is called so somewhere


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
def download(
    request: Request, session: Db, actor: Reader, draft_id: int, n: int, name: str
) -> Response:
    """A file; one that has not changed since it was fetched is not sent again."""
    edition, form = _asked(session, actor, draft_id, n, name)
    content = form.write(session, edition, platform_of(request))
    return file_answer(request, content, form.media_type, edition.title, f"v{n}-{name}")


def _asked(session: Db, actor: Actor, draft_id: int, n: int, name: str) -> tuple[Edition, Format]:
    form = NAMED.get(name[2:])
    if form is None:
        raise NotFound("There is no such page.")
    return edition_for(session, draft_id, actor, n, name[:2]), form


def file_answer(
    request: Request, content: bytes, media_type: str, title: str, name: str
) -> Response:
    """A file to save under a title and an ASCII name; 304 to whoever has these bytes already."""
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", "").split(", "):
        return Response(status_code=304, headers={"ETag": tag})
    spoken = f"{UNFIT.sub(' ', title).strip()[:LONGEST].strip(' .')} {name}".strip()
    told = f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(spoken, safe='')}"
    headers = {"Content-Disposition": told, "ETag": tag}
    return Response(content, media_type=media_type, headers=headers)
