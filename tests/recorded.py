"""An installation in which everything happened that the public record speaks of."""

from datetime import timedelta

from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.models import Agency
from consult.comments.actions import Words, edit_comment
from consult.comments.models import Comment
from consult.feedback.actions import contest_answer
from consult.law.queries import law_of
from consult.moderation.actions import hide_comment
from consult.moderation.appealing import appeal
from consult.moderation.models import ModerationAct
from consult.moderation.redactions import redact_comment
from consult.platform import Platform
from consult.polls.models import PollQuestion
from consult.record.writing import keep
from tests.adopted import Act, make_act
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.factories import make_comment, make_person, open_draft

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
        question = PollQuestion(
            consultation_id=refused.consultation_id,
            position=1,
            kind="single",
            words={"en": "How many days?"},
            options=[{"en": "Five"}, {"en": "Six"}],
            set_at=clock.now,
        )
        session.add(question)
        session.flush()
        keep(session, {"poll": [question.id or 0]}, clock.now)  # as its round was closed
        second = open_draft(session, agency=agency, now=clock.now)
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
