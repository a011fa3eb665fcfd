"""What colleagues do for each other: leave notes, keep ready-made wordings."""

from datetime import datetime

from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.answers.teamwork.models import AnswerTemplate, InternalNote
from consult.answers.teamwork.rules import check_note, check_own_note, check_template
from drafts.models import Draft


def write_note(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    comment_id: int | None = None,
    issue_id: int | None = None,
    body: str,
    now: datetime,
) -> InternalNote:
    """Leave a note on a comment or a group of this draft, at any stage; raises Invalid."""
    check_agency(actor, "desk", draft.agency_id)
    body = body.strip()
    check_note(body)
    note = InternalNote(
        comment_id=comment_id,
        issue_id=issue_id,
        author_id=actor.person_id,
        body=body,
        written_at=now,
    )
    session.add(note)
    session.flush()
    return note


def delete_note(session: Session, *, actor: Actor, draft: Draft, note: InternalNote) -> None:
    """Delete one's own note; raises NotAllowed for a colleague's."""
    check_agency(actor, "desk", draft.agency_id)
    check_own_note(note.author_id, actor.person_id)
    session.delete(note)


def write_template(
    session: Session,
    *,
    actor: Actor,
    agency_id: int,
    title: str,
    outcome: str,
    lang: str,
    reason: str,
    now: datetime,
) -> AnswerTemplate:
    """Keep a wording that answers of an agency may begin with; raises Invalid."""
    check_agency(actor, "answer", agency_id)
    title, reason = title.strip(), reason.strip()
    check_template(title, outcome, reason)
    template = AnswerTemplate(
        agency_id=agency_id,
        title=title,
        outcome=outcome,
        lang=lang,
        reason=reason,
        written_by=actor.person_id,
        written_at=now,
    )
    session.add(template)
    session.flush()
    return template


def archive_template(
    session: Session, *, actor: Actor, template: AnswerTemplate, now: datetime
) -> None:
    """Offer a wording no longer; the answers that began with it stay as they are."""
    check_agency(actor, "answer", template.agency_id)
    template.archived_at = template.archived_at or now
    session.add(template)
