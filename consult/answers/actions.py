"""What the agency does with comments: group, answer, approve, return.

Who is to answer them is in assigning.py; publishing them is reports/.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_agency
from consult.answers.models import Disposition, Issue, IssueComment
from consult.answers.queries import changed_words, issue_by_id
from consult.answers.rules import ACCEPTING, SETTLED, check_decision, check_second_person
from consult.answers.teamwork.models import InternalNote
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.db import affected
from consult.errors import Conflict, Invalid
from consult.events import CommentsRegrouped
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.actions import hold, set_stage
from drafts.models import Draft
from drafts.queries import latest_version

BATCH = 5000  # ids in one statement


def group_comments(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    comment_ids: Sequence[int],
    title: str,
    issue_id: int | None = None,
    now: datetime,
) -> Issue:
    """Put comments into a new issue (`title`) or an existing one; each leaves its earlier one.

    An answer that so comes to hold for more people goes back to its writer: nobody approves it for
    more than they have seen.
    """
    check_work(session, actor, consultation, draft, "answer", Verb.GROUP)
    chosen = chosen_comments(session, consultation, comment_ids)
    if issue_id is not None:
        issue = issue_by_id(session, consultation.id or 0, issue_id)
    elif title.strip():
        issue = Issue(
            consultation_id=consultation.id or 0,
            title=title.strip()[:200],
            created_by=actor.person_id,
            created_at=now,
        )
        session.add(issue)
        session.flush()
    else:
        raise Invalid("Please say in a few words what these comments are about.", field="title")
    _take_out(session, chosen)
    rows = [{"comment_id": id_, "issue_id": issue.id} for id_ in chosen]
    session.execute(insert(IssueComment), rows)
    session.execute(
        update(Disposition)
        .where(
            col(Disposition.issue_id) == issue.id,
            col(Disposition.state).in_(("submitted", "approved")),
        )
        .values(state="draft", approved_by=None, approved_at=None)
    )
    _regrouped(session, consultation, now)
    return issue


def ungroup(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    comment_ids: Sequence[int],
    now: datetime,
) -> None:
    """Take comments out of the issue they stand in."""
    check_work(session, actor, consultation, draft, "answer", Verb.GROUP)
    _take_out(session, chosen_comments(session, consultation, comment_ids))
    _regrouped(session, consultation, now)


def _take_out(session: Session, comment_ids: Sequence[int]) -> None:
    for some in batches(comment_ids):
        session.execute(delete(IssueComment).where(col(IssueComment.comment_id).in_(some)))


def _regrouped(session: Session, consultation: Consultation, now: datetime) -> None:
    _drop_empty(session, consultation)
    event = CommentsRegrouped(consultation.id or 0, consultation.draft_id)
    outbox.record(session, event, now)


def _drop_empty(session: Session, consultation: Consultation) -> None:
    """Forget the issues nothing stands in any more, unless something was written about them.

    Nobody decides over a colleague's note but who wrote it.
    """
    used = (
        select(column).where(column.is_not(None))
        for column in map(col, (IssueComment.issue_id, Disposition.issue_id, InternalNote.issue_id))
    )
    session.execute(
        delete(Issue).where(
            col(Issue.consultation_id) == consultation.id,
            *(col(Issue.id).not_in(ids) for ids in used),
        )
    )


def decide(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    issue_id: int | None = None,
    comment_id: int | None = None,
    outcome: str,
    reason: str,
    lang: str,
    changed_wid: str = "",
    submit: bool,
    seen: str | None = None,
    now: datetime,
) -> Disposition:
    """Write the answer to an issue or a comment; `submit` hands it to a second person.

    `seen` is the mark of the answer the writer had before them ("" for none): raises Conflict
    when somebody else has written another meanwhile.
    """
    check_work(session, actor, consultation, draft, "answer", Verb.ANSWER)
    reason = reason.strip()
    check_decision(outcome, reason)
    row = _disposition(session, consultation, issue_id, comment_id, actor, now)
    if row.state in SETTLED:
        raise Conflict("This answer is approved already. Ask for its return to change it.")
    if seen is not None and seen != (row.mark if row.id else ""):
        raise Conflict(
            "Somebody else has answered this meanwhile. Your words are kept below; "
            "open the page again in another window to compare."
        )
    row.outcome, row.reason, row.lang = outcome, reason, lang
    row.changed_wid = changed_wid if outcome in ACCEPTING else ""
    row.text_before, row.text_after = _words(session, consultation, row)
    row.state = "submitted" if submit else "draft"
    row.drafted_by, row.drafted_at = actor.person_id, now
    row.returned_note = "" if submit else row.returned_note
    session.add(row)
    session.flush()
    if Stage(draft.stage) is Stage.CLOSED:
        set_stage(session, draft.id or 0, Stage.ANSWERING, now, actor_id=actor.id)
    return row


def drop_answer(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    disposition: Disposition,
) -> None:
    """Take an answer back that is not approved yet; a comment then falls to its group's again."""
    check_work(session, actor, consultation, draft, "answer", Verb.ANSWER)
    gone = session.execute(
        delete(Disposition).where(
            col(Disposition.id) == disposition.id, col(Disposition.state).not_in(SETTLED)
        )
    )
    if affected(gone) != 1:
        raise Conflict("This answer is approved already. Ask for its return to change it.")
    session.expunge(disposition)
    _drop_empty(session, consultation)


