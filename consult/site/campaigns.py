"""Pages of what many have sent in the same words: a draft's campaigns, and the texts of one."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from consult.campaigns.queries import (
    Campaign,
    Variant,
    campaign,
    campaigns,
    counts,
    variants,
)
from consult.campaigns.rules import ALIKE, ALIKE_SHORT, LONG, SHORT
from consult.comments.models import Comment
from consult.security import Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.web import render
from drafts.queries import draft_for

router = APIRouter()

After = Annotated[str, Query(max_length=24)]
PAGE = 20
DATA = 500  # clusters in a file; the next address stands in it
METHOD = {"words": LONG, "share": ALIKE, "short_share": ALIKE_SHORT, "exact_below": SHORT}


@router.get("/drafts/{draft_id}/campaigns")
def read_campaigns(
    request: Request, session: Db, actor: Reader, draft_id: int, after: After = ""
) -> Response:
    """The texts that many people sent, the most often sent first."""
    page = open_page(request, session, draft_id, actor)
    found, older = campaigns(session, draft_id, cursor=after, limit=PAGE)
    return render(
        request,
        "campaigns/list.html",
        campaigns=found,
        older=older,
        after=after,
        texts=counts(session, draft_id),
        method=METHOD,
        **draft_context(request, page, "discussion"),
    )


@router.get("/drafts/{draft_id}/campaigns.json")
def campaigns_json(session: Db, actor: Reader, draft_id: int, after: After = "") -> Response:
    """The same as JSON, with the next address while there is more."""
    draft_for(session, draft_id, actor)
    submissions, distinct = counts(session, draft_id)
    found, older = campaigns(session, draft_id, cursor=after, limit=DATA)
    return JSONResponse(
        {
            "submissions": submissions,
            "distinct": distinct,
            "clusters": [_facts(one) for one in found],
            "per_page": DATA,
            "next": f"/drafts/{draft_id}/campaigns.json?after={older}" if older else None,
        }
    )


@router.get("/drafts/{draft_id}/campaigns/{number}.json")
def campaign_json(
    session: Db, actor: Reader, draft_id: int, number: int, after: After = ""
) -> Response:
    """One campaign as JSON, with its texts and what was added to each: as many as on the page,
    for what was added is worked out text by text.
    """
    draft_for(session, draft_id, actor)
    of = campaign(session, draft_id, number)
    found, older = variants(session, of, cursor=after, limit=PAGE)
    address = f"/drafts/{draft_id}/campaigns/{number}.json"
    return JSONResponse(
        {
            **_facts(of),
            "texts": [_text_facts(one) for one in found],
            "per_page": PAGE,
            "next": f"{address}?after={older}" if older else None,
        }
    )


@router.get("/drafts/{draft_id}/campaigns/{number}")
def read_campaign(
    request: Request, session: Db, actor: Reader, draft_id: int, number: int, after: After = ""
) -> Response:
    """One campaign: its text, and every other wording with what its author added."""
    page = open_page(request, session, draft_id, actor)
    of = campaign(session, draft_id, number)
    found, older = variants(session, of, cursor=after, limit=PAGE)
    return render(
        request,
        "campaigns/campaign.html",
        of=of,
        variants=found,
        older=older,
        after=after,
        **draft_context(request, page, "discussion"),
    )


def _facts(of: Campaign) -> dict[str, Any]:
    cluster = of.cluster
    return {
        "id": cluster.id,
        "medoid": _said(of.medoid) if of.medoid else None,
        "submissions": cluster.submissions,
        "distinct": cluster.distinct_n,
        "first_at": cluster.first_at.isoformat(),
        "last_at": cluster.last_at.isoformat(),
    }


def _said(comment: Comment) -> dict[str, Any]:
    return {"id": comment.id, "receipt": comment.receipt, "body": comment.body}


def _text_facts(one: Variant) -> dict[str, Any]:
    return {
        **_said(one.comment),
        "submissions": one.submissions,
        "likeness": round(one.likeness, 3),
        "added": one.residue,
    }
