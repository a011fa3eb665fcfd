"""The command that tells what comments on a draft are one text: for a person, another program."""

import json
from collections.abc import Iterator
from datetime import tzinfo
from typing import Annotated, Any

import typer
from sqlmodel import Session

from consult.campaigns.queries import Campaign, campaigns, counts, members
from consult.campaigns.reclustering import recluster
from consult.cli.start import OPERATOR, Number, open_platform
from consult.procedure.deadlines import local_day
from drafts.queries import draft_for

app = typer.Typer()
AT_ONCE = 200  # clusters read together
WORDS = 60  # characters of a text shown in the table


@app.command("campaigns")
def campaigns_command(
    draft: Number, as_json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Compare all comments on a draft anew, and list the texts that many have sent."""
    platform = open_platform()
    with platform.database.reading() as session:
        draft_for(session, draft, OPERATOR)
    recluster(platform.database, draft)
    with platform.database.reading() as session:
        lines = _json_lines(session, draft) if as_json else _table(session, draft, platform.pack.tz)
        for line in lines:
            typer.echo(line)


def _every(session: Session, draft_id: int) -> Iterator[Campaign]:
    cursor = "first"
    while cursor:
        found, cursor = campaigns(session, draft_id, cursor=cursor, limit=AT_ONCE)
        yield from found


def _json_lines(session: Session, draft_id: int) -> Iterator[str]:
    """One object, a cluster a line; it is whole only when its last line has come."""
    submissions, distinct = counts(session, draft_id)
    yield f'{{"submissions": {submissions}, "distinct": {distinct}, "clusters": ['
    before = ""
    for campaign in _every(session, draft_id):
        yield before + json.dumps(_facts(session, campaign), ensure_ascii=False)
        before = ","
    yield "]}"


def _facts(session: Session, campaign: Campaign) -> dict[str, Any]:
    cluster, medoid = campaign.cluster, campaign.medoid
    return {
        "id": cluster.id,
        "medoid": {"id": medoid.id, "receipt": medoid.receipt, "body": medoid.body}
        if medoid
        else None,
        "submissions": cluster.submissions,
        "distinct": cluster.distinct_n,
        "first_at": cluster.first_at.isoformat(),
        "last_at": cluster.last_at.isoformat(),
        "members": [
            {
                "id": member.comment_id,
                "receipt": member.receipt,
                "text": member.text,
                "likeness": round(member.likeness, 3),
            }
            for member in members(session, cluster)
        ],
    }


def _table(session: Session, draft_id: int, tz: tzinfo) -> Iterator[str]:
    submissions, distinct = counts(session, draft_id)
    yield f"{submissions} comments, {distinct} different texts."
    for campaign in _every(session, draft_id):
        cluster, medoid = campaign.cluster, campaign.medoid
        words = " ".join(medoid.body.split()) if medoid else ""
        words = words if len(words) <= WORDS else f"{words[:WORDS]}…"
        first, last = (local_day(at, tz) for at in (cluster.first_at, cluster.last_at))
        yield (
            f"{cluster.id:>6}  {cluster.submissions:>7} sent  {cluster.distinct_n:>6} texts  "
            f"{first} – {last}  {words}"
        )