def approve(
    session: Session, *, actor: Actor, draft: Draft, disposition: Disposition, now: datetime
) -> None:
    """Let an answer stand; by another person than the one who wrote it."""
    consultation = session.get_one(Consultation, disposition.consultation_id)
    check_work(session, actor, consultation, draft, "approve", Verb.APPROVE)
    check_second_person(disposition.drafted_by, actor.person_id)
    claimed = session.execute(
        update(Disposition)
        .where(
            col(Disposition.id) == disposition.id,
            col(Disposition.state) == "submitted",
            col(Disposition.drafted_at) == disposition.drafted_at,
        )
        .values(state="approved", approved_by=actor.person_id, approved_at=now)
    )
    if affected(claimed) != 1:
        raise Conflict("This answer does not wait for approval.")
    session.refresh(disposition)


def give_back(
    session: Session, *, actor: Actor, draft: Draft, disposition: Disposition, note: str
) -> None:
    """Return an answer to its writer, saying what is missing; an approved one may be returned."""
    consultation = session.get_one(Consultation, disposition.consultation_id)
    check_work(session, actor, consultation, draft, "approve", Verb.APPROVE)
    if not note.strip():
        raise Invalid("Please say what should be changed.", field="note")
    claimed = session.execute(
        update(Disposition)
        .where(
            col(Disposition.id) == disposition.id,
            col(Disposition.state).in_(("submitted", "approved")),
        )
        .values(state="draft", returned_note=note.strip(), approved_by=None, approved_at=None)
    )
    if affected(claimed) != 1:
        raise Conflict("This answer does not wait for approval.")
    session.refresh(disposition)


def as_seen(
    session: Session, consultation: Consultation, marks: Mapping[int, str]
) -> list[Disposition]:
    """The answers with these ids; raises Conflict if one is no longer as its reader saw it."""
    rows = session.exec(
        select(Disposition)
        .where(col(Disposition.id).in_(marks), Disposition.consultation_id == consultation.id)
        .order_by(col(Disposition.id))
    ).all()
    if not rows:
        raise Invalid("Please choose at least one answer.", field="answers")
    if len(rows) < len(marks) or any(row.mark != marks[row.id or 0] for row in rows):
        raise Conflict("An answer was changed since you opened this page. Please look again.")
    return list(rows)


def check_work(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    right: str,
    verb: Verb,
) -> None:
    """Raise unless this may be done now; until it is done, nobody else does anything here."""
    check_agency(actor, right, draft.agency_id)
    hold(session, draft)
    session.refresh(consultation)
    if consultation.reported_at is not None:
        raise Conflict("The report is published: its answers stand as they are.")
    check_allowed(Stage(draft.stage), verb)


def chosen_comments(
    session: Session, consultation: Consultation, comment_ids: Sequence[int]
) -> list[int]:
    """The ids among these that belong to this consultation; raises Invalid when none does."""
    chosen: list[int] = []
    for some in batches(comment_ids):
        query = select(Comment.id).where(
            col(Comment.id).in_(some), Comment.consultation_id == consultation.id
        )
        chosen += [comment_id or 0 for comment_id in session.exec(query).all()]
    if not chosen:
        raise Invalid("Please choose at least one comment.", field="comments")
    return chosen


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in pieces that a statement takes as parameters."""
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


def _disposition(
    session: Session,
    consultation: Consultation,
    issue_id: int | None,
    comment_id: int | None,
    actor: Actor,
    now: datetime,
) -> Disposition:
    """The decision there is on this subject, or a new one."""
    if issue_id is not None:
        issue_by_id(session, consultation.id or 0, issue_id)
        fits = col(Disposition.issue_id) == issue_id
    else:
        comment_id = chosen_comments(session, consultation, [comment_id or 0])[0]
        fits = col(Disposition.comment_id) == comment_id
    found = session.exec(select(Disposition).where(fits).with_for_update()).one_or_none()
    return found or Disposition(
        consultation_id=consultation.id or 0,
        issue_id=issue_id,
        comment_id=None if issue_id is not None else comment_id,
        outcome="",
        lang="",
        drafted_by=actor.person_id,
        drafted_at=now,
    )


def _words(session: Session, consultation: Consultation, row: Disposition) -> tuple[str, str]:
    """A changed provision as it was discussed and as it stands in the newest version."""
    newest = latest_version(session, consultation.draft_id)
    words = changed_words(session, consultation, newest, [row])[row.id or 0]
    if row.changed_wid and not any(words):
        raise Invalid("There is no such provision in this text.", field="changed_wid")
    return words
