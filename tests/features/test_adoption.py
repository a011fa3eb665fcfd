"""After the report, without HTTP: promises, the act with its text, problems met with."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.adoption.actions import (
    Met,
    answer_problem,
    change_commitment,
    correct_outcome,
    hide_problem,
    publish_final_text,
    record_outcome,
    report_problem,
    submit_to_parliament,
)
from consult.adoption.handlers import keep_promises
from consult.adoption.models import ActOutcome, Commitment, CommitmentStep, Problem
from consult.adoption.queries import (
    authors_behind,
    next_promise,
    outcome_of,
    problems,
    promise,
    promises,
)
from consult.adoption.rules import Decided, Step
from consult.answers.actions import approve, decide, group_comments
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import ReportPublished
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.worker import drain
from drafts.confirmation.actions import confirm_all
from drafts.models import Draft, DraftVersion, ProvisionChange
from notifications.models import Notice
from tests.conftest import TestClock
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_person,
    open_draft,
    release_report,
)

ADOPTED = {"outcome": "adopted", "number": "214"}


@dataclass
class Act:
    """A draft whose report is out: two comments were accepted, one was not, two form a group."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person]

    def actor(self, session: Session, name: str) -> Actor:
        return actor_of(session, self.people[name])

    def draft(self, session: Session) -> Draft:
        return session.exec(select(Draft)).one()

    def drain(self) -> None:
        drain(self.platform, self.clock.now)

    def record(self, session: Session, name: str = "Olga", **more: Any) -> ActOutcome:
        said = {"decided_on": self.today, **ADOPTED, **more}
        version_id = said.pop("version_id", None)
        return record_outcome(
            session,
            actor=self.actor(session, name),
            draft=self.draft(session),
            said=Decided(**said),
            version_id=version_id,
            tz=self.platform.pack.tz,
            now=self.clock.now,
        )

    def adopt(self, **more: Any) -> None:
        with self.platform.database.writing() as session:
            self.record(session, **more)
        self.drain()

    def change(self, session: Session, id_: int, step: Step, **more: Any) -> CommitmentStep:
        draft = self.draft(session)
        row = promise(session, draft.id or 0, id_).commitment
        values = {"actor": self.actor(session, "Olga"), "seen": row.state, "now": self.clock.now}
        return change_commitment(session, draft=draft, commitment=row, step=step, **(values | more))

    def report(self, session: Session, name: str = "Aizada", **more: Any) -> Problem:
        values = {"body": "They still ask for the old paper.", "lang": "en", "wid": ""} | more
        return report_problem(
            session,
            actor=self.actor(session, name),
            draft=self.draft(session),
            met=Met(**values),
            most=200,
            now=self.clock.now,
        )

    @property
    def today(self) -> date:
        return self.clock.now.astimezone(self.platform.pack.tz).date()

    def notices(self, name: str, kind: str) -> list[Notice]:
        with self.platform.database.reading() as session:
            mine = select(Notice).where(
                Notice.person_id == self.people[name].id, Notice.kind == kind
            )
            return list(session.exec(mine.order_by(col(Notice.id))).all())


