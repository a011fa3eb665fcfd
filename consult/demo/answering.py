"""Plays what happens to comments beside their answers: signed, entered, moderated, contested.

Drafts, comments and answers: stage.py; what agencies do beside their drafts: keeping.py.
"""

from datetime import date, datetime

from sqlmodel import Session, col, select

from consult.accounts.queries import agency_by_code
from consult.answers.teamwork.actions import write_note, write_template
from consult.comments.actions import Place, Words, submit_comment
from consult.comments.models import Comment
from consult.consultations.queries import current_round
from consult.cosigning.actions import sign_comment
from consult.demo import scenario
from consult.demo.stage import Stage
from consult.feedback.actions import contest_answer, rate_answer, review_contest
from consult.feedback.queries import contest_by_id, contest_of
from consult.intake.actions import Arrival, Contributor, enter_comment
from consult.law.queries import law_of
from consult.moderation.actions import hide_comment
from consult.moderation.appealing import appeal, decide_appeal
from consult.moderation.models import Appeal, ModerationAct
from consult.moderation.redactions import redact_comment
from consult.papers.actions import send_paper
from consult.papers.rules import Part
from consult.procedure.deadlines import local_day

MODERATOR, OVERSEER = "marat", "justice"


class Answering:
    """What became of comments in the demonstration."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.pack = stage.platform.pack
        self.most = stage.platform.settings.comment_max_chars

    def _day(self, day: float) -> date:
        return local_day(self.stage.at(day), self.pack.tz)

    def _comment(self, session: Session, key: str) -> Comment:
        return session.get_one(Comment, self.stage.comments[key])

    def sign(self, session: Session, part: scenario.Signatures, now: datetime) -> None:
        """People make somebody's words their own."""
        for key in part.people:
            actor = self.stage.actor(session, key)
            sign_comment(
                session, actor=actor, comment=self._comment(session, part.comment), now=now
            )

    def enter(self, session: Session, part: scenario.Entry, now: datetime) -> None:
        """An officer enters what came on paper, or was said at a hearing."""
        draft = self.stage.draft(session, part.draft)
        consultation = current_round(session, draft.id or 0)
        assert consultation is not None  # noqa: S101 - the scenario opened it
        comment = enter_comment(
            session,
            actor=self.stage.officer(session, part.draft),
            consultation=consultation,
            contributor=Contributor(part.name, region=part.region, contact=part.contact),
            arrival=Arrival(
                part.channel,
                self._day(part.received_day),
                part.reference,
                self.stage.hearings.get(part.hearing),
            ),
            place=self.stage.place(session, draft, part.provision, part.lang),
            words=Words(body=part.text, kind=part.kind, stance=part.stance),
            lang=part.lang,
            most=self.most,
            tz=self.pack.tz,
            now=now,
        )
        self.stage.comments[part.key] = comment.id or 0

    def send(self, session: Session, part: scenario.Paper, now: datetime) -> None:
        """An organisation sends one paper about several provisions."""
        send_paper(
            session,
            actor=self.stage.actor(session, part.author),
            draft=self.stage.draft(session, part.draft),
            title=part.title,
            mandate=part.mandate,
            parts=[Part(**one.model_dump()) for one in part.part],
            lang=part.lang,
            most=self.most,
            now=now,
        )

    def say(
        self, session: Session, part: scenario.Hiding | scenario.Redaction, now: datetime
    ) -> None:
        """Somebody says what a moderator will look at."""
        comment = submit_comment(
            session,
            actor=self.stage.actor(session, part.author),
            draft=self.stage.draft(session, part.draft),
            place=Place(),
            words=Words(body=part.text, kind=part.kind, stance=part.stance),
            lang=part.lang,
            most=self.most,
            now=now,
        )
        self.stage.comments[part.key] = comment.id or 0

    def hide(self, session: Session, part: scenario.Hiding, now: datetime) -> None:
        hide_comment(
            session,
            actor=self.stage.actor(session, MODERATOR),
            comment=self._comment(session, part.key),
            reason=part.reason,
            note=part.note,
            now=now,
        )

    def appeal(self, session: Session, part: scenario.Hiding, now: datetime) -> None:
        """The author turns to the oversight body."""
        comment = self._comment(session, part.key)
        acts = select(ModerationAct).where(ModerationAct.comment_id == comment.id)
        appeal(
            session,
            actor=self.stage.actor(session, part.author),
            act=session.exec(acts.order_by(col(ModerationAct.id).desc()).limit(1)).one(),
            comment=comment,
            reason=part.appeal,
            law=law_of(session, self.pack),
            now=now,
        )

    def decide(self, session: Session, part: scenario.Hiding, now: datetime) -> None:
        """The oversight body decides."""
        about = select(Appeal).where(Appeal.comment_id == self.stage.comments[part.key])
        decide_appeal(
            session,
            actor=self.stage.actor(session, OVERSEER),
            row=session.exec(about).one(),
            decision=part.decision,
            reason=part.decision_reason,
            now=now,
        )

    def redact(self, session: Session, part: scenario.Redaction, now: datetime) -> None:
        redact_comment(
            session,
            actor=self.stage.actor(session, MODERATOR),
            comment=self._comment(session, part.key),
            pieces=part.words,
            note=part.note,
            law=law_of(session, self.pack),
            now=now,
        )

    def rate(self, session: Session, part: scenario.Ratings, now: datetime) -> None:
        """Those to whom an answer was given say whether it met their point."""
        said = [*((key, True) for key in part.met), *((key, False) for key in part.not_met)]
        for key, met in said:
            actor = self.stage.actor(session, key)
            comment = self._comment(session, part.comment)
            rate_answer(session, actor=actor, comment=comment, met=met, now=now)

    def contest(self, session: Session, part: scenario.Contest, now: datetime) -> None:
        contest_answer(
            session,
            actor=self.stage.actor(session, part.author),
            law=law_of(session, self.pack),
            comment=self._comment(session, part.comment),
            reason=part.reason,
            now=now,
        )

    def review(self, session: Session, part: scenario.Contest, now: datetime) -> None:
        """Somebody who did not give the answer looks at it again."""
        contest = contest_of(session, self.stage.comments[part.comment])
        assert contest is not None  # noqa: S101 - the scenario contested it
        review_contest(
            session,
            actor=self.stage.actor(session, part.by),
            contested=contest_by_id(session, contest.id or 0),
            outcome=part.outcome,
            decision=part.decision,
            lang=part.lang,
            now=now,
        )

    def keep_template(self, session: Session, part: scenario.Template, now: datetime) -> None:
        write_template(
            session,
            actor=self.stage.staff(session, "officer", part.agency),
            agency_id=agency_by_code(session, part.agency).id or 0,
            title=part.title,
            outcome=part.outcome,
            lang=part.lang,
            reason=part.reason,
            now=now,
        )

    def note(self, session: Session, part: scenario.Note, now: datetime) -> None:
        """An officer leaves a remark for colleagues."""
        comment = self._comment(session, part.comment)
        slug = next(slug for slug, id_ in self.stage.drafts.items() if id_ == comment.draft_id)
        write_note(
            session,
            actor=self.stage.officer(session, slug),
            draft=self.stage.draft(session, slug),
            comment_id=comment.id,
            body=part.text,
            now=now,
        )
