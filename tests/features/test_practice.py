"""How an act works in practice, without HTTP: kinds, echoes, by provision, the yearly review."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.adoption.actions import answer_problem, echo_problem, hide_problem, unecho_problem
from consult.adoption.models import Problem, ProblemEcho
from consult.adoption.practice.actions import publish_review, write_review
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.queries import by_place, reviews_of
from consult.adoption.practice.rules import Concluded, Finding
from consult.adoption.queries import count_problems, problems
from consult.adoption.rules import Reply
from consult.errors import Conflict, Invalid, NotAllowed
from consult.obligations.models import Obligation
from consult.platform import Platform
from tests.adopted import Act, make_act
from tests.conftest import TestClock
from tests.factories import make_person

YEAR = timedelta(days=367)
KEEP = Finding("keep", "It does what it should.")


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    act = make_act(platform, clock)
    act.adopt(version_id=2)
    return act


def echo(act: Act, session: Session, name: str, problem: Any) -> None:
    draft, actor = act.draft(session), act.actor(session, name)
    echo_problem(session, actor=actor, draft=draft, problem=problem, now=act.clock.now)


def after_a_year(act: Act) -> PracticeReview:
    """The worker is there on a day after another year; the newest review it began."""
    act.clock.now += YEAR
    act.drain()
    with act.platform.database.reading() as session:
        return reviews_of(session, 1)[0]


def write(act: Act, session: Session, name: str = "Olga", **more: Any) -> PracticeReview:
    (review, *_) = reviews_of(session, 1)
    said = Concluded(KEEP, "en", {"art_2": Finding("change", "Six days are too many.")})
    values = {"said": said, "seen": review.written_at} | more
    draft, actor = act.draft(session), act.actor(session, name)
    write_review(session, actor=actor, draft=draft, review=review, now=act.clock.now, **values)
    return review


def publish(act: Act, session: Session, name: str = "Nurlan", **more: Any) -> None:
    (review, *_) = reviews_of(session, 1)
    values = {"seen": review.written_at, "tz": act.platform.pack.tz, "now": act.clock.now} | more
    draft, actor = act.draft(session), act.actor(session, name)
    publish_review(session, actor=actor, draft=draft, review=review, **values)


def test_what_works_is_reported_too_and_nobody_owes_an_answer_to_it(act: Act) -> None:
    with act.platform.database.writing() as session:
        works = act.report(session, kind="works", body="The library is open at last.").id
        act.report(session, kind="unclear", wid="art_2")
        with pytest.raises(Invalid):
            act.report(session, kind="wonderful")
        assert count_problems(session, 1) == (2, 1)
    act.drain()
    with act.platform.database.reading() as session:
        owed = session.exec(select(Obligation.subject).where(Obligation.duty == "problem_answer"))
        assert list(owed) == ["problem:2"] != [f"problem:{works}"]
    (told,) = act.notices("Olga", "problem_reported")
    assert told.values["found"] == "unclear"
    assert act.notices("Damir", "problem_reported") == []


def test_whoever_met_with_the_same_says_so_once_and_may_take_it_back(act: Act) -> None:
    with act.platform.database.writing() as session:
        problem = act.report(session)
        for _ in range(2):
            echo(act, session, "Bolot", problem)
        for name in ("Aizada", "Olga"):  # its author; who works for an agency
            with pytest.raises(NotAllowed):
                echo(act, session, name, problem)
        (view,) = problems(session, 1, reader=act.people["Bolot"].id)
        assert (view.echoes, view.echoed) == (1, True)
        (view,) = problems(session, 1, reader=act.people["Aizada"].id)
        assert (view.echoes, view.echoed) == (1, False)
        bolot = act.actor(session, "Bolot")
        unecho_problem(session, actor=bolot, draft=act.draft(session), problem=problem)
        assert session.exec(select(ProblemEcho)).all() == []
        _hide(act, session, problem)
        with pytest.raises(Conflict):
            echo(act, session, "Bolot", problem)


def _hide(act: Act, session: Session, problem: Any) -> None:
    moderator, draft = act.actor(session, "Moderator"), act.draft(session)
    now = act.clock.now
    hide_problem(session, actor=moderator, draft=draft, problem=problem, reason="insult", now=now)


def _answer(act: Act, session: Session, problem: Any, reply: Reply) -> None:
    olga, draft = act.actor(session, "Olga"), act.draft(session)
    now = act.clock.now
    answer_problem(session, actor=olga, draft=draft, problem=problem, reply=reply, now=now)


def test_provisions_stand_in_the_order_of_how_many_met_with_something(act: Act) -> None:
    with act.platform.database.writing() as session:
        first = act.report(session, wid="art_1")
        act.report(session, "Bolot", wid="art_2", kind="works")
        act.report(session, wid="art_2", kind="burden")
        hidden = act.report(session, wid="art_2", kind="burden", body="Fools!")
        act.report(session)
        echo(act, session, "Bolot", first)
        echo(act, session, "Bolot", hidden)
        third = make_person(session, "Third")
        act.people["Third"] = third
        echo(act, session, "Third", first)
        _hide(act, session, hidden)
        _answer(act, session, first, Reply("We told every office.", "en", "practice"))
        found = by_place(session, 1)
        assert [(place.wid, place.people, place.waiting) for place in found] == [
            ("art_1", 3, 0),
            ("art_2", 2, 1),
            ("", 1, 1),
        ]
        assert found[1].kinds == {"works": 1, "burden": 1}
        assert found[0].follows == {"practice": 1}


def test_an_answer_that_promises_a_change_of_the_act_leads_to_it(act: Act) -> None:
    with act.platform.database.writing() as session:
        problem = act.report(session)
        with pytest.raises(Invalid) as refusal:
            _answer(act, session, problem, Reply("We change it.", "en", "act"))
        assert refusal.value.field == "link"
        assert problem.answered_at is None
        _answer(act, session, problem, Reply("We change it.", "en", "act", "/drafts/1"))
        assert (problem.follows, problem.follows_link) == ("act", "/drafts/1")


def test_a_year_after_the_day_of_adoption_a_review_is_owed_once(act: Act) -> None:
    act.clock.now += timedelta(days=364)
    act.drain()
    with act.platform.database.reading() as session:
        assert reviews_of(session, 1) == []
    act.clock.now += timedelta(days=3)
    for _ in range(2):
        act.drain()
    with act.platform.database.reading() as session:
        (review,) = reviews_of(session, 1)
        assert review.n == 1
        query = select(Obligation).where(Obligation.subject == f"review:{review.id}")
        (owed,) = session.exec(query).all()
        assert owed.duty == "practice_review"
        assert owed.draft_id == 1
    assert after_a_year(act).n == 2


def test_years_that_were_over_before_the_site_was_told_of_the_act_are_not_owed(
    platform: Platform, clock: TestClock
) -> None:
    act = make_act(platform, clock)
    adopted_on = act.today
    act.clock.now += YEAR * 2
    act.adopt(version_id=2, decided_on=adopted_on)
    review = after_a_year(act)
    with act.platform.database.reading() as session:
        assert [one.n for one in reviews_of(session, 1)] == [review.n] == [3]


def test_a_review_is_written_by_one_and_published_whole_by_another(act: Act) -> None:
    with act.platform.database.writing() as session:
        act.report(session, wid="art_2", kind="burden")
        act.report(session, "Bolot", wid="art_1", kind="works")
    review = after_a_year(act)
    with act.platform.database.writing() as session:
        for name in ("Aizada", "Damir", "Nurlan"):
            with pytest.raises(NotAllowed):
                write(act, session, name)
        write(act, session)
        with pytest.raises(Conflict):  # somebody was faster
            write(act, session, seen=review.written_at)
        with pytest.raises(NotAllowed):
            publish(act, session, "Olga")
        with pytest.raises(Invalid):  # of art_1 nothing is said
            publish(act, session)
        both = {"art_1": Finding("keep", ""), "art_2": Finding("change", "Too many days.")}
        write(act, session, said=Concluded(KEEP, "en", both))
        publish(act, session)
        with pytest.raises(Conflict):
            publish(act, session)
        with pytest.raises(Conflict):
            write(act, session)
    act.drain()
    for name in ("Aizada", "Bolot"):
        (told,) = act.notices(name, "practice_review")
        assert told.path == f"/reviews/{review.id}"
    with act.platform.database.reading() as session:
        query = select(Obligation).where(Obligation.subject == f"review:{review.id}")
        assert session.exec(query).one().state == "fulfilled"


def test_nobody_publishes_a_review_they_wrote_with_either_role(act: Act) -> None:
    after_a_year(act)
    with act.platform.database.writing() as session:
        agency_id = act.draft(session).agency_id
        both = make_person(session, "Both", role=Role.OFFICER)
        act.people["Both"] = both
        assert agency_id
        write(act, session, "Both", said=Concluded(KEEP, "en", {}))
        with pytest.raises(NotAllowed):
            publish(act, session, "Both")
        publish(act, session)


def test_what_was_published_stays_when_more_is_reported_or_hidden(act: Act) -> None:
    with act.platform.database.writing() as session:
        problem = act.report(session, wid="art_2", kind="burden")
        echo(act, session, "Bolot", problem)
    after_a_year(act)
    with act.platform.database.writing() as session:
        write(act, session)
        publish(act, session)
        before = reviews_of(session, 1)[0].figures
        (place,) = before["places"]
        assert (place["wid"], place["kinds"], place["echoes"]) == ("art_2", {"burden": 1}, 1)
        assert place["names"]["en"]
        _hide(act, session, session.get_one(Problem, problem.id))
        act.report(session, wid="art_1")
    act.drain()
    with act.platform.database.reading() as session:
        assert reviews_of(session, 1)[0].figures == before
