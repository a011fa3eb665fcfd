"""Reads of questions: lists by keyset, one with all that belongs to it, counts of a body."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Agency, Person
from consult.accounts.queries import agency_by_code
from consult.accounts.shown import known_as, who
from consult.errors import N_, Invalid, NotAllowed, NotFound
from consult.naming import KnownAs, PublicName
from consult.obligations.models import Obligation
from consult.questions.models import Question, QuestionAnswer, QuestionMove, QuestionWish
from consult.questions.rules import KINDS, OWED, State, nearest, words_of
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

NOT_ASKED = N_("This body cannot be asked. Please choose another one.")
CANDIDATES = 200  # questions that a new one is compared with
NEAREST = 5


def in_state(state: State) -> ColumnElement[bool]:
    """In SQL what Question.state says of a row."""
    shown = and_(col(Question.hidden_at).is_(None), col(Question.withdrawn_at).is_(None))
    if state is State.HIDDEN:
        return col(Question.hidden_at).is_not(None)
    if state is State.WITHDRAWN:
        return and_(col(Question.hidden_at).is_(None), col(Question.withdrawn_at).is_not(None))
    answered = col(Question.answered_at)
    return and_(shown, answered.is_(None) if state is State.WAITING else answered.is_not(None))


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What a list is narrowed to; empty means any. `agencies` empty means all of them."""

    agencies: Collection[int] = ()
    kind: str = ""
    state: State | None = None
    draft_id: int | None = None


def question_filter(
    session: Session, agency: str, kind: str, state: str, draft_id: int | None = None
) -> QuestionFilter:
    """What an address asks for. Raises NotFound for an agency there is not.

    A kind or a state there is not means any.
    """
    return QuestionFilter(
        agencies=(agency_by_code(session, agency).id or 0,) if agency else (),
        kind=kind if kind in KINDS else "",
        state=State(state) if state in tuple(State) else None,
        draft_id=draft_id,
    )


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in a list, with whoever asks it as the public sees them."""

    question: Question
    who: PublicName


def questions(
    session: Session, wanted: QuestionFilter, *, before: int | None = None, limit: int
) -> list[QuestionRow]:
    """Questions, the newest first; one more than `limit` tells that there are older ones."""
    query = select(Question, who(Question)).join(Person, col(Person.id) == col(Question.author_id))
    query = query.where(*_narrowed(wanted))
    if before:
        query = query.where(col(Question.id) < before)
    rows = session.execute(query.order_by(col(Question.id).desc()).limit(limit + 1)).all()
    return [QuestionRow(*row) for row in rows]


def _narrowed(wanted: QuestionFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.agencies:
        clauses.append(col(Question.agency_id).in_(wanted.agencies))
    if wanted.kind:
        clauses.append(col(Question.kind) == wanted.kind)
    if wanted.state:
        clauses.append(in_state(wanted.state))
    if wanted.draft_id:
        clauses.append(col(Question.draft_id) == wanted.draft_id)
    return clauses


def question_by_id(session: Session, question_id: int) -> Question:
    """One question; raises NotFound."""
    row = session.get(Question, question_id)
    if row is None:
        raise NotFound("There is no such question.")
    return row


def author_of(session: Session, question: Question) -> PublicName:
    """Whoever asks, as the public sees them."""
    found: PublicName = _author(session, question, who(Question))
    return found


def author_known(session: Session, question: Question) -> KnownAs:
    """Whoever asks, as those see them who answer."""
    found: KnownAs = _author(session, question, known_as(Question))
    return found


def _author(session: Session, question: Question, seen: Any) -> Any:
    query = select(Question.id, seen).join(Person, col(Person.id) == col(Question.author_id))
    return session.execute(query.where(col(Question.id) == question.id)).one()[1]


def answer_to(session: Session, question_id: int) -> QuestionAnswer | None:
    """The answer to a question, published or not yet."""
    query = select(QuestionAnswer).where(QuestionAnswer.question_id == question_id)
    return session.exec(query).one_or_none()


def answers_to(session: Session, question_ids: Collection[int]) -> dict[int, QuestionAnswer]:
    """The answers to some questions, by the question, published or not yet."""
    query = select(QuestionAnswer).where(col(QuestionAnswer.question_id).in_(question_ids))
    return {row.question_id: row for row in session.exec(query).all()}


def moves_of(session: Session, question_id: int) -> list[QuestionMove]:
    """Where a question was passed on, in order."""
    query = select(QuestionMove).where(QuestionMove.question_id == question_id)
    return list(session.exec(query.order_by(col(QuestionMove.id))).all())


def is_wished(session: Session, actor: Actor, question_id: int) -> bool:
    """Whether this person said that they want to know too."""
    return actor.id is not None and (session.get(QuestionWish, (question_id, actor.id)) is not None)


def wishing(session: Session, question_id: int, after: int, limit: int) -> Sequence[int]:
    """The people who want to know too, by id after one, so many at most."""
    query = select(QuestionWish.person_id).where(
        QuestionWish.question_id == question_id, col(QuestionWish.person_id) > after
    )
    return session.exec(query.order_by(col(QuestionWish.person_id)).limit(limit)).all()


def duty_of(session: Session, question: Question) -> Obligation | None:
    """The duty to answer, as it stands: the newest, if it was passed on."""
    subject = f"{OWED[question.kind].value}:{question.id}"
    query = select(Obligation).where(
        Obligation.subject == subject, Obligation.agency_id == question.agency_id
    )
    return session.exec(query.order_by(col(Obligation.id).desc()).limit(1)).first()


def duties_of(session: Session, rows: Sequence[Question]) -> dict[int, Obligation]:
    """The duties to answer some questions, by the question, the newest of each."""
    subjects = {f"{OWED[row.kind].value}:{row.id}": row.id or 0 for row in rows}
    query = select(Obligation).where(col(Obligation.subject).in_(subjects))
    found = session.exec(query.order_by(col(Obligation.id))).all()
    return {subjects[duty.subject]: duty for duty in found}


def bodies_to_ask(session: Session) -> list[Agency]:
    """All bodies that can be asked, by code."""
    query = select(Agency).where(col(Agency.closed_on).is_(None), Agency.kind != "council")
    return list(session.exec(query.order_by(col(Agency.code))).all())


def body_to_ask(session: Session, code: str) -> Agency:
    """The body with this code that can be asked; raises Invalid."""
    if not code:
        raise Invalid("Please choose whom you ask.", field="agency")
    found = next((one for one in bodies_to_ask(session) if one.code == code), None)
    if found is None:
        raise Invalid(NOT_ASKED, field="agency")
    return found


def public_draft(session: Session, draft_id: int | None) -> Draft | None:
    """The draft a question is about, if it is about one and everybody may read it."""
    draft = session.get(Draft, draft_id) if draft_id else None
    shown = draft is not None and draft.published_at and draft.stage in PUBLIC_STAGES
    return draft if shown else None


def council_asking(session: Session, actor: Actor, agency: Agency) -> Agency:
    """The council of this body in whose name a member asks; raises NotAllowed."""
    query = select(Agency).where(
        Agency.kind == "council",
        Agency.parent_id == agency.id,
        col(Agency.closed_on).is_(None),
    )
    for council in session.exec(query.order_by(col(Agency.id))).all():
        if actor.may_for("counsel", council.id or 0):
            return council
    raise NotAllowed("A council asks the body it watches over.")


def watched_by(session: Session, actor: Actor) -> list[Agency]:
    """The bodies whose councils this person is a member of."""
    council = select(Agency.parent_id).where(
        Agency.kind == "council", col(Agency.closed_on).is_(None)
    )
    if held := actor.held_for("counsel"):
        council = council.where(col(Agency.id).in_(held))
    query = select(Agency).where(col(Agency.id).in_(council)).order_by(col(Agency.code))
    return list(session.exec(query).all())


def count_waiting_of(session: Session, person_id: int, agency_id: int) -> int:
    """How many questions of a person wait at a body for an answer."""
    query = (
        select(func.count())
        .select_from(Question)
        .where(
            Question.author_id == person_id,
            Question.agency_id == agency_id,
            Question.kind == "person",
            in_state(State.WAITING),
        )
    )
    return session.exec(query).one()


def lately_asked(session: Session, agency_id: int) -> Sequence[Question]:
    """The newest questions to a body that are shown, waiting or answered."""
    query = select(Question).where(
        Question.agency_id == agency_id,
        or_(in_state(State.WAITING), in_state(State.ANSWERED)),
    )
    return session.exec(query.order_by(col(Question.id).desc()).limit(CANDIDATES)).all()


def alike(session: Session, agency_id: int, title: str, body: str, lang: str) -> list[Question]:
    """The questions to a body that come near what somebody is about to ask, the nearest first."""
    known = {one.id or 0: one for one in lately_asked(session, agency_id)}
    compared = ((id_, words_of(one.title, one.body, one.lang)) for id_, one in known.items())
    return [known[id_] for id_ in nearest(words_of(title, body, lang), compared, NEAREST)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body was asked: how many questions by state, how many answers met the point.

    `kept` and `missed` are the duties to answer that fell due, in time and not.
    """

    states: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    missed: int = 0
    met: int = 0
    not_met: int = 0

    @property
    def total(self) -> int:
        return self.states.total()


