"""The comparative table of a draft as everybody reads it: in force, proposed, why."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.errors import NotFound
from consult.security import Db, Reader
from consult.site.drafts import TextLang, draft_context, open_page
from consult.web import render
from drafts.comparative.queries import counts, rows_of, words_of
from drafts.comparative.rows import differences
from drafts.queries import place_names, provisions

router = APIRouter()


@router.get("/drafts/{draft_id}/comparative-table")
def read_table(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    text: TextLang = "",
    version: Annotated[int | None, Query()] = None,
) -> Response:
    """The table of a version, by default of the newest that has one, in a language it has it in."""
    page = open_page(request, session, draft_id, actor, text, version)
    there = counts(session, [each.id or 0 for each in page.versions])
    n_of = {each.id: each.n for each in page.versions}
    shown = sorted({n_of[id_] for id_, _ in there})
    if version is None and shown and page.version.n not in shown:
        page = open_page(request, session, draft_id, actor, text, shown[-1])
    langs = [code for code in page.version.langs if (page.version.id, code) in there]
    if not langs:
        raise NotFound("This version has no comparative table.")
    if page.lang not in langs:
        page = open_page(request, session, draft_id, actor, langs[0], page.version.n)
    rows = [words_of(row) for row in rows_of(session, page.version.id or 0, page.lang)]
    return render(
        request,
        "comparative/table.html",
        rows=rows,
        differences=[differences(row) for row in rows],
        names=place_names(provisions(session, page.version.id or 0, page.lang)),
        langs=langs,
        others=[n for n in shown if n != page.version.n],
        **draft_context(request, page, "comparative"),
    )
