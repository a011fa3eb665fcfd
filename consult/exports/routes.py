"""Pages for taking a text away: what there is, and each file under an address that stays."""

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from consult.access import Actor
from consult.accounts.models import Agency
from consult.errors import NotFound
from consult.exports.formats import FORMATS, Format
from consult.exports.queries import Edition, count_remarks, edition_for, readable_versions
from consult.exports.stamps import stamp_of
from consult.files import File, file_made
from consult.kept import KEPT
from consult.platform import Platform
from consult.security import Db, Reader
from consult.web import platform_of, render
from drafts.comparative.queries import counts
from drafts.queries import draft_for

router = APIRouter()

NAMED = {form.ending: form for form in FORMATS.values()}


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
    """A file of a version, made when it is asked for."""
    asked = (platform_of(request), actor, draft_id, n, name)
    return await file_made(request, partial(_file, *asked))


def _file(platform: Platform, actor: Actor, draft_id: int, n: int, name: str, make: bool) -> File:
    """A file as far as it is kept, or whole. Raises NotFound."""
    form = NAMED.get(name[2:])
    if form is None:
        raise NotFound("There is no such page.")
    with platform.database.reading() as session:
        edition = edition_for(session, draft_id, actor, n, name[:2])
        stamp = stamp_of(session, edition, form, platform)
        content = KEPT.get((platform.database, stamp))
        if content is None and make:
            content = form.write(session, edition, platform)
            KEPT.put((platform.database, stamp), content)
        return File(f'W/"{stamp}"', form.media_type, edition.title, f"v{n}-{name}", content)