def asked_of(session: Session, agency_id: int, now: datetime) -> Asked:
    """What one body was asked and answered, in two queries."""
    state = case(
        *((in_state(one), one.value) for one in State if one is not State.WAITING),
        else_=State.WAITING.value,
    )
    met = func.count(case((col(Question.met).is_(True), 1)))
    not_met = func.count(case((col(Question.met).is_(False), 1)))
    rows = session.execute(
        select(state.label("state"), func.count(), met, not_met)
        .where(Question.agency_id == agency_id)
        .group_by("state")
    ).all()
    states = Counter({found: n for found, n, _, _ in rows})
    kept, missed = _in_time(session, agency_id, now)
    return Asked(states, kept, missed, sum(row[2] for row in rows), sum(row[3] for row in rows))


def _in_time(session: Session, agency_id: int, now: datetime) -> tuple[int, int]:
    """Of the duties to answer questions, how many were kept in time and how many were not."""
    kinds = or_(*(col(Obligation.subject).startswith(f"{per.value}:") for per in OWED.values()))
    done_at, due_at = col(Obligation.fulfilled_at), col(Obligation.due_at)
    kept = and_(col(Obligation.state) == "fulfilled", done_at < due_at)
    late = and_(col(Obligation.state) == "fulfilled", done_at >= due_at)
    over = and_(col(Obligation.state).in_(("running", "paused")), due_at <= now)
    row = session.execute(
        select(func.count(case((kept, 1))), func.count(case((or_(late, over), 1)))).where(
            Obligation.agency_id == agency_id, kinds
        )
    ).one()
    return row[0], row[1]
