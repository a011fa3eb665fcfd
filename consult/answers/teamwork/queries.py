"""Reads of what colleagues share: notes about comments and groups, ready-made wordings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from consult.access import Actor
from consult.accounts.models import Agency, Person
from consult.answers.models import Issue
from consult.answers.teamwork.models import AnswerTemplate, InternalNote
from consult.comments.models import Comment
from consult.errors import NotFound


@dataclass(frozen=True, slots=True)
class Note:
    """A note and who wrote it."""

    row: InternalNote
    author: str


def notes_on(
    session: Session, comment_ids: Collection[int] = (), issue_ids: Collection[int] = ()
) -> list[Note]:
    """The notes about some comments and groups, the first first, in one query."""
    about = or_(
        col(InternalNote.comment_id).in_(comment_ids), col(InternalNote.issue_id).in_(issue_ids)
    )
    rows = session.execute(
        select(InternalNote, Person.name)
        .join(Person, col(Person.id) == col(InternalNote.author_id))
        .where(about)
        .order_by(col(InternalNote.written_at), col(InternalNote.id))
    ).all()
    return [Note(*row) for row in rows]


def note_by_id(session: Session, consultation_id: int, note_id: int) -> InternalNote:
    """One note about something said in this consultation; raises NotFound."""
    note = session.get(InternalNote, note_id)
    about = None
    if note is not None and note.comment_id is not None:
        about = session.get_one(Comment, note.comment_id).consultation_id
    elif note is not None:
        about = session.get_one(Issue, note.issue_id).consultation_id
    if note is None or about != consultation_id:
        raise NotFound("There is no such note.")
    return note


def offered(session: Session, agency_id: int) -> list[AnswerTemplate]:
    """The wordings an agency offers now, by name."""
    query = select(AnswerTemplate).where(
        AnswerTemplate.agency_id == agency_id, col(AnswerTemplate.archived_at).is_(None)
    )
    return list(session.exec(query.order_by(AnswerTemplate.title, col(AnswerTemplate.id))).all())


def template_by_id(session: Session, template_id: int) -> AnswerTemplate:
    """One wording, archived or not; raises NotFound."""
    template = session.get(AnswerTemplate, template_id)
    if template is None:
        raise NotFound("There is no such template.")
    return template


def templates_of(
    session: Session, agency_ids: Collection[int]
) -> Sequence[tuple[AnswerTemplate, str]]:
    """All wordings of some agencies with who wrote them: those offered first, by name."""
    rows = session.execute(
        select(AnswerTemplate, Person.name)
        .join(Person, col(Person.id) == col(AnswerTemplate.written_by))
        .where(col(AnswerTemplate.agency_id).in_(agency_ids))
        .order_by(
            col(AnswerTemplate.archived_at).is_not(None),
            col(AnswerTemplate.title),
            col(AnswerTemplate.id),
        )
    ).all()
    return [(row, name) for row, name in rows]


def served(session: Session, actor: Actor) -> dict[int, Agency]:
    """The agencies whose answers somebody at the desk works on, by id."""
    held = actor.held_for("desk")
    rows = session.exec(select(Agency).order_by(Agency.code)).all()
    return {row.id or 0: row for row in rows if not held or row.id in held}
