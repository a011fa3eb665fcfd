"""The comparison of two versions of a draft."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.security import Db, Reader
from consult.site.drafts import TextLang, draft_context, open_page
from consult.web import render
from drafts.diffing import word_pieces
from drafts.queries import changes, load_tree
from drafts.tree import Node

router = APIRouter()


@router.get("/drafts/{draft_id}/comparison")
def read_comparison(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    text: TextLang = "",
    version: Annotated[int | None, Query()] = None,
) -> Response:
    """What changed from the version before, word by word."""
    page = open_page(request, session, draft_id, actor, text, version)
    before = next((v for v in page.versions if v.n == page.version.n - 1), None)
    pairs = []
    if before is not None:
        lang = page.lang if page.lang in before.langs else before.langs[0]
        old = {node.wid: node for node in load_tree(session, before.id or 0, lang).walk()}
        new = {node.wid: node for node in load_tree(session, page.version.id or 0, lang).walk()}
        pairs = [
            {
                "kind": change.kind,
                "wid": change.new_wid or change.old_wid,
                "node": new.get(change.new_wid) or old.get(change.old_wid),
                "words": _difference(old.get(change.old_wid), new.get(change.new_wid)),
            }
            for change in changes(session, page.version.id or 0)
            if change.kind != "same"
        ]
    return render(
        request,
        "site/comparison.html",
        pairs=pairs,
        before=before,
        **draft_context(request, page, "comparison"),
    )


def _difference(old: Node | None, new: Node | None) -> list[tuple[str, str]]:
    before, after = (f"{node.heading}\n{node.text}".strip() if node else "" for node in (old, new))
    return word_pieces(before, after)