def _people(session: Session, agency: Agency) -> dict[str, Person]:
    return {
        "Aizada": make_person(session),
        "Bolot": make_person(session, "Bolot"),
        "Olga": make_person(session, "Olga", role=Role.OFFICER, agency=agency),
        "Nurlan": make_person(session, "Nurlan", role=Role.APPROVER, agency=agency),
        "Damir": make_person(
            session, "Damir", role=Role.OFFICER, agency=make_agency(session, "MOH")
        ),
        "Moderator": make_person(session, "Moderator", role=Role.MODERATOR),
    }


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    """The report is out: art_2 was changed because of a comment, art_1 was not."""
    with platform.database.writing() as session:
        agency = make_agency(session)
        people = _people(session, agency)
        olga, nurlan = people["Olga"], people["Nurlan"]
        draft = open_draft(session, agency=agency)
        aizada, bolot = people["Aizada"], people["Bolot"]
        changed = make_comment(session, draft, aizada, "Six days.", wid="art_2")
        later = make_comment(session, draft, aizada, "A library in every street.", wid="art_1")
        refused = make_comment(session, draft, bolot, "No libraries.")
        group = [make_comment(session, draft, who, "Free of charge.") for who in (aizada, bolot)]
        make_comment(session, draft, bolot, "Aizada again: yes, free.", parent=group[0])
        consultation = session.exec(select(Consultation)).one()
        clock.now = consultation.closes_at
        close_consultation(session, consultation)
        add_version(session, draft, ["A library stands in every village.", "It is open six days."])
        now = clock.now
        answer_comment(
            session, changed, olga, nurlan, outcome="accepted", changed_wid="art_2", now=now
        )
        answer_comment(session, later, olga, nurlan, reason="In some streets.", now=now)
        answer_comment(session, refused, olga, nurlan, outcome="rejected", now=now)
        issue = group_comments(
            session,
            actor=actor_of(session, olga),
            consultation=consultation,
            draft=draft,
            comment_ids=[comment.id or 0 for comment in group],
            title="Free of charge",
            now=now,
        )
        row = decide(
            session,
            actor=actor_of(session, olga),
            consultation=consultation,
            draft=draft,
            issue_id=issue.id,
            outcome="accepted",
            reason="Yes.",
            lang="en",
            submit=True,
            now=now,
        )
        approve(session, actor=actor_of(session, nurlan), draft=draft, disposition=row, now=now)
        release_report(session, consultation, olga, now)
    drain(platform, clock.now)
    clock.forward(days=3)
    return Act(platform, clock, people)


def test_every_answer_that_accepts_becomes_a_promise_and_no_other(act: Act) -> None:
    with act.platform.database.reading() as session:
        found = promises(session, 1)
    assert [one.last.state for one in found] == ["done", "planned", "planned"]
    assert [one.total for one in found] == [1, 1, 2]
    assert [one.title for one in found] == ["", "", "Free of charge"]
    assert found[0].last.evidence == "/drafts/1/comparison/1/2?at=art_2#art_2"
    assert found[0].named[0].words == "Six days."


def test_promises_are_written_down_once_whatever_the_worker_does(act: Act) -> None:
    event = ReportPublished(consultation_id=1, draft_id=1)
    with act.platform.database.reading() as session:
        keep_promises(session, act.platform, event, act.clock.now)
    with act.platform.database.reading() as session:
        assert len(session.exec(select(Commitment)).all()) == 3
        assert len(session.exec(select(CommitmentStep)).all()) == 3


def test_a_promise_dates_from_the_report_however_late_the_worker_was(act: Act) -> None:
    with act.platform.database.reading() as session:
        reported_at = session.get_one(Consultation, 1).reported_at
        assert {row.created_at for row in session.exec(select(Commitment)).all()} == {reported_at}


def test_each_author_is_told_once_when_it_is_done_and_when_it_will_not_be(act: Act) -> None:
    with act.platform.database.writing() as session:
        act.change(session, 3, Step("in_progress"))
        act.change(session, 3, Step("done", evidence="https://example.org/order"))
        act.change(session, 2, Step("not_done", "There is no money."))
    act.drain()
    assert len(act.notices("Bolot", "commitment")) == 1  # of a comment and a reply in one group
    told = act.notices("Aizada", "commitment")
    assert [notice.values["state"] for notice in told] == ["done", "not_done"]
    assert told[1].values["note"] == "There is no money."
    assert told[1].path == "/comments/2"


def test_the_authors_of_an_answer_are_those_whose_words_still_stand(act: Act) -> None:
    with act.platform.database.writing() as session:
        answer = promise(session, 1, 3).answer.id or 0
        people = {name: person.id for name, person in act.people.items()}
        assert authors_behind(session, answer) == [(people["Aizada"], 4), (people["Bolot"], 5)]
        session.get_one(Comment, 5).withdrawn_at = act.clock.now
        session.flush()
        assert authors_behind(session, answer) == [(people["Aizada"], 4), (people["Bolot"], 6)]
        session.get_one(Comment, 6).hidden_at = act.clock.now
        session.flush()
        assert authors_behind(session, answer) == [(people["Aizada"], 4)]


