"""The content of a report: what is kept of a consultation for good. Its look is in templates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.accounts.models import Agency, Person
from consult.answers.models import Disposition
from consult.answers.queries import Answering, authors
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.spreadsheets import csv_text
from drafts.models import Draft, DraftVersion
from drafts.queries import place_names, provisions


def compose_report(
    session: Session, draft: Draft, consultation: Consultation, work: Answering, now: datetime
) -> dict[str, Any]:
    """The report as plain JSON: № · provision · who · proposal · decision · reason · change.

    A snapshot: it says what was known at `now` and never changes afterwards.
    """
    agency = session.get_one(Agency, draft.agency_id)
    version = session.get_one(DraftVersion, consultation.version_id)
    people = authors(session, consultation.id or 0)
    places = place_names(provisions(session, version.id or 0, version.langs[0]))
    order = {wid: place for place, wid in enumerate(places)}
    decided = work.effective
    rows = []
    for number, comment in enumerate(in_order(work.comments, order), start=1):
        issue = work.issues.get(work.groups.get(comment.id or 0, -1))
        rows.append(
            {"number": number, "provision": places.get(comment.wid, "")}
            | _said(comment, people[comment.author_id])
            | {"issue": issue.title if issue else ""}
            | _decided(decided[comment.id or 0])
        )
    return {
        "draft_id": draft.id,
        "titles": draft.titles,
        "agency": agency.names,
        "act_type": draft.act_type,
        "version": version.n,
        "round": consultation.round,
        "opens_at": consultation.opens_at.isoformat(),
        "closes_at": consultation.closes_at.isoformat(),
        "published_at": now.isoformat(),
        "people": len({c.author_id for c in work.comments}),
        "comments": len(work.comments),
        "rows": rows,
    }


def in_order(comments: Sequence[Comment], order: Mapping[str, int]) -> list[Comment]:
    """In the order of the text, the draft as a whole first, replies after what they reply to."""
    return sorted(comments, key=lambda c: (order.get(c.wid, -1), c.parent_id or c.id, c.id))


def _said(comment: Comment, author: Person) -> dict[str, Any]:
    return {
        "receipt": comment.receipt,
        "comment_id": comment.id,
        "wid": comment.wid,
        "quote": comment.quote,
        "who": author.organisation or author.name,
        "is_organisation": author.kind == "organisation",
        "region": author.region,
        "lang": comment.lang,
        "kind": comment.kind,
        "stance": comment.stance,
        "proposal": comment.body,
        "proposed": comment.proposed,
    }


def _decided(answer: Disposition) -> dict[str, Any]:
    return {
        "outcome": answer.outcome,
        "reason": answer.reason,
        "reason_lang": answer.lang,
        "changed_wid": answer.changed_wid,
        "before": answer.text_before,
        "after": answer.text_after,
    }


WORDS = ("who", "region", "quote", "proposal", "proposed")
COLUMNS = (
    "number",
    "receipt",
    "provision",
    "who",
    "kind",
    "stance",
    "proposal",
    "proposed",
    "issue",
    "outcome",
    "reason",
    "before",
    "after",
)


def as_shown(content: Mapping[str, Any], silenced: Mapping[int, str]) -> dict[str, Any]:
    """The report without the words of those withdrawn or hidden since; their rows stay, marked.

    `silenced` maps a comment id to "withdrawn" or "hidden"; that is put into the row as "gone".
    """

    def shown(row: dict[str, Any]) -> dict[str, Any]:
        gone = silenced.get(row["comment_id"], "")
        return row | {"gone": gone} | (dict.fromkeys(WORDS, "") if gone else {})

    return {**content, "rows": [shown(row) for row in content["rows"]]}


def as_csv(content: Mapping[str, Any]) -> str:
    """The rows of a report as a table for a spreadsheet."""
    return csv_text(COLUMNS, ([row[column] for column in COLUMNS] for row in content["rows"]))
