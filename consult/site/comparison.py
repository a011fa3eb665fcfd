"""The comparison of any two versions of a draft: its permanent address, in words and as data."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from consult.security import Db, Reader
from consult.site.comparison_view import Look, body_html, part_of
from consult.site.drafts import TextLang, draft_context, open_page
from consult.web import go, language_of, platform_of, render
from drafts.compared import compare_versions, newest_change
from drafts.versions.aligning import ChangeKind
from drafts.versions.comparing import counts

router = APIRouter()

Number = Annotated[int | None, Query(ge=1, lt=2**31)]


async def look(
    text: TextLang = "",
    view: Literal["inline", "side"] = "inline",
    only: Literal["changes", "all"] = "changes",
    kind: ChangeKind | None = None,
    part: Annotated[int, Query(ge=1, le=9999)] = 1,
    everything: Annotated[bool, Query(alias="all")] = False,
) -> Look:
    """What the address says."""
    return Look(view, only, kind, part, everything, text)


Looking = Annotated[Look, Depends(look)]


@router.get("/drafts/{draft_id}/comparison")
def read_newest(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    wanted: Looking,
    version: Number = None,
    old: Annotated[Number, Query(alias="from")] = None,
    new: Annotated[Number, Query(alias="to")] = None,
    at: str = "",
) -> Response:
    """Leads to the permanent address of a comparison: with the version before, of the newest.

    `at` is a provision: it leads to the newest version in which that was changed.
    """
    page = open_page(request, session, draft_id, actor, wanted.text, version)
    changed = newest_change(session, page.versions, at) if at and not (new or version) else None
    after = new or changed or page.version.n
    before = old or max((v.n for v in page.versions if v.n < after), default=0)
    if not before:
        context = draft_context(request, page, "comparison")
        return render(request, "site/comparison.html", compared=None, **context)
    base = f"/drafts/{draft_id}/comparison/{min(before, after)}/{max(before, after)}"
    return go(replace(wanted, base=base).to(at))


@router.get("/drafts/{draft_id}/comparison/{old}/{new}.json")
def read_data(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    old: int,
    new: int,
    text: TextLang = "",
) -> Response:
    """The same for machines, as `consult compare --json` prints it."""
    first, last = sorted((old, new))
    page = open_page(request, session, draft_id, actor, text, last)
    found = compare_versions(session, page.versions, first, last, [text, page.lang])
    return JSONResponse(found.data())


@router.get("/drafts/{draft_id}/comparison/{old}/{new}")
def read_comparison(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    old: int,
    new: int,
    wanted: Looking,
    at: str = "",
) -> Response:
    """What changed from one version to another, word by word; `at` is a provision to be shown."""
    first, last = sorted((old, new))
    wanted = replace(wanted, base=f"/drafts/{draft_id}/comparison/{first}/{last}")
    page = open_page(request, session, draft_id, actor, wanted.text, last)
    if old > new:
        return go(wanted.to(at))
    found = compare_versions(session, page.versions, old, new, [wanted.text, page.lang])
    part = part_of(found, wanted, at)
    lang, zone = language_of(request), platform_of(request).pack.tz
    return render(
        request,
        "site/comparison.html",
        compared=found,
        look=replace(wanted, part=part.n),
        part=part,
        counts=counts(found.rows),
        between=[version for version in page.versions if old < version.n <= new],
        choices=[(version.n, version.n) for version in page.versions],
        body=body_html(found, part, wanted.view == "side", lang, zone),
        **draft_context(request, page, "comparison"),
    )