def test_of_two_officers_only_the_first_moves_a_promise(act: Act) -> None:
    with act.platform.database.writing() as session:
        act.change(session, 2, Step("in_progress"))
        with pytest.raises(Conflict):
            act.change(session, 2, Step("not_done", "No."), seen="planned")
        assert [step.state for step in promise(session, 1, 2).steps] == ["planned", "in_progress"]


def test_only_an_officer_of_the_agency_moves_a_promise(act: Act) -> None:
    with act.platform.database.writing() as session:
        for name in ("Damir", "Aizada", "Moderator"):
            with pytest.raises(NotAllowed):
                act.change(session, 2, Step("in_progress"), actor=act.actor(session, name))


def test_a_list_goes_on_where_it_was_left(act: Act) -> None:
    with act.platform.database.reading() as session:
        first = promises(session, 1, limit=2)
        assert [one.commitment.id for one in first] == [1, 2, 3]  # one more than was asked for
        rest = promises(session, 1, after=2, limit=2)
        assert [one.commitment.id for one in rest] == [3]
        assert next_promise(session, 1, 1, "planned") == 2
        assert next_promise(session, 1, 2, "done") is None
        with pytest.raises(NotFound):
            promise(session, 2, 1)


def test_an_act_is_recorded_with_its_number_and_everybody_is_told_once(act: Act) -> None:
    act.adopt()
    with act.platform.database.reading() as session:
        assert act.draft(session).stage == "adopted"
        outcome = outcome_of(session, 1)
        assert outcome is not None
        assert (outcome.number, outcome.version_id) == ("214", None)
        decision = session.exec(select(Obligation).where(Obligation.duty == "decision")).one()
        assert decision.state == "fulfilled"
    for name in ("Aizada", "Bolot"):
        (notice,) = act.notices(name, "adopted")
        assert notice.values["number"] == "214"


def test_a_draft_goes_to_parliament_before_it_is_rejected_with_a_reason(act: Act) -> None:
    with act.platform.database.writing() as session:
        submit_to_parliament(
            session, actor=act.actor(session, "Olga"), draft=act.draft(session), now=act.clock.now
        )
        assert act.draft(session).stage == "in_parliament"
        with pytest.raises(Invalid):
            act.record(session, outcome="rejected", number="")
        act.record(session, outcome="rejected", number="", reason="Parliament voted against it.")
        assert act.draft(session).stage == "rejected"
    act.drain()
    assert act.notices("Bolot", "rejected")


def test_an_outcome_is_recorded_once_after_the_report_and_by_the_agency_itself(act: Act) -> None:
    with act.platform.database.writing() as session:
        for name in ("Damir", "Nurlan", "Aizada"):
            with pytest.raises(NotAllowed):
                act.record(session, name)
        with pytest.raises(Invalid, match="report"):
            act.record(session, decided_on=act.today - timedelta(days=4))
        act.record(session)
        with pytest.raises(NotAllowed):
            act.record(session, number="215")


def test_the_final_text_is_imported_confirmed_and_published_after_the_adoption(act: Act) -> None:
    act.adopt()
    act.clock.forward(days=1)
    with act.platform.database.writing() as session:
        draft, olga = act.draft(session), act.actor(session, "Olga")
        version = add_version(session, draft, ["A library stands in every village."])
        changed = select(ProvisionChange).where(ProvisionChange.version_id == version.id)
        for row in session.exec(changed).all():
            row.similarity = 0.0
        choice = {"actor": olga, "draft": draft, "version_id": version.id or 0}
        with pytest.raises(Conflict, match="confirm"):
            publish_final_text(session, now=act.clock.now, **choice)
        confirm_all(session, actor=olga, draft=draft, version=version, now=act.clock.now)
        publish_final_text(session, now=act.clock.now, **choice)
        assert version.published_at == act.clock.now
        outcome = outcome_of(session, 1)
        assert outcome is not None
        assert (outcome.version_id, outcome.final_at) == (version.id, act.clock.now)
    act.drain()
    assert len(act.notices("Aizada", "adopted")) == 1


