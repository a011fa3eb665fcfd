"""The desk: where officers and approvers begin, and one page for each of their drafts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, Role, check_agency
from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.anchors.queries import relevance_counts
from consult.answers.review import count_awaiting
from consult.answers.standing import UNWRITTEN, count_statuses
from consult.consultations.actions import earliest_close
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft, rounds_of
from consult.consultations.rules import falls_short
from consult.exchange.queries import number_of
from consult.feedback.queries import count_waiting
from consult.law.queries import Law, law_of
from consult.obligations.cards import duty_cards
from consult.obligations.queries import DutyRow
from consult.obligations.registers.agenda import When, turns
from consult.obligations.registers.listing import DutyFilter, register
from consult.obligations.registers.worklist import Agenda, list_work, part_of
from consult.procedure.deadlines import Computation
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db
from consult.web import platform_of, render
from drafts.models import Draft
from drafts.previews import Waiting, previews_of
from drafts.queries import (
    draft_for,
    drafts_at,
    drafts_of_agency,
    unready,
    versions,
)

router = APIRouter()

Staff = Annotated[Actor, Depends(Allow("start"))]
AtDesk = Annotated[Actor, Depends(Allow("desk"))]

RUNNING = frozenset({Stage.SCHEDULED, Stage.OPEN})
ANSWERABLE = frozenset({Stage.OPEN, Stage.CLOSED, Stage.ANSWERING})
BEFORE_DEPUTIES = (
    Stage.OPEN,
    Stage.CLOSED,
    Stage.ANSWERING,
    Stage.REPORTED,
    Stage.IN_PARLIAMENT,
)
RIGHTS = {"dates": "prepare", "answer": "answer", "approve": "approve", "publish": "publish"}
PRESSING = frozenset({When.OVERDUE, When.TODAY, When.WEEK})
DUTIES = 20


@dataclass(frozen=True, slots=True)
class Work:
    """A draft on the desk: its newest round, its comments by status, what is to be done next.

    `step`: dates, wait, collect, answer, approve, publish, new_round or none; `n` how many.
    """

    draft: Draft
    agency: Agency
    consultation: Consultation | None
    counts: Counter[str]
    awaiting: int
    step: str
    n: int = 0

    @property
    def desk_url(self) -> str:
        return f"/desk/consultations/{self.consultation.id}" if self.consultation else ""


def next_step(
    stage: Stage, counts: Mapping[str, int], awaiting: int, *, approves: bool = False
) -> tuple[str, int]:
    """What is done next with a draft, and with how many comments or answers.

    Who only `approves` does not wait for the last answer to be written.
    """
    unwritten = sum(counts.get(status, 0) for status in UNWRITTEN)
    if stage is Stage.OPEN:
        return "collect", unwritten
    if stage in ANSWERABLE and awaiting and (approves or not unwritten):
        return "approve", awaiting
    if stage in ANSWERABLE and unwritten:
        return "answer", unwritten
    if stage in ANSWERABLE:
        return "publish", sum(counts.values())
    if stage is Stage.SCHEDULED:
        return "wait", 0
    if allows(stage, Verb.SCHEDULE):
        return "dates", 0
    return ("new_round" if allows(stage, Verb.START_ROUND) else "none"), 0


def work_on(session: Session, actor: Actor, drafts: Sequence[Draft]) -> list[Work]:
    """What is to be done with some drafts, in four queries."""
    approves = actor.may("approve") and not actor.may("answer")
    rounds = rounds_of(session, [draft.id or 0 for draft in drafts])
    answered = [
        rounds[draft.id or 0].id or 0
        for draft in drafts
        if Stage(draft.stage) in ANSWERABLE and draft.id in rounds
    ]
    counts = count_statuses(session, answered)
    waiting = count_awaiting(session, answered)
    bodies = agencies(session)

    def work(draft: Draft) -> Work:
        consultation = rounds.get(draft.id or 0)
        at = consultation.id or 0 if consultation else 0
        found, awaiting = counts.get(at, Counter()), waiting.get(at, 0)
        step, n = next_step(Stage(draft.stage), found, awaiting, approves=approves)
        return Work(draft, bodies[draft.agency_id], consultation, found, awaiting, step, n)

    return [work(draft) for draft in drafts]


@router.get("/desk")
def desk(request: Request, session: Db, actor: Staff, before: str = "") -> Response:
    """What waits for this person: their agencies' drafts, imported texts, duties."""
    platform = platform_of(request)
    drafts: list[Draft] = []
    previews = Waiting()
    duties: list[dict[str, Any]] = []
    if actor.may("desk"):
        mine = sorted(actor.held_for("desk"))
        drafts = drafts_of_agency(session, mine)
        previews = previews_of(session, mine, before=before)
        law = law_of(session, platform.pack)
        rows = _duties(session, law, actor.held_for("desk"), platform.clock())
        duties = duty_cards(rows, agencies(session), law, platform.clock())
    work = work_on(session, actor, drafts)
    deputy = Role.PARLIAMENTARIAN in actor.roles
    mine_to_do = {step for step, right in RIGHTS.items() if actor.may(right)}
    return render(
        request,
        "desk/desk.html",
        todo=[one for one in work if one.step in mine_to_do],
        others=[one for one in work if one.step not in mine_to_do],
        previews=previews,
        before=before,
        kept=timedelta(days=platform.settings.preview_days),
        duties=duties,
        contested=_contested(session, actor),
        bills=drafts_at(session, BEFORE_DEPUTIES) if deputy else [],
        deputy=deputy,
    )


