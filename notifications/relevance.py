"""Whether what waits to be mailed is still wanted, and still true, asked when its turn has come.

A mail may wait: for a digest, for a server that was down for a week. Then it is not sent if its
reader has stopped it meanwhile, or if it would ask for what is done and announce what is over. The
notice stays in the cabinet, with its date.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from consult.accounts.invitations.models import Invitation
from consult.accounts.models import Grant, MailToken, Person
from consult.accounts.secrets import token_hash
from consult.adoption.models import Problem
from consult.anchors.queries import asked_of
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.councils.models import CouncilOpinion
from consult.councils.queries import answer_to, membership, vote_of
from consult.councils.rules import WRITABLE
from consult.feedback.models import Contest
from consult.hearings.models import Hearing
from consult.hearings.queries import seat_of
from consult.hearings.rules import COMING
from consult.hearings.rules import State as HearingState
from consult.moderation.models import Appeal
from consult.obligations.keeping.reminding import still_due
from consult.obligations.ledger.rules import SETTLED, Stored
from consult.obligations.models import DutyProposal, Obligation
from consult.plans.models import PlanChange, PlanItem
from consult.plans.rules import State
from consult.platform import Platform
from consult.questions.models import Question
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES
from notifications.followed import what_became_of
from notifications.models import MailChoice, Message, Subscription
from notifications.rules import ACCOUNT, numbers_in, spoken

# The mails whose link may be used once (accounts.models.MailToken).
LINKED = ("confirm", "reset", "address", "address_asked", "address_left")
# Told to whoever has the webhook, with or without a role.
NO_ROLE_NEEDED = "webhook_off"


class UnwantedError(Exception):
    """A mail is not sent, for this reason."""


def why_not(
    session: Session,
    platform: Platform,
    message: Message,
    person: Person | None,
    target: str,
    now: datetime,
) -> str:
    """Why a message is not mailed, in English for whoever looks after the installation; "": it is.

    `target`: what of all they follow it came of.
    """
    if message.category == ACCOUNT:
        return _why_not_account(session, message, now)
    if person is None or person.email is None or person.forgotten_at:
        return "there is nobody to write to any more"
    if person.mail_off_at:
        return "the address does not take mail"
    if _is_stopped(session, message, person.id or 0, target):
        return "it was stopped"
    if message.category == "work" and not _works_here(session, message, person):
        return "it is no longer their work"
    check = CHECKS.get(message.kind)
    if not _is_public(session, message) or (
        check is not None and not check(session, platform, message, person, now)
    ):
        return "it is not true any more"
    return ""


def _why_not_account(session: Session, message: Message, now: datetime) -> str:
    hashed = token_hash(message.path.rpartition("/")[2])
    if message.kind in LINKED:
        link = session.get(MailToken, hashed)
        if link is None or link.used_at or link.expires_at <= now:
            return "its link is of no use any more"
    if message.kind == "invitation":
        query = select(Invitation).where(
            Invitation.token_hash == hashed,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            Invitation.expires_at > now,
        )
        if session.exec(query).first() is None:
            return "its link is of no use any more"
    return ""


def _is_stopped(session: Session, message: Message, person_id: int, target: str) -> bool:
    if not target:
        choice = session.get(MailChoice, (person_id, message.category))
        return choice is not None and choice.cadence == "never"
    query = select(Subscription.id).where(
        Subscription.person_id == person_id,
        col(Subscription.target).in_({target, what_became_of(session, target)}),
    )
    return session.exec(query).first() is None


def _works_here(session: Session, message: Message, person: Person) -> bool:
    held = select(Grant.id).where(Grant.person_id == person.id)
    return message.kind == NO_ROLE_NEEDED or session.exec(held).first() is not None


def _is_public(session: Session, message: Message) -> bool:
    """Whether the draft it leads to can still be read."""
    _, first, number, *_ = [*message.path.split("?")[0].split("/"), "", ""]
    if first != "drafts" or not number.isdigit():
        return True
    draft = session.get(Draft, int(number))
    return draft is not None and draft.stage in PUBLIC_STAGES


Check = Callable[[Session, Platform, Message, Person, datetime], bool]


def _opens(session: Session, _p: Platform, message: Message, _q: Person, now: datetime) -> bool:
    """There is still time to say something, and until when is as it was told."""
    row = session.get(Consultation, numbers_in(message.key)[0])
    told = spoken(message.values)["closes_at"]
    return row is not None and now < row.closes_at and row.closes_at == told


def _reply(session: Session, _p: Platform, message: Message, _q: Person, _now: datetime) -> bool:
    """The words are still there."""
    comment = session.get(Comment, numbers_in(message.key)[0])
    return comment is not None and comment.is_public


def _contested(
    session: Session, _p: Platform, message: Message, _q: Person, _now: datetime
) -> bool:
    contest = session.get(Contest, numbers_in(message.key)[0])
    if contest is None or contest.decided_at:
        return False
    return session.get_one(Comment, contest.comment_id).is_public


def _appealed(session: Session, _p: Platform, message: Message, _q: Person, _now: datetime) -> bool:
    appeal = session.get(Appeal, numbers_in(message.key)[0])
    return appeal is not None and appeal.decided_at is None


def _proposed(session: Session, _p: Platform, message: Message, _q: Person, _now: datetime) -> bool:
    proposal = session.get(DutyProposal, numbers_in(message.key)[0])
    return proposal is not None and proposal.verdict == "waiting"


def _due(session: Session, p: Platform, message: Message, _q: Person, _now: datetime) -> bool:
    """Nobody is reminded of what was done meanwhile, or is due on another day."""
    duty = session.get(Obligation, int(message.path.rpartition("/")[2]))
    due_on = spoken(message.values)["due_on"]
    return duty is not None and still_due(session, p.pack, duty, due_on)


def _to_write(session: Session, _p: Platform, message: Message, _q: Person, _now: datetime) -> bool:
    opinion = session.get(CouncilOpinion, numbers_in(message.key)[0])
    return opinion is not None and opinion.state in WRITABLE


def _to_vote(session: Session, _p: Platform, message: Message, who: Person, _now: datetime) -> bool:
    """The vote runs, and this member has not voted."""
    opinion = session.get(CouncilOpinion, numbers_in(message.key)[0])
    if opinion is None or opinion.state != "voting":
        return False
    member = membership(session, opinion.agency_id, who.id or 0)
    vote = vote_of(session, opinion.id or 0, member.id or 0) if member else None
    return vote is not None and not vote.vote


def _to_answer(
    session: Session, _p: Platform, message: Message, _q: Person, _now: datetime
) -> bool:
    answer = answer_to(session, numbers_in(message.key)[0])
    return answer is None or answer.published_at is None


def _delayed(session: Session, _p: Platform, message: Message, _q: Person, _now: datetime) -> bool:
    duty = session.get(Obligation, numbers_in(message.key)[0])
    return duty is not None and Stored(duty.state) not in SETTLED


def _asked(session: Session, _p: Platform, message: Message, who: Person, _now: datetime) -> bool:
    return bool(asked_of(session, numbers_in(message.key)[0], who.id or 0))


def _unanswered(
    session: Session, _p: Platform, message: Message, _q: Person, _now: datetime
) -> bool:
    problem = session.get(Problem, numbers_in(message.key)[0])
    return problem is not None and not problem.answered_at and not problem.hidden_at


def _question_waits(
    session: Session, _p: Platform, message: Message, _q: Person, _now: datetime
) -> bool:
    """It still waits, and for that body."""
    number, agency_id, *_ = numbers_in(message.key)
    question = session.get(Question, number)
    if question is None or question.state != "waiting":
        return False
    return question.agency_id == agency_id


def _planned(session: Session, _p: Platform, message: Message, _q: Person, _now: datetime) -> bool:
    """The plan still says what it was said to say."""
    change = session.get(PlanChange, numbers_in(message.key)[0])
    item = session.get(PlanItem, change.item_id) if change else None
    if change is None or item is None:
        return False
    dropped = item.state == State.DROPPED.value
    if change.kind == "moved":
        return not dropped and item.expected_on.isoformat() == message.values["new_on"]
    return dropped == (change.kind == "dropped")


def _to_come(session: Session, _p: Platform, message: Message, _q: Person, now: datetime) -> bool:
    """It takes place, and when is as it was told."""
    row = session.get(Hearing, numbers_in(message.path.replace("/", ":"))[0])
    told = spoken(message.values)["starts_at"]
    if row is None or row.state != HearingState.ANNOUNCED.value:
        return False
    return bool(now < row.starts_at == told)


def _comes(session: Session, p: Platform, message: Message, who: Person, now: datetime) -> bool:
    """And they have not taken their registration back."""
    seat = seat_of(session, numbers_in(message.path.replace("/", ":"))[0], who.id)
    comes = seat is not None and seat.state == COMING
    return comes and _to_come(session, p, message, who, now)


def _changed(session: Session, p: Platform, message: Message, who: Person, now: datetime) -> bool:
    """Nobody has to know how it was changed once it was changed again, or is over."""
    if message.values["change"] == "called_off":
        return bool(now < spoken(message.values)["starts_at"])
    return _to_come(session, p, message, who, now)


# What is asked of the kinds of which something can come to be no longer true.
CHECKS: Mapping[str, Check] = {
    "consultation_opened": _opens,
    "consultation_extended": _opens,
    "reply": _reply,
    "answer_contested": _contested,
    "appealed": _appealed,
    "duty_proposed": _proposed,
    "opinion_asked": _to_write,
    "opinion_put": _to_vote,
    "opinion_to_answer": _to_answer,
    "reminder": _due,
    "delay": _delayed,
    "still_relevant": _asked,
    "plan_changed": _planned,
    "hearing_announced": _to_come,
    **dict.fromkeys(("hearing_near", "hearing_seat"), _comes),
    "hearing_changed": _changed,
    "problem_reported": _unanswered,
    "question_asked": _question_waits,
    "deputy_asked": _question_waits,
}
