"""Reads of polls: the questions of a round, one's own answers; what all answered, once it is over.

Before a round is over nothing here gives anything of what others answered, to nobody.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.polls.models import PollAnswer, PollQuestion
from consult.polls.rules import Counted, Row, counted, mean, size_of

OPEN_ANSWERS = 50  # told on a page


@dataclass(frozen=True, slots=True)
class Told:
    """A question and how it was answered. `people` answered an open one, of which there are no
    parts; `result` is None as long as too few answered to say more."""

    question: PollQuestion
    people: int
    result: Counted | None

    @property
    def mean(self) -> float | None:
        """Of a scale."""
        if self.question.kind != "scale" or self.result is None:
            return None
        return mean(self.result.parts)


@dataclass(frozen=True, slots=True)
class Poll:
    """The questions of a round; `told` is None until it is over."""

    consultation: Consultation
    questions: Sequence[PollQuestion]
    told: Sequence[Told] | None


def questions_of(session: Session, consultation_ids: Collection[int]) -> list[PollQuestion]:
    """The questions of some rounds, in order."""
    query = select(PollQuestion).where(col(PollQuestion.consultation_id).in_(consultation_ids))
    return list(
        session.exec(
            query.order_by(col(PollQuestion.consultation_id), col(PollQuestion.position))
        ).all()
    )


def count_questions(session: Session, consultation: Consultation | None) -> int:
    """How many questions are, or were, asked in a round."""
    if consultation is None or consultation.opened_at is None:
        return 0
    query = select(func.count()).where(PollQuestion.consultation_id == consultation.id)
    return int(session.exec(query).one())


def stamp_of(questions: Sequence[PollQuestion]) -> str:
    """Sixteen digits that change when a question does: who answers says which they answered."""
    said = [[one.id, one.kind, one.words, one.options] for one in questions]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_over(consultation: Consultation, now: datetime) -> bool:
    """Whether no answer is taken any more: by the announced instant, however late a worker is."""
    return consultation.opened_at is not None and now >= consultation.closes_at


def count_answers(session: Session, consultation_id: int) -> int:
    """How many answers there are: for the rule that questions which were answered stay."""
    query = (
        select(func.count())
        .select_from(PollAnswer)
        .join(PollQuestion, col(PollQuestion.id) == col(PollAnswer.question_id))
        .where(PollQuestion.consultation_id == consultation_id)
    )
    return int(session.exec(query).one())


def own_answers(
    session: Session, person_id: int | None, questions: Sequence[PollQuestion]
) -> dict[int, PollAnswer]:
    """What one person answered, by question."""
    if person_id is None or not questions:
        return {}
    query = select(PollAnswer).where(
        PollAnswer.person_id == person_id,
        col(PollAnswer.question_id).in_([one.id for one in questions]),
    )
    return {row.question_id: row for row in session.exec(query).all()}


def polls_of(session: Session, rounds: Sequence[Consultation], now: datetime) -> list[Poll]:
    """The polls of some rounds of a draft, in their order, in one query.

    What people answered is read of those rounds only that are over.
    """
    over = [one.id or 0 for one in rounds if is_over(one, now)]
    told: dict[int, list[Told]] = defaultdict(list)
    for one in _told(session, [one.id or 0 for one in rounds], over):
        told[one.question.consultation_id].append(one)
    return [
        Poll(
            one,
            [each.question for each in told[one.id or 0]],
            told[one.id or 0] if one.id in over else None,
        )
        for one in rounds
        if one.id in told
    ]


def told_of(session: Session, question_ids: Collection[int]) -> list[Told]:
    """How some questions were answered. To be asked of rounds only that are over."""
    query = select(PollQuestion.consultation_id).where(col(PollQuestion.id).in_(question_ids))
    rounds = session.exec(query.distinct()).all()
    return [one for one in _told(session, rounds, rounds) if one.question.id in question_ids]


def _told(session: Session, rounds: Collection[int], over: Collection[int]) -> list[Told]:
    """The questions of some rounds in order, with the answers of those that are over.

    Some rows a question, however many people there are. Words that were hidden count: else it could
    be seen whether who wrote them was identified.
    """
    answer = and_(
        col(PollAnswer.question_id) == col(PollQuestion.id),
        col(PollQuestion.consultation_id).in_(over),
    )
    parts = col(PollQuestion.id), col(PollAnswer.choices), col(PollAnswer.is_identified)
    found = session.execute(
        sa_select(PollQuestion, *parts[1:], func.count(col(PollAnswer.id)))
        .outerjoin(PollAnswer, answer)
        .where(col(PollQuestion.consultation_id).in_(rounds))
        .group_by(*parts)
        .order_by(col(PollQuestion.consultation_id), col(PollQuestion.position))
    ).all()
    questions: dict[int, PollQuestion] = {}
    rows: dict[int, list[Row]] = defaultdict(list)
    for question, choices, known, n in found:
        questions[question.id or 0] = question
        if n:
            rows[question.id or 0].append(Row(choices, known, n))
    return [_counted(question, rows[id_]) for id_, question in questions.items()]


def _counted(question: PollQuestion, rows: Sequence[Row]) -> Told:
    result = counted(question.kind, size_of(question.kind, question.options), rows)
    return Told(question, sum(row.n for row in rows), result)


def open_answers(
    session: Session, question_id: int, after: int = 0, limit: int = OPEN_ANSWERS
) -> list[PollAnswer]:
    """The words that answer an open question, of those not hidden; one more than `limit`.

    To be asked of rounds only that are over. Nobody's name stands beside them.
    """
    query = select(PollAnswer).where(
        PollAnswer.question_id == question_id,
        col(PollAnswer.hidden_at).is_(None),
        PollAnswer.words != "",
        col(PollAnswer.id) > after,
    )
    return list(session.exec(query.order_by(col(PollAnswer.id)).limit(limit + 1)).all())


def open_answer(
    session: Session, answer_id: int, now: datetime
) -> tuple[PollAnswer, PollQuestion, Consultation]:
    """An answer in words that everybody may read, with its question and round; raises NotFound."""
    row = session.exec(
        select(PollAnswer, PollQuestion, Consultation)
        .join(PollQuestion, col(PollQuestion.id) == col(PollAnswer.question_id))
        .join(Consultation, col(Consultation.id) == col(PollQuestion.consultation_id))
        .where(PollAnswer.id == answer_id, PollQuestion.kind == "open")
    ).first()
    if row is None or not is_over(row[2], now) or row[0].hidden_at or not row[0].words:
        raise NotFound("There is no such answer.")
    return row[0], row[1], row[2]


def poll_json(poll: Poll) -> dict[str, Any]:
    """A poll as open data; `results` is null until the round is over. The keys are a promise."""
    return {
        "round": poll.consultation.round,
        "closes_at": poll.consultation.closes_at.isoformat(),
        "questions": [
            {
                "position": question.position,
                "kind": question.kind,
                "words": question.words,
                "options": question.options,
            }
            for question in poll.questions
        ],
        "results": None if poll.told is None else [told_json(one) for one in poll.told],
    }


def told_json(told: Told) -> dict[str, Any]:
    """How a question was answered; null is what too few people answered to be told."""
    result = told.result
    return {
        "position": told.question.position,
        "words": told.question.words,
        "people": None if result is None else result.whole.n,
        "identified": None if result is None else result.whole.identified,
        "options": None
        if result is None
        else [{"people": part.n, "identified": part.identified} for part in result.parts],
        "mean": None if told.mean is None else f"{told.mean:.2f}",  # the record takes no fractions
    }
