"""Problems with an act in force, without HTTP: reported, answered, hidden."""

import pytest
from sqlmodel import select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.adoption.actions import (
    answer_problem,
    hide_problem,
)
from consult.adoption.handlers import cancel_hidden_problem, owe_answer_to_problem
from consult.adoption.queries import (
    Narrowed,
    problems,
)
from consult.adoption.rules import Reply
from consult.errors import Conflict, Invalid, NotAllowed
from consult.events import ProblemHidden, ProblemReported
from consult.moderation.publishing import public_log
from consult.obligations.models import Obligation
from consult.platform import Platform
from tests.adopted import Act, make_act
from tests.conftest import TestClock
from tests.factories import (
    actor_of,
    make_person,
)


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    return make_act(platform, clock)


def test_a_problem_is_public_at_once_and_the_same_words_are_one(act: Act) -> None:
    act.adopt(version_id=2)
    with act.platform.database.writing() as session:
        first = act.report(session, wid="art_2")
        assert act.report(session, wid="art_2", lang="ru").id == first.id
        assert (
            act.report(session, body="  They still ask for the old paper.\r\n", wid="art_2")
            is first
        )
        assert act.report(session).id != first.id  # about another place
        assert act.report(session, "Bolot", wid="art_2").id != first.id
        assert [view.problem.id for view in problems(session, 1, Narrowed(wid="art_2"))] == [3, 1]
        assert [view.problem.id for view in problems(session, 1, before=3)] == [2, 1]


def test_a_problem_is_taken_only_of_an_act_in_its_own_text_and_with_words(act: Act) -> None:
    with act.platform.database.writing() as session, pytest.raises(NotAllowed):
        act.report(session)
    act.adopt(version_id=2)
    with act.platform.database.writing() as session:
        for more, field in (
            ({"body": " "}, "body"),
            ({"body": "x" * 201}, "body"),
            ({"wid": "art_9"}, "wid"),
        ):
            with pytest.raises(Invalid) as refusal:
                act.report(session, **more)
            assert refusal.value.field == field
        with pytest.raises(NotAllowed):
            act.report(session, "Olga")


def test_until_the_final_text_is_here_no_provision_of_it_is_named(act: Act) -> None:
    act.adopt()
    with act.platform.database.writing() as session:
        with pytest.raises(Invalid):
            act.report(session, wid="art_1")
        act.report(session)


def test_the_agency_answers_once_and_who_reported_it_is_told(act: Act) -> None:
    act.adopt()
    with act.platform.database.writing() as session:
        problem, draft = act.report(session), act.draft(session)

        def answer(name: str) -> None:
            answer_problem(
                session,
                actor=act.actor(session, name),
                draft=draft,
                problem=problem,
                reply=Reply("We told every office.", "en"),
                now=act.clock.now,
            )

        for name in ("Damir", "Aizada", "Nurlan"):
            with pytest.raises(NotAllowed):
                answer(name)
        answer("Olga")
        with pytest.raises(Conflict):
            answer("Olga")
    act.drain()
    (notice,) = act.notices("Aizada", "problem_answered")
    assert notice.values["answer"] == "We told every office."
    assert notice.path == "/drafts/1/after?before=2#problem-1"


def test_a_moderator_hides_a_problem_but_nobody_of_its_agency_does(act: Act) -> None:
    act.adopt()
    with act.platform.database.writing() as session:
        problem, draft = act.report(session), act.draft(session)
        agency = session.get_one(Agency, draft.agency_id)
        inside = make_person(session, "Inside", role=Role.MODERATOR, agency=agency)

        def hide(actor: Actor, reason: str = "insult") -> None:
            hide_problem(
                session, actor=actor, draft=draft, problem=problem, reason=reason, now=act.clock.now
            )

        for actor in (actor_of(session, inside), act.actor(session, "Olga")):
            with pytest.raises(NotAllowed):
                hide(actor)
        with pytest.raises(Invalid):
            hide(act.actor(session, "Moderator"), "negative")
        hide(act.actor(session, "Moderator"))
        with pytest.raises(Conflict):
            hide(act.actor(session, "Moderator"))
        assert act.report(session).id == problem.id  # sent again it stays hidden
        with pytest.raises(Conflict):
            answer_problem(
                session,
                actor=act.actor(session, "Olga"),
                draft=draft,
                problem=problem,
                reply=Reply("No.", "en"),
                now=act.clock.now,
            )
    act.drain()
    (notice,) = act.notices("Aizada", "problem_hidden")
    assert notice.values["reason"] == "insult"


def test_nobody_is_owed_an_answer_to_a_problem_that_was_hidden_before_the_worker_heard_of_it(
    act: Act,
) -> None:
    act.adopt()
    with act.platform.database.writing() as session:
        problem, draft = act.report(session), act.draft(session)
        moderator = act.actor(session, "Moderator")
        hide_problem(
            session,
            actor=moderator,
            draft=draft,
            problem=problem,
            reason="insult",
            now=act.clock.now,
        )
        (row,) = public_log(session)  # the public log tells of it too
        assert (row.act.act, row.act.problem_id, row.receipt) == ("hide", problem.id, "")
        assert row.path.endswith(f"#problem-{problem.id}")
        ids = problem.id or 0, draft.id or 0
    with act.platform.database.writing() as session:  # its report is told of later, tried again
        cancel_hidden_problem(session, act.platform, ProblemHidden(*ids), act.clock.now)
        owe_answer_to_problem(session, act.platform, ProblemReported(*ids), act.clock.now)
    with act.platform.database.reading() as session:
        query = select(Obligation).where(Obligation.duty == "problem_answer")
        assert session.exec(query).all() == []
