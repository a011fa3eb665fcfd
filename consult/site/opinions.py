"""Opinions of councils as they are read: those on a draft, one of them, the desk of a member."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.councils.models import (
    CouncilMember,
    CouncilOpinion,
    CouncilVote,
    OpinionAnswer,
)
from consult.councils.queries import (
    answer_to,
    ballot_of,
    councils_of,
    councils_with,
    membership,
    opinion_by_id,
    opinions_on,
    standing,
    votes_of,
    waiting_in,
    watched_by,
)
from consult.councils.rules import CLOSED, WRITABLE
from consult.errors import NotFound
from consult.law.queries import law_of
from consult.obligations.cards import duty_cards
from consult.obligations.registers.agenda import turns
from consult.obligations.registers.worklist import Agenda, list_work
from consult.procedure.deciding import Ballot, Deciding, quorum_of, votes_needed
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.web import platform_of, render
from drafts.models import Draft, DraftVersion
from drafts.queries import drafts_of_agency, places

router = APIRouter()

Councillor = Annotated[Actor, Depends(Allow("counsel"))]
DUTIES = 50


def councils_acted_for(session: Session, actor: Actor) -> list[Agency]:
    """The councils somebody may act for now."""
    return councils_with(session, actor.id) if actor.may("counsel") else []


@router.get("/drafts/{draft_id}/opinions")
def read_opinions(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """What councils say of a draft, apart from comments; what they were asked and still owe."""
    page = open_page(request, session, draft_id, actor)
    own = councils_acted_for(session, actor)
    inside = [one.id or 0 for one in own]
    may = allows(Stage(page.draft.stage), Verb.COUNSEL)
    public = [one for one in page.versions if one.published_at]
    free = [
        one
        for one in (councils_of(session, page.draft.agency_id) if may and public else [])
        if standing(session, public[-1].id or 0, one.id or 0) is None
    ]
    prepares = actor.may("prepare") and actor.may_for("prepare", page.draft.agency_id)
    return render(
        request,
        "councils/opinions.html",
        entries=opinions_on(session, page.draft, inside=inside),
        askable=free if prepares else [],
        writable=[one for one in free if one.id in inside],
        **draft_context(request, page, "opinions"),
    )


@dataclass(frozen=True, slots=True)
class Read:
    """An opinion as a reader sees it. `votes` and `ballot` are for members until it is decided."""

    opinion: CouncilOpinion
    council: Agency
    version: DraftVersion
    votes: Sequence[tuple[CouncilVote, CouncilMember]]
    ballot: Ballot | None
    rule: Deciding | None
    answer: OpinionAnswer | None
    member: CouncilMember | None  # as which the reader acts, if they are one

    @property
    def is_closed(self) -> bool:
        return self.opinion.state in CLOSED

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.published_at is not None

    @property
    def shows_words(self) -> bool:
        """What was put to the vote is public once it is decided; before, members alone read it."""
        return self.is_closed or self.member is not None

    @property
    def own_vote(self) -> CouncilVote | None:
        mine = self.member.id if self.member else None
        return next((vote for vote, member in self.votes if member.id == mine), None)

    @property
    def quorum(self) -> int:
        return quorum_of(self.rule, self.ballot.members) if self.rule and self.ballot else 0

    @property
    def needed(self) -> int:
        """How many votes in favour adopt it, of those that were cast."""
        return votes_needed(self.rule, self.ballot) if self.rule and self.ballot else 0


@router.get("/opinions/{opinion_id}")
def read_opinion(request: Request, session: Db, actor: Reader, opinion_id: int) -> Response:
    """One opinion: the text, how each member voted, who dissented, what the agency answered."""
    opinion = opinion_by_id(session, opinion_id)
    page = open_page(request, session, opinion.draft_id, actor)
    read = _read(session, actor, opinion)
    if opinion.asked_at is None and not read.is_closed and read.member is None:
        raise NotFound("There is no such opinion.")
    wids = [point["wid"] for point in opinion.points]
    lang = page.lang if page.lang in read.version.langs else read.version.langs[0]
    inside = actor.may("desk") and actor.may_for("desk", page.draft.agency_id)
    return render(
        request,
        "councils/opinion.html",
        read=read,
        places=places(session, read.version.id or 0, lang, wids) if wids else {},
        answer_shown=read.is_answered or (read.answer is not None and inside),
        may=_may(actor, page.draft, read),
        **draft_context(request, page, "opinions"),
    )


def _read(session: Session, actor: Actor, opinion: CouncilOpinion) -> Read:
    votes = votes_of(session, opinion.id or 0)
    acts = {one.id for one in councils_acted_for(session, actor)}
    member = next((m for _, m in votes if m.person_id == actor.id and m.until_at is None), None)
    if member is None and opinion.agency_id in acts:
        member = membership(session, opinion.agency_id, actor.person_id)
    shown = opinion.state in CLOSED or member is not None
    return Read(
        opinion=opinion,
        council=session.get_one(Agency, opinion.agency_id),
        version=session.get_one(DraftVersion, opinion.version_id),
        votes=votes if shown else [],
        ballot=ballot_of(session, opinion.id or 0) if votes and shown else None,
        rule=Deciding.model_validate(opinion.terms) if opinion.terms else None,
        answer=answer_to(session, opinion.id or 0),
        member=member,
    )


def _may(actor: Actor, draft: Draft, read: Read) -> set[str]:
    """What this reader can do next with it, for the buttons."""
    stage, opinion = Stage(draft.stage), read.opinion
    found: set[str] = set()
    if read.member is not None and allows(stage, Verb.COUNSEL):
        found |= {"edit"} if opinion.state in WRITABLE else set()
        found |= {"put"} if opinion.state == "drafted" else set()
        vote = read.own_vote
        found |= {"vote"} if opinion.state == "voting" and vote and not vote.vote else set()
        found |= {"close"} if opinion.state == "voting" and read.member.is_chair else set()
    if opinion.state == "given" and not read.is_answered:
        for right in ("answer", "approve"):
            if actor.may(right) and actor.may_for(right, draft.agency_id):
                found.add(right)
    if read.answer is None or read.answer.written_by == actor.id:
        found.discard("approve")
    return found


@router.get("/desk/council")
def council_desk(request: Request, session: Db, actor: Councillor) -> Response:
    """Where a member begins: what waits, the drafts and all duties of the bodies watched over."""
    platform = platform_of(request)
    law, now = law_of(session, platform.pack), platform.clock()
    own = councils_acted_for(session, actor)
    watched = sorted({body for one in own for body in watched_by(session, one)})
    every = agencies(session)
    rows = []
    if watched:
        agenda = Agenda(frozenset(watched), now, turns(now, law.calendar, law.tz))
        rows = list_work(session, agenda, limit=DUTIES)
    drafts = drafts_of_agency(session, watched) if watched else []
    context: dict[str, Any] = {
        "councils": own,
        "bodies": [every[id_] for id_ in watched],
        "waiting": waiting_in(session, [one.id or 0 for one in own]),
        "drafts": [one for one in drafts if allows(Stage(one.stage), Verb.COUNSEL)],
        "duties": duty_cards(rows[:DUTIES], every, law, now),
        "more": len(rows) > DUTIES,
    }
    return render(request, "councils/desk.html", **context)
