"""What is done with an opinion of a council: asked for, written, put to the vote, voted, decided.

What the agency answers to it: answering.py. Who belongs to a council: membership.py.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.comments.rules import clean_body
from consult.councils.membership import member_of
from consult.councils.models import CouncilMember, CouncilOpinion, CouncilVote
from consult.councils.queries import ballot_of, councils_of, members_of, standing, vote_of
from consult.councils.rules import (
    ABSENT,
    Opinion,
    check_closable,
    check_opinion,
    check_puttable,
    check_vote,
    check_writable,
)
from consult.db import affected
from consult.errors import N_, Conflict, Invalid
from consult.law.queries import Law
from consult.procedure.deadlines import local_day
from consult.procedure.deciding import Deciding, is_adopted, is_quorate, quorum_of
from consult.procedure.stages import Stage, Verb, check_allowed
from consult.voice_events import OpinionAsked, OpinionFailed, OpinionGiven, OpinionPut
from drafts.actions import hold
from drafts.models import Draft, DraftVersion
from drafts.queries import provision_texts, versions

THERE = N_("This council has an opinion on this version already, or is asked for one.")


def ask_council(
    session: Session, *, actor: Actor, draft: Draft, council_id: int, now: datetime
) -> CouncilOpinion:
    """An officer asks a council of the agency for its opinion on the text that is public.

    Raises NotAllowed; Invalid for a council of another agency; Conflict the second time.
    """
    check_agency(actor, "prepare", draft.agency_id)
    hold(session, draft)
    check_allowed(Stage(draft.stage), Verb.COUNSEL)
    council = next(
        (one for one in councils_of(session, draft.agency_id) if one.id == council_id), None
    )
    if council is None:
        raise Invalid("This is no council of this agency.", field="council")
    return ask(session, draft, council, public_version(session, draft), now, by=actor.id)


def ask(
    session: Session,
    draft: Draft,
    council: Agency,
    version: DraftVersion,
    at: datetime,
    *,
    by: int | None = None,
) -> CouncilOpinion:
    """Ask a council; by nobody in particular where the rules do. Raises Conflict."""
    opinion = _new(session, draft, council.id or 0, version, "asked")
    opinion.asked_at, opinion.asked_by = at, by
    session.add(opinion)
    outbox.record(session, OpinionAsked(opinion.id or 0, draft.id or 0), at)
    return opinion


def public_version(session: Session, draft: Draft) -> DraftVersion:
    """The newest text everybody may read; raises Conflict where there is none."""
    public = [one for one in versions(session, draft.id or 0) if one.published_at]
    if not public:
        raise Conflict("There is no public text to speak about.")
    return public[-1]


def _new(
    session: Session, draft: Draft, agency_id: int, version: DraftVersion, state: str
) -> CouncilOpinion:
    if standing(session, version.id or 0, agency_id):
        raise Conflict(THERE)
    opinion = CouncilOpinion(
        draft_id=draft.id or 0, version_id=version.id or 0, agency_id=agency_id, state=state
    )
    try:
        with session.begin_nested():
            session.add(opinion)
    except IntegrityError as error:  # somebody else did, at the same instant
        raise Conflict(THERE) from error
    return opinion


def begin_opinion(
    session: Session, *, actor: Actor, draft: Draft, council_id: int, said: Opinion, now: datetime
) -> CouncilOpinion:
    """A member writes an opinion nobody asked for, on the text that is public."""
    member = member_of(session, actor, council_id)
    hold(session, draft)
    check_allowed(Stage(draft.stage), Verb.COUNSEL)
    if council_id not in {one.id for one in councils_of(session, draft.agency_id)}:
        raise Conflict("This council watches over another body.")
    opinion = _new(session, draft, council_id, public_version(session, draft), "drafted")
    _write(session, opinion, member, said, now)
    return opinion


def write_opinion(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    opinion: CouncilOpinion,
    said: Opinion,
    now: datetime,
) -> None:
    """A member writes, or changes, what is to be voted on; raises Conflict once the vote began."""
    member = member_of(session, actor, opinion.agency_id)
    _hold(session, draft, opinion)
    check_writable(opinion.state)
    _write(session, opinion, member, said, now)


def _hold(session: Session, draft: Draft, opinion: CouncilOpinion) -> None:
    """Of two who act on one opinion at once the second sees what the first has done."""
    check_allowed(Stage(draft.stage), Verb.COUNSEL)
    session.refresh(opinion, with_for_update=True)


def _write(
    session: Session, opinion: CouncilOpinion, member: CouncilMember, said: Opinion, now: datetime
) -> None:
    version = session.get_one(DraftVersion, opinion.version_id)
    wids = [point.wid for point in said.points]
    known = {wid for wid, _ in provision_texts(session, version.id or 0, wids)} if wids else set()
    check_opinion(said, version.langs, known)
    words = {lang: clean_body(said.words.get(lang, "")) for lang in version.langs}
    opinion.words = {lang: text for lang, text in words.items() if text}
    opinion.lang = next(iter(opinion.words))
    opinion.conclusion = said.conclusion
    opinion.points = [{"wid": one.wid, "words": clean_body(one.words)} for one in said.points]
    opinion.state, opinion.drafted_by, opinion.drafted_at = "drafted", member.id, now
    session.add(opinion)


def put_to_vote(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    opinion: CouncilOpinion,
    law: Law,
    now: datetime,
) -> None:
    """Lay it before the members there are now; how the council decides stays as it is today."""
    member_of(session, actor, opinion.agency_id)
    _hold(session, draft, opinion)
    check_puttable(opinion.state)
    rule = law.pack.deciding_on(local_day(now, law.tz))
    opinion.state, opinion.put_at = "voting", now
    opinion.terms = rule.model_dump(mode="json")
    session.add(opinion)
    for member in members_of(session, opinion.agency_id):
        session.add(CouncilVote(opinion_id=opinion.id or 0, member_id=member.id or 0))
    session.flush()
    outbox.record(session, OpinionPut(opinion.id or 0, draft.id or 0), now)


def cast_vote(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    opinion: CouncilOpinion,
    vote: str,
    dissent: str = "",
    lang: str,
    now: datetime,
) -> None:
    """A member votes, once; who does not vote in favour may say why, for everybody to read."""
    member = member_of(session, actor, opinion.agency_id)
    _hold(session, draft, opinion)
    row, dissent = vote_of(session, opinion.id or 0, member.id or 0), clean_body(dissent)
    if row is None:
        raise Conflict("The vote began before you became a member.")
    check_vote(opinion.state, row.vote, vote, dissent)
    own = col(CouncilVote.id) == row.id, col(CouncilVote.vote) == ""
    said = {"vote": vote, "dissent": dissent, "dissent_lang": lang if dissent else ""}
    cast = session.execute(update(CouncilVote).where(*own).values(**said, voted_at=now))
    if affected(cast) != 1:
        raise Conflict("You have voted already. A vote is cast once.")
    session.refresh(row)


def close_vote(
    session: Session, *, actor: Actor, draft: Draft, opinion: CouncilOpinion, now: datetime
) -> None:
    """Who chairs the council ends the vote: with a majority the opinion is given, and public.

    Raises Conflict as long as too few members have voted; without a majority it has failed.
    """
    member = member_of(session, actor, opinion.agency_id)
    _hold(session, draft, opinion)
    check_closable(opinion.state, chairs=member.is_chair)
    rule, ballot = Deciding.model_validate(opinion.terms), ballot_of(session, opinion.id or 0)
    if not is_quorate(rule, ballot):
        raise Conflict(
            "Too few members have voted: {present} of the {needed} that are needed.",
            present=ballot.present,
            needed=quorum_of(rule, ballot.members),
        )
    missing = col(CouncilVote.opinion_id) == opinion.id, col(CouncilVote.vote) == ""
    session.execute(update(CouncilVote).where(*missing).values(vote=ABSENT))
    given = is_adopted(rule, ballot)
    opinion.state, opinion.closed_by, opinion.closed_at = (
        "given" if given else "failed",
        member.id,
        now,
    )
    session.add(opinion)
    session.flush()
    event = (OpinionGiven if given else OpinionFailed)(opinion.id or 0, draft.id or 0)
    outbox.record(session, event, now)