def test_another_final_text_needs_a_reason_and_what_it_was_stays_public(act: Act) -> None:
    act.adopt(version_id=2)
    with act.platform.database.writing() as session:
        choice = {"actor": act.actor(session, "Olga"), "draft": act.draft(session)}
        choice |= {"version_id": 1, "now": act.clock.now}
        with pytest.raises(Invalid) as refusal:
            publish_final_text(session, **choice)
        assert refusal.value.field == "why"
        publish_final_text(session, why="The wrong version was chosen.", **choice)
        outcome = outcome_of(session, 1)
        assert outcome is not None
        assert outcome.version_id == 1
        assert outcome.corrected[0]["was"] == {"version": 2}


def test_a_correction_keeps_what_it_was_and_why_and_never_turns_the_outcome(act: Act) -> None:
    act.adopt(url="https://example.org/wrong")
    with act.platform.database.writing() as session:
        draft, olga = act.draft(session), act.actor(session, "Olga")

        def correct(why: str, **more: Any) -> None:
            said = {"outcome": "adopted", "decided_on": act.today, "number": "214"}
            correct_outcome(
                session,
                actor=olga,
                draft=draft,
                said=Decided(**(said | {"url": "https://example.org/wrong"} | more)),
                why=why,
                tz=act.platform.pack.tz,
                now=act.clock.now,
            )

        with pytest.raises(Invalid, match="different"):
            correct("No reason at all.")
        with pytest.raises(Invalid) as refusal:
            correct("", number="215")
        assert refusal.value.field == "why"
        yesterday = act.today - timedelta(days=1)
        correct("A slip.", outcome="rejected", number="215", decided_on=yesterday)
        outcome = outcome_of(session, 1)
        assert outcome is not None
        assert (outcome.outcome, outcome.number) == ("adopted", "215")
        (kept,) = outcome.corrected
        assert kept["was"] == {"number": "214", "decided_on": act.today}
        assert kept["why"] == "A slip."


def test_a_version_of_another_draft_is_not_the_final_text(act: Act) -> None:
    with act.platform.database.writing() as session:
        agency = session.exec(select(Agency).where(Agency.code == "MOH")).one()
        other = open_draft(session, agency=agency, now=act.clock.now)
        foreign = session.exec(select(DraftVersion).where(DraftVersion.draft_id == other.id)).one()
        draft = session.get_one(Draft, 1)
        with pytest.raises(Invalid) as refusal:
            record_outcome(
                session,
                actor=act.actor(session, "Olga"),
                draft=draft,
                said=Decided("adopted", act.today, "1"),
                version_id=foreign.id,
                tz=act.platform.pack.tz,
                now=act.clock.now,
            )
        assert refusal.value.field == "version"


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
        assert [view.problem.id for view in problems(session, 1, wid="art_2")] == [3, 1]
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
                text="We told every office.",
                lang="en",
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
                text="No.",
                lang="en",
                now=act.clock.now,
            )
    act.drain()
    (notice,) = act.notices("Aizada", "problem_hidden")
    assert notice.values["reason"] == "insult"


def test_a_comment_that_is_withdrawn_before_the_report_promises_nothing(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        agency = make_agency(session)
        people = _people(session, agency)
        draft = open_draft(session, agency=agency)
        comment = make_comment(session, draft, people["Aizada"])
        consultation = session.exec(select(Consultation)).one()
        clock.now = consultation.closes_at
        close_consultation(session, consultation)
        answer_comment(session, comment, people["Olga"], people["Nurlan"], now=clock.now)
        actor = actor_of(session, people["Aizada"])
        withdraw_comment(session, actor=actor, comment=comment, now=clock.now)
        release_report(session, consultation, people["Olga"], clock.now)
    drain(platform, clock.now)
    with platform.database.reading() as session:
        assert promises(session, 1) == []