def _contested(session: Session, actor: Actor) -> int:
    """How many contested answers wait for whoever may look at them again."""
    if not actor.may("review"):
        return 0
    return count_waiting(session, () if actor.may("oversee") else actor.held_for("approve"))


def _duties(session: Session, law: Law, agency_ids: frozenset[int], now: datetime) -> list[DutyRow]:
    """What is overdue in these agencies, or due by the end of this week; all when none is named."""
    agenda = Agenda(agency_ids, now, turns(now, law.calendar, law.tz))
    rows = list_work(session, agenda, limit=DUTIES)
    return [row for row in rows[:DUTIES] if part_of(row, agenda) in PRESSING]


def _below_minimum(law: Law, draft: Draft, latest: Consultation) -> Computation | None:
    """The lawful closing, if a day decreed since makes it later than the one announced."""
    minimum = earliest_close(law, draft, latest.opens_at)
    return minimum if falls_short(latest.closes_at, minimum, latest.exception_basis) else None


@router.get("/desk/drafts/{draft_id}")
def draft_at_desk(request: Request, session: Db, actor: AtDesk, draft_id: int) -> Response:
    """One draft: its facts, versions and rounds, and what can be done with it."""
    platform = platform_of(request)
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, "desk", draft.agency_id)
    law, rounds = law_of(session, platform.pack), rounds_by_draft(session, draft_id)
    rows = register(session, DutyFilter(draft_id=draft_id, status="unsettled"), platform.clock())
    stage = Stage(draft.stage)
    prepares = actor.may_for("prepare", draft.agency_id)
    texts = versions(session, draft_id)
    waiting = texts and not texts[-1].published_at
    return render(
        request,
        "desk/draft.html",
        work=work_on(session, actor, [draft])[0],
        draft=draft,
        versions=texts,
        unready=unready(session, texts[-1]) if waiting else None,
        rounds=rounds,
        short=_below_minimum(law, draft, rounds[0]) if rounds and stage in RUNNING else None,
        duties=duty_cards(rows, agencies(session), law, platform.clock()),
        may={verb.value for verb in Verb if prepares and allows(stage, verb)},
        settled=relevance_counts(session, draft_id),
        number=number_of(session, draft_id),
    )
