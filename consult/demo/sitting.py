"""Plays parliament and polls: bills come before committees, agencies ask, people answer."""

from datetime import datetime

from sqlmodel import Session

from consult.accounts.queries import agency_by_code
from consult.consultations.queries import current_round
from consult.demo import scenario
from consult.demo.stage import Stage
from consult.parliament.actions import refer
from consult.polls.actions import answer_poll, set_questions
from consult.polls.queries import questions_of, stamp_of
from consult.polls.rules import Asked


class Sitting:
    """Deputies, and officers who want to know."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def refer(self, session: Session, part: scenario.Referral, now: datetime) -> None:
        """A deputy brings a bill before the committee."""
        refer(
            session,
            actor=self.stage.actor(session, part.by),
            committee=agency_by_code(session, part.committee),
            draft=self.stage.draft(session, part.draft),
            now=now,
        )

    def ask(self, session: Session, part: scenario.Poll, now: datetime) -> None:
        """The questions, before the discussion begins."""
        draft = self.stage.draft(session, part.draft)
        consultation = current_round(session, draft.id or 0)
        assert consultation is not None  # noqa: S101 - the scenario has set its dates
        asked = [
            Asked(n, one.kind, one.words, one.options) for n, one in enumerate(part.question, 1)
        ]
        set_questions(
            session,
            actor=self.stage.officer(session, part.draft),
            draft=draft,
            consultation=consultation,
            questions=asked,
            now=now,
        )

    def answer(self, session: Session, part: scenario.Poll, now: datetime) -> None:
        """Citizens answer in turn, each as many questions as there is an answer of theirs to."""
        draft = self.stage.draft(session, part.draft)
        consultation = current_round(session, draft.id or 0)
        assert consultation is not None  # noqa: S101 - as above
        questions = questions_of(session, [consultation.id or 0])
        told = [
            [[str(one) for one in chosen] for chosen in question.answers]
            or [[words] for words in question.said]
            for question in part.question
        ]
        for place, key in enumerate(self.stage.citizens[: max(map(len, told))]):
            actor = self.stage.actor(session, key)
            answer_poll(
                session,
                actor=actor,
                draft=draft,
                given={
                    question.id or 0: given[place]
                    for question, given in zip(questions, told, strict=True)
                    if place < len(given)
                },
                stamp=stamp_of(questions),
                lang=actor.lang,
                now=now,
            )
