"""Plays what agencies do beside their drafts: the plan, the calendar, more time, what comes after.

The drafts and what is said about them: stage.py.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.queries import agencies, agency_by_code
from consult.adoption.actions import (
    change_commitment,
    record_outcome,
)
from consult.adoption.models import Commitment
from consult.adoption.rules import Decided, Step
from consult.answers.models import Disposition
from consult.demo import scenario
from consult.demo.stage import Stage
from consult.law.actions import confirm_year
from consult.law.queries import law_of
from consult.obligations.actions import announce_delay, fulfil
from consult.obligations.ledger.rules import Stored
from consult.obligations.ledger.subjects import prefix
from consult.obligations.models import DutyProposal, Obligation
from consult.obligations.proposing import Wish, decide, propose
from consult.plans import actions as plans
from consult.plans.rules import Wording
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import local_day
from drafts.models import DraftVersion

SOON = 5 * DAY  # before its last day a report is handed in


def month_after(on: date, months: int) -> date:
    """The first day of the month so many months after that of `on`."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, 1)


class Keeping:
    """The agencies of the demonstration at their desks."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.items: dict[str, int] = {}
        self.pack = stage.platform.pack

    def _day(self, day: float) -> date:
        return local_day(self.stage.at(day), self.pack.tz)

    def calendar(self, session: Session, part: scenario.CalendarYear, now: datetime) -> None:
        """The administrator has compared the calendar of this year with the official one."""
        confirm_year(
            session,
            actor=self.stage.staff(session, "administrator", ""),
            jurisdiction=self.pack.code,
            year=self.stage.start.year,
            document=part.document,
            now=now,
        )

    def plan(self, session: Session, part: scenario.PlanItem, now: datetime) -> None:
        """An agency tells what it means to propose."""
        actor = self.stage.staff(session, "officer", part.agency)
        item = plans.add_item(
            session,
            actor=actor,
            agency_id=agency_by_code(session, part.agency).id or 0,
            wording=Wording(part.titles, part.summaries, part.act_type, part.topic),
            month=month_after(self.stage.start.date(), part.month),
            pack=self.pack,
            now=now,
        )
        self.items[part.key] = item.id or 0
        plans.publish(session, actor=actor, item_ids=[item.id or 0], pack=self.pack, now=now)

    def link(self, session: Session, part: scenario.PlanItem, now: datetime) -> None:
        """The text is there."""
        plans.link_draft(
            session,
            actor=self.stage.staff(session, "officer", part.agency),
            item_id=self.items[part.key],
            draft_id=self.stage.drafts[part.draft],
            now=now,
        )

    def put_off(self, session: Session, part: scenario.PlanItem, now: datetime) -> None:
        """It will be later than was said."""
        plans.move(
            session,
            actor=self.stage.staff(session, "officer", part.agency),
            item_id=self.items[part.key],
            month=month_after(self.stage.start.date(), part.moved_month),
            reason=part.reason,
            pack=self.pack,
            now=now,
        )

    def drop(self, session: Session, part: scenario.PlanItem, now: datetime) -> None:
        """It will not be, and everybody can read why."""
        actor = self.stage.staff(session, "officer", part.agency)
        item_id = self.items[part.key]
        plans.drop(session, actor=actor, item_id=item_id, reason=part.reason, now=now)

    def _agency_of(self, slug: str) -> str:
        drafts = scenario.load_scenario().draft
        return next(part.agency for part in drafts if part.slug == slug)

    def ask_for_time(self, session: Session, part: scenario.Extension, now: datetime) -> None:
        """An officer proposes to extend a term."""
        duty = session.exec(
            select(Obligation).where(
                Obligation.draft_id == self.stage.drafts[part.draft], Obligation.duty == part.duty
            )
        ).one()
        propose(
            session,
            law_of(session, self.pack),
            actor=self.stage.staff(session, "officer", self._agency_of(part.draft)),
            obligation_id=duty.id or 0,
            wish=Wish(kind="extended", extra=part.extra, basis=part.basis, reason=part.reason),
            now=now,
        )

    def allow_time(self, session: Session, part: scenario.Extension, now: datetime) -> None:
        """A second person approves it."""
        proposal = session.exec(select(DutyProposal).where(DutyProposal.basis == part.basis)).one()
        decide(
            session,
            law_of(session, self.pack),
            actor=self.stage.staff(session, "approver", self._agency_of(part.draft)),
            proposal_id=proposal.id or 0,
            approved=True,
            note="",
            now=now,
        )

    def hand_in(self, session: Session, part: scenario.Reports, now: datetime) -> None:
        """Recurrent reports come in before their day, but for those of the late."""

        def tell(actor: Actor, duty: Obligation) -> None:
            law = law_of(session, self.pack)
            document = part.document
            fulfil(
                session, law, actor=actor, obligation_id=duty.id or 0, evidence=document, now=now
            )

        self._each_report(session, now + SOON, tell, lambda code: code not in part.late)

    def regret(self, session: Session, part: scenario.Reports, now: datetime) -> None:
        """The late say why, and when they will be done."""
        law = law_of(session, self.pack)
        expected_on = law.calendar.shift(local_day(now, law.tz), part.expected_in)

        def tell(actor: Actor, duty: Obligation) -> None:
            announce_delay(
                session,
                law,
                actor=actor,
                obligation_id=duty.id or 0,
                expected_on=expected_on,
                reason=part.reason,
                now=now,
            )

        self._each_report(session, now, tell, lambda code: code in part.late)

    def _each_report(
        self,
        session: Session,
        until: datetime,
        tell: Callable[[Actor, Obligation], None],
        whose: Callable[[str], bool],
    ) -> None:
        bodies = agencies(session)
        due = session.exec(
            select(Obligation).where(
                col(Obligation.subject).startswith(prefix("period")),
                Obligation.state == Stored.RUNNING.value,
                col(Obligation.due_at) <= until,
            )
        ).all()
        for duty in due:
            code = bodies[duty.agency_id].code
            if whose(code):
                tell(self.stage.staff(session, "officer", code), duty)

    def adopt(self, session: Session, part: scenario.Draft, now: datetime) -> None:
        """The act is passed: its number, its day, the text that holds."""
        told = part.outcome
        assert told is not None  # noqa: S101 - it has a step because it is told
        draft = self.stage.draft(session, part.slug)
        version = session.exec(
            select(DraftVersion).where(
                DraftVersion.draft_id == draft.id, DraftVersion.n == told.version
            )
        ).one()
        record_outcome(
            session,
            actor=self.stage.staff(session, "officer", part.agency),
            draft=draft,
            said=Decided(
                outcome="adopted",
                decided_on=self._day(told.decided_day),
                number=told.number,
                in_force_on=self._day(told.in_force_day),
                url=told.url,
            ),
            version_id=version.id,
            pack=self.pack,
            now=now,
        )

    def proceed(self, session: Session, part: scenario.Progress, now: datetime) -> None:
        """An accepted proposal is worked on."""
        comment_id = self.stage.comments[part.comment]
        commitment = session.exec(
            select(Commitment)
            .join(Disposition, col(Disposition.id) == col(Commitment.disposition_id))
            .where(Disposition.comment_id == comment_id)
        ).one()
        slug = next(c.draft for c in scenario.load_scenario().comment if c.key == part.comment)
        change_commitment(
            session,
            actor=self.stage.staff(session, "officer", self._agency_of(slug)),
            draft=self.stage.draft(session, slug),
            commitment=commitment,
            seen=commitment.state,
            step=Step(part.state, part.note, part.evidence),
            now=now,
        )
