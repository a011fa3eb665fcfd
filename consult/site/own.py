"""What a person's cabinet shows, read in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.accounts.models import Agency, Person
from consult.accounts.organisations.queries import organisation_names
from consult.accounts.queries import agencies
from consult.anchors.queries import (
    Question,
    count_open_questions,
    open_questions,
    passages,
    questions_about,
)
from consult.answers.models import Disposition
from consult.answers.queries import published_for
from consult.comments.models import Comment
from consult.comments.queries import comments_of
from consult.cosigning.models import Signature
from consult.cosigning.queries import count_signed, signed_by
from consult.naming import PublicName
from consult.obligations.ledger.rules import Stored
from consult.obligations.models import Obligation
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack
from consult.procedure.stages import Stage
from consult.templating import change_url
from consult.votes.models import Vote
from drafts.models import Draft
from drafts.queries import places_in
from drafts.versions.diffing import word_pieces
from notifications.models import Subscription
from notifications.queries import unread

IN_REVIEW = frozenset({Stage.CLOSED, Stage.ANSWERING})


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each there is in a cabinet."""

    comments: int
    votes: int
    signed: int
    following: int
    unread: int
    changed: int  # comments whose text changed, and of which it is not said whether they matter
    mail_off: bool  # mails to the person came back, and none are sent any more


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment as its author sees it. `place` is the provision in words, "" for the draft.

    `organisation` is the one they spoke for, "" if for themselves.
    """

    comment: Comment
    draft: Draft
    agency: Agency
    place: str
    organisation: str
    answer: Disposition | None
    due_at: datetime | None
    question: Question | None

    @property
    def in_review(self) -> bool:
        return Stage(self.draft.stage) in IN_REVIEW

    @property
    def changed_url(self) -> str:
        """Where the text is shown as it was and is, if it was changed because of the comment."""
        wid = self.answer.changed_wid if self.answer else ""
        return change_url(self.draft.id or 0, wid)

    @property
    def changed_words(self) -> list[tuple[str, str]]:
        """The text before and after in pieces; empty when it stayed as it was."""
        answer = self.answer
        if answer is None or answer.text_before == answer.text_after:
            return []
        return word_pieces(answer.text_before, answer.text_after)


def counts(session: Session, person_id: int) -> Counts:
    """What the head of the cabinet says."""

    def number(model: type[Comment | Vote | Subscription], owner: object) -> int:
        query = select(func.count()).select_from(model).where(col(owner) == person_id)
        return int(session.exec(query).one())

    return Counts(
        comments=number(Comment, Comment.author_id),
        votes=number(Vote, Vote.person_id),
        signed=count_signed(session, person_id),
        following=number(Subscription, Subscription.person_id),
        unread=unread(session, person_id),
        changed=count_open_questions(session, person_id),
        mail_off=session.get_one(Person, person_id).mail_off_at is not None,
    )


def own_comments(
    session: Session, pack: RulePack, person_id: int, before: int | None, limit: int
) -> tuple[list[OwnComment], bool]:
    """A page of a person's comments, newest first, and whether there are older ones."""
    found = comments_of(session, person_id, before, limit)
    shown = found[:limit]
    drafts = _drafts(session, shown)
    places = places_in(session, {_place_of(comment) for comment in shown if comment.wid})
    answers = published_for(session, [comment.id or 0 for comment in shown])
    due = _answers_due(session, pack, shown)
    bodies = agencies(session)
    asked = questions_about(session, [comment.id or 0 for comment in shown])
    spoken_for = organisation_names(
        session, {comment.organisation_id for comment in shown if comment.organisation_id}
    )
    rows = [
        OwnComment(
            comment=comment,
            draft=drafts[comment.draft_id],
            agency=bodies[drafts[comment.draft_id].agency_id],
            place=places.get(_place_of(comment), ""),
            organisation=spoken_for.get(comment.organisation_id or 0, ""),
            answer=answers.get(comment.id or 0),
            due_at=due.get(comment.consultation_id),
            question=asked.get(comment.id or 0),
        )
        for comment in shown
    ]
    return rows, len(found) > limit


@dataclass(frozen=True, slots=True)
class Signed:
    """A comment of somebody else that a person signed, with what became of it."""

    comment: Comment
    mine: Signature
    who: PublicName
    draft: Draft
    agency: Agency
    answer: Disposition | None


def signed_comments(
    session: Session, person_id: int, before: int | None, limit: int
) -> tuple[list[Signed], bool]:
    """A page of what a person signed, the newest comments first, and whether there are older."""
    found = signed_by(session, person_id, before, limit)
    shown = found[:limit]
    drafts = _drafts(session, [comment for comment, _, _ in shown])
    answers = published_for(session, [comment.id or 0 for comment, _, _ in shown])
    bodies = agencies(session)
    rows = [
        Signed(
            comment=comment,
            mine=mine,
            who=author,
            draft=drafts[comment.draft_id],
            agency=bodies[drafts[comment.draft_id].agency_id],
            answer=answers.get(comment.id or 0),
        )
        for comment, mine, author in shown
    ]
    return rows, len(found) > limit


@dataclass(frozen=True, slots=True)
class Changed:
    """A comment whose text changed, with the words before and after."""

    question: Question
    draft: Draft
    words: list[tuple[str, str]]  # pieces of the difference; none if only what is below changed


def changed_comments(
    session: Session, person_id: int, before: int | None, limit: int
) -> tuple[list[Changed], bool]:
    """A page of what a person has not said of their comments yet, and whether there is more."""
    found = open_questions(session, person_id, before, limit)
    shown = found[:limit]
    drafts = _drafts(session, [question.comment for question in shown])
    texts = passages(session, shown)
    rows = [Changed(q, drafts[q.comment.draft_id], texts[q.comment.id or 0].words) for q in shown]
    return rows, len(found) > limit


def _place_of(comment: Comment) -> tuple[int, str, str]:
    return comment.version_id, comment.anchor_lang, comment.wid


def _drafts(session: Session, comments: Sequence[Comment]) -> dict[int, Draft]:
    ids = {comment.draft_id for comment in comments}
    rows = session.exec(select(Draft).where(col(Draft.id).in_(ids))).all()
    return {draft.id or 0: draft for draft in rows}


def _answers_due(
    session: Session, pack: RulePack, comments: Sequence[Comment]
) -> dict[int, datetime]:
    """Until when the comments of each consultation must be answered, once that clock runs."""
    duties = [duty.code for duty in pack.duty if duty.evidence is Evidence.ANSWER]
    rows = session.execute(
        select(Obligation.consultation_id, func.min(Obligation.due_at))
        .where(
            col(Obligation.consultation_id).in_({c.consultation_id for c in comments}),
            col(Obligation.duty).in_(duties),
            Obligation.state == Stored.RUNNING.value,
        )
        .group_by(col(Obligation.consultation_id))
    ).all()
    return {consultation_id: due_at for consultation_id, due_at in rows if due_at}
