"""Acts of the access matrix around opinions of councils; the others are in matrix_acts.py."""

from typing import Any

from consult.accounts.models import Agency
from consult.councils import actions, answering
from consult.councils.models import CouncilMember, CouncilOpinion, CouncilVote, OpinionAnswer
from consult.councils.rules import Opinion
from consult.procedure.deadlines import local_day
from tests.features.matrix import Moment

SAID = Opinion({"en": "Open on market days."}, "for_with_remarks")


def given_council(m: Moment) -> None:
    """A council of the agency; councillors who are not another agency's are members, and chair."""
    council = Agency(
        code="MOJ-C",
        kind="council",
        names={"en": "Council"},
        parent_id=m.draft.agency_id,
        created_at=m.now,
    )
    m.keep("council", council)
    if m.actor.may("counsel") and m.actor.may_for("counsel", m.draft.agency_id):
        m.keep("member", _member(m, m.actor.person_id))


def _member(m: Moment, person_id: int) -> CouncilMember:
    return CouncilMember(
        agency_id=m.row("council"),
        person_id=person_id,
        name="A member",
        is_chair=True,
        since_at=m.now,
    )


def _given(m: Moment, state: str, **more: Any) -> None:
    given_council(m)
    rule = m.law.pack.deciding_on(local_day(m.now, m.law.tz))
    opinion = CouncilOpinion(
        draft_id=m.row("draft"),
        version_id=m.row("version"),
        agency_id=m.row("council"),
        state=state,
        asked_at=m.now,
        words=dict(SAID.words),
        lang="en",
        conclusion=SAID.conclusion,
        points=[{"wid": "art_1", "words": "In every village."}],
        terms=rule.model_dump(mode="json"),
        **more,
    )
    m.keep("opinion", opinion)


def given_asked(m: Moment) -> None:
    _given(m, "asked")


def given_drafted(m: Moment) -> None:
    _given(m, "drafted")


def given_voting(m: Moment, vote: str = "", state: str = "voting", **more: Any) -> None:
    """Whoever tries votes, if they are a member; else an officer is one, for the time being."""
    m.scene.rows.pop("member", None)
    _given(m, state, put_at=m.now)
    if "member" not in m.scene.rows:
        m.keep("member", _member(m, m.row("olga")))
    ids = {"opinion_id": m.row("opinion"), "member_id": m.row("member")}
    m.keep("council vote", CouncilVote(**ids, vote=vote, **more))


def given_voted(m: Moment) -> None:
    given_voting(m, "for")


def given_opinion(m: Moment) -> None:
    given_voting(m, "against", "given", dissent="Who shall pay for it?", dissent_lang="en")


def given_answer(m: Moment) -> None:
    given_opinion(m)
    said = {"text": "On Sundays.", "lang": "en", "taken": "part", "written_at": m.now}
    by = {"opinion_id": m.row("opinion"), "written_by": m.row("olga")}
    m.keep("opinion answer", OpinionAnswer(**said, **by))


def _about(m: Moment) -> dict[str, Any]:
    return {"draft": m.draft, "opinion": m.session.get_one(CouncilOpinion, m.row("opinion"))}


def ask(m: Moment) -> None:
    m.do(actions.ask_council, draft=m.draft, council_id=m.row("council"))


def begin(m: Moment) -> None:
    m.do(actions.begin_opinion, draft=m.draft, council_id=m.row("council"), said=SAID)


def write(m: Moment) -> None:
    m.do(actions.write_opinion, **_about(m), said=SAID)


def put(m: Moment) -> None:
    m.do(actions.put_to_vote, **_about(m), law=m.law)


def vote(m: Moment) -> None:
    m.do(actions.cast_vote, **_about(m), vote="for", lang="en")


def close(m: Moment) -> None:
    m.do(actions.close_vote, **_about(m))


def answer(m: Moment) -> None:
    m.do(answering.write_answer, **_about(m), text="On Sundays.", taken="part", lang="en")


def publish(m: Moment) -> None:
    m.do(answering.publish_answer, **_about(m))
