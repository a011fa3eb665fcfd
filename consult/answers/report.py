"""The content of a report: what is kept of a consultation for good. Its look is in templates."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.accounts.models import Agency
from consult.answers.queries import Answering, authors
from consult.consultations.models import Consultation
from drafts.models import Draft, DraftVersion
from drafts.queries import provision_texts


def compose_report(
    session: Session, draft: Draft, consultation: Consultation, work: Answering, now: datetime
) -> dict[str, Any]:
    """The report as plain JSON: № · provision · who · proposal · decision · reason · change.

    A snapshot: it says what was known at `now` and never changes afterwards.
    """
    agency = session.get_one(Agency, draft.agency_id)
    version = session.get_one(DraftVersion, consultation.version_id)
    people = authors(session, work.comments)
    texts = provision_texts(session, version.id or 0, [c.wid for c in work.comments if c.wid])
    labels = {wid: row.label or row.number for (wid, _), row in texts.items()}
    decided = work.effective
    rows = []
    for number, comment in enumerate(work.comments, start=1):
        answer = decided[comment.id or 0]
        author = people[comment.author_id]
        issue = work.issues.get(work.groups.get(comment.id or 0, -1))
        rows.append(
            {
                "number": number,
                "receipt": comment.receipt,
                "comment_id": comment.id,
                "wid": comment.wid,
                "provision": labels.get(comment.wid, ""),
                "quote": comment.quote,
                "who": author.organisation or author.name,
                "is_organisation": author.kind == "organisation",
                "region": author.region,
                "lang": comment.lang,
                "kind": comment.kind,
                "stance": comment.stance,
                "proposal": comment.body,
                "proposed": comment.proposed,
                "issue": issue.title if issue else "",
                "outcome": answer.outcome,
                "reason": answer.reason,
                "reason_lang": answer.lang,
                "changed_wid": answer.changed_wid,
                "before": answer.text_before,
                "after": answer.text_after,
            }
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
