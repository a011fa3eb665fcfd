"""An installation in which everything happened that the public record speaks of."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.adoption.actions import answer_problem, report_problem
from consult.adoption.practice.actions import publish_review, write_review
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.rules import Concluded, Finding
from consult.adoption.rules import Met, Reply
from consult.chambers.bills.amending import enter_amendment
from consult.chambers.bills.rules import Change
from consult.chambers.sittings.actions import (
    add_item,
    publish_appeals,
    publish_sitting,
    record_sitting,
)
from consult.chambers.sittings.rules import Considered, Convened, Count, Item
from consult.chambers.voting.actions import publish_roll_call
from consult.chambers.voting.rules import Ballot
from consult.comments.actions import Words, edit_comment
from consult.comments.models import Comment
from consult.councils.actions import begin_opinion, cast_vote, close_vote, put_to_vote
from consult.councils.answering import publish_answer, write_answer
from consult.councils.membership import add_member
from consult.councils.rules import Opinion
from consult.feedback.actions import contest_answer
from consult.law.queries import law_of
from consult.moderation.actions import hide_comment
from consult.moderation.appealing import appeal
from consult.moderation.models import ModerationAct
from consult.moderation.redactions import redact_comment
from consult.platform import Platform
from consult.polls.models import PollQuestion
from consult.procedure.stages import Stage
from consult.proposals.models import Proposal, ProposalAnswer
from consult.questions import actions as questions
from consult.questions import answering
from consult.record.writing import keep
from drafts.models import Draft
from tests.adopted import Act, make_act
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.deliberated import DAY, DEPUTIES, deputy_named, make_sits
from tests.factories import make_agency, make_comment, make_person, open_draft
from tests.heard import come_to_hearing

SAID = "Ask Asan, 0555 12 34 56."


@kept
def make_recorded(platform: Platform, clock: TestClock) -> Act:
    """A report is out and an answer contested; of another draft one comment was edited and
    redacted, one hidden and appealed for. All of it is recorded, on several days."""
    act = make_act(platform, clock)
    with platform.database.writing() as session:
        agency = session.get_one(Agency, act.draft(session).agency_id)
        act.people["Jyldyz"] = make_person(session, "Jyldyz", role=Role.OVERSIGHT)
        refused = _said(session, "No libraries.")
        contest_answer(
            session,
            actor=act.actor(session, "Bolot"),
            law=law_of(session, platform.pack),
            comment=refused,
            reason="Nobody reads any more.",
            now=clock.now,
        )
        _poll(session, refused, clock.now)
        second = open_draft(session, agency=agency, now=clock.now)
        _counsel(session, act, second)
        _propose(session, act, agency)
        olga, bolot = act.people["Olga"], act.people["Bolot"]
        come_to_hearing(session, platform, agency, olga, bolot, "A ramp", clock.now)
        _ask(session, act, agency)
        _practise(session, act, agency)
        _deliberate(session, act, agency)
        make_comment(session, second, act.people["Aizada"], "First " + SAID, now=clock.now)
        make_comment(session, second, act.people["Bolot"], "Nonsense.", now=clock.now)
    act.drain()
    clock.forward(minutes=5)
    with platform.database.writing() as session:
        edit_comment(
            session,
            actor=act.actor(session, "Aizada"),
            comment=_said(session, "First " + SAID),
            words=Words(body="Then " + SAID, kind="substantive", stance="support"),
            window=timedelta(minutes=15),
            most=20_000,
            now=clock.now,
        )
    act.drain()
    clock.forward(days=1)
    _moderate(act)
    act.drain()
    return act


def _poll(session: Session, comment: Comment, now: datetime) -> None:
    """A question stood beside the draft, until its round was closed."""
    question = PollQuestion(
        consultation_id=comment.consultation_id,
        position=1,
        kind="single",
        words={"en": "How many days?"},
        options=[{"en": "Five"}, {"en": "Six"}],
        set_at=now,
    )
    session.add(question)
    session.flush()
    keep(session, {"poll": [question.id or 0]}, now)  # as its round was closed


def _counsel(session: Session, act: Act, draft: Draft) -> None:
    """A council of one gives its opinion; the agency answers."""
    act.people["Tilek"] = make_person(session, "Tilek")
    agency = make_agency(session, "MOJ-C", kind="council")
    agency.parent_id = draft.agency_id
    admin = Actor(id=act.people["Olga"].id, roles=frozenset({Role.ADMINISTRATOR}))
    named = {"email": "tilek@example.org", "name": "A member", "is_chair": True}
    add_member(session, actor=admin, council=agency, **named, now=act.clock.now)
    by = {"actor": act.actor(session, "Tilek"), "draft": draft, "now": act.clock.now}
    said = Opinion({"en": "Open on market days."}, "for")
    opinion = begin_opinion(session, **by, council_id=agency.id or 0, said=said)
    law = law_of(session, act.platform.pack)
    put_to_vote(session, **by, opinion=opinion, law=law)
    cast_vote(session, **by, opinion=opinion, vote="for", lang="en")
    close_vote(session, **by, opinion=opinion)
    olga = by | {"actor": act.actor(session, "Olga"), "opinion": opinion}
    write_answer(session, **olga, text="On Sundays.", taken="part", lang="en")
    publish_answer(session, **olga | {"actor": act.actor(session, "Nurlan")})


def _propose(session: Session, act: Act, agency: Agency) -> None:
    """Somebody proposed something, and it was answered."""
    now, said = act.clock.now, {"lang": "en", "state": "published"}
    proposal = Proposal(
        kind="problem",
        level="state",
        agency_id=agency.id or 0,
        lang="en",
        title="Open in the evening",
        body="Nobody who works can come at five.",
        author_id=act.people["Aizada"].id or 0,
        created_at=now,
        needed=1,
        counts="all",
        gathers_until=now,
    )
    session.add(proposal)
    session.flush()
    answer = ProposalAnswer(
        proposal_id=proposal.id or 0,
        outcome="accepted",
        reason="It opens until eight from May on.",
        drafted_by=act.people["Olga"].id or 0,
        drafted_at=now,
        published_at=now,
        **said,
    )
    session.add(answer)
    session.flush()
    rows = {"proposal": [proposal.id or 0], "proposal_answer": [answer.id or 0]}
    keep(session, rows, now)  # as its events do


def _ask(session: Session, act: Act, agency: Agency) -> None:
    """Aizada asks two questions: one is passed on, one answered, and that met the point."""
    now = act.clock.now
    aizada, olga, nurlan = (act.actor(session, name) for name in ("Aizada", "Olga", "Nurlan"))
    first, second = (
        questions.ask(
            session,
            actor=aizada,
            agency=agency,
            asked=questions.Asked(title, "Nobody could tell me.", "en"),
            most=200,
            room=2,
            now=now,
        )
        for title in ("Who mends the roof?", "When does the library open?")
    )
    to = session.exec(select(Agency).where(Agency.code == "MOH")).one()
    moved = {"to": to, "reason": "It is theirs.", "lang": "en", "now": now}
    answering.forward(session, actor=olga, question=first, **moved)
    said = {"body": "At nine.", "lang": "en", "submit": True, "now": now}
    answering.write_answer(session, actor=olga, question=second, **said)
    answering.approve_answer(session, actor=nurlan, question=second, now=now)
    questions.rate(session, actor=aizada, question=second, met=True, now=now)


def _practise(session: Session, act: Act, agency: Agency) -> None:
    """Aizada met with a problem of an act in force, and was answered; a year of it is reviewed."""
    now, tz = act.clock.now, act.platform.pack.tz
    draft = open_draft(session, agency=agency, now=now)
    draft.stage = Stage.ADOPTED.value
    today = {"since_on": now.date(), "until_on": now.date()}
    review = PracticeReview(draft_id=draft.id or 0, n=1, **today, begun_at=now, written_at=now)
    session.add_all([draft, review])
    session.flush()
    aizada, olga, nurlan = (act.actor(session, name) for name in ("Aizada", "Olga", "Nurlan"))
    met = Met("They still ask for the old paper.", "en", "")
    by = {"draft": draft, "now": now}
    problem = report_problem(session, **by, actor=aizada, met=met, most=200)
    reply = Reply("We told every office.", "en", "practice")
    answer_problem(session, **by, actor=olga, problem=problem, reply=reply)
    found = {"art_2": Finding("change", "Six days are too many.")}
    said = Concluded(Finding("keep", "It does what it should."), "en", found)
    write_review(session, **by, actor=olga, review=review, said=said, seen=now)
    publish_review(session, **by, actor=nurlan, review=review, seen=now, tz=tz)


def _deliberate(session: Session, act: Act, agency: Agency) -> None:
    """A bill was read, amended and voted on; its parliament sat, and told what people wrote."""
    now, tz = act.clock.now, act.platform.pack.tz
    sits = make_sits(session, open_draft(session, agency=agency, now=now), now)
    of_bill = {"actor": sits.secretary, "draft": sits.draft, "now": now}
    change = Change("1", "It lends at home.", "en", place="After Article 2", author="A committee")
    enter_amendment(session, **of_bill, said=change)
    (seat, *_) = DEPUTIES
    ballot = Ballot(deputy_named(session, seat.name).id or 0, "for", seat.faction, now)
    publish_roll_call(session, **of_bill, reading=sits.reading, ballots=[ballot])
    of_body = {"actor": sits.secretary, "body": sits.body, "tz": tz, "now": now}
    sitting = record_sitting(session, **of_body, said=Convened("A sitting", DAY, "en"))
    by = {"actor": sits.secretary, "sitting": sitting}
    add_item(session, **by, said=Item("On libraries", "It was passed.", sits.draft.id))
    publish_sitting(session, **by, results="They sat for an hour.", url="", now=now)
    counts = [Count("Roads", "explained", 3)]
    publish_appeals(session, **of_body, said=Considered(DAY, DAY, "en", "Few wrote.", counts))


def _said(session: Session, body: str) -> Comment:
    return session.exec(select(Comment).where(Comment.body == body)).one()


def _moderate(act: Act) -> None:
    platform, now = act.platform, act.clock.now
    with platform.database.writing() as session:
        law, moderator = law_of(session, platform.pack), act.actor(session, "Moderator")
        redact_comment(
            session,
            actor=moderator,
            comment=_said(session, "Then " + SAID),
            pieces=("0555 12 34 56",),
            note="a telephone number",
            law=law,
            now=now,
        )
        rude = _said(session, "Nonsense.")
        hide_comment(session, actor=moderator, comment=rude, reason="insult", now=now)
        hidden = select(ModerationAct).where(col(ModerationAct.act) == "hide")
        appeal(
            session,
            actor=act.actor(session, "Bolot"),
            act=session.exec(hidden).one(),
            comment=rude,
            reason="It is no insult.",
            law=law,
            now=now,
        )
