"""After the report, without HTTP: promises kept track of, and the act with its text."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Agency
from consult.adoption.actions import (
    correct_outcome,
    publish_final_text,
    record_outcome,
    submit_to_parliament,
)
from consult.adoption.handlers import keep_promises
from consult.adoption.models import Commitment, CommitmentStep
from consult.adoption.queries import (
    authors_behind,
    next_promise,
    outcome_of,
    promise,
    promises,
)
from consult.adoption.rules import Decided, Step
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import ReportPublished
from consult.law.queries import law_of
from consult.obligations.actions import Correction, correct
from consult.obligations.ledger.rules import fold
from consult.obligations.models import Obligation
from consult.obligations.queries import ledger
from consult.platform import Platform
from consult.worker import drain
from drafts.confirmation.actions import confirm_all
from drafts.models import Draft, DraftVersion, ProvisionChange
from tests.adopted import Act, make_act, people_of
from tests.conftest import TestClock
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_person,
    open_consultation,
    open_draft,
    release_report,
)


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    return make_act(platform, clock)


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


def test_a_reply_of_a_later_round_shares_no_answer_with_its_root(act: Act) -> None:
    with act.platform.database.writing() as session:
        answer = promise(session, 1, 3).answer.id or 0
        before = authors_behind(session, answer)
        draft = act.draft(session)
        open_consultation(session, draft, now=act.clock.now)
        root, late = session.get_one(Comment, 4), make_person(session, "Late")
        make_comment(session, draft, late, "Still not free.", parent=root, now=act.clock.now)
        assert authors_behind(session, answer) == before


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


def final_text(act: Act) -> Obligation:
    with act.platform.database.reading() as session:
        return session.exec(select(Obligation).where(Obligation.duty == "final_text")).one()


def correct_day(act: Act, decided_on: date, number: str = "214") -> None:
    with act.platform.database.writing() as session:
        correct_outcome(
            session,
            actor=act.actor(session, "Olga"),
            draft=act.draft(session),
            said=Decided("adopted", decided_on=decided_on, number=number),
            why="The wrong day was entered.",
            tz=act.platform.pack.tz,
            now=act.clock.now,
        )
    act.drain()


def test_the_final_text_is_owed_from_the_day_of_adoption_as_it_was_corrected(act: Act) -> None:
    act.clock.forward(days=7)
    wrong = act.today
    act.adopt(decided_on=wrong)
    due_at = final_text(act).due_at
    act.clock.forward(days=1)
    right = wrong - timedelta(days=3)
    correct_day(act, right)
    duty = final_text(act)
    assert duty.due_at != due_at
    with act.platform.database.reading() as session:
        lines = ledger(session, duty.id or 0)
    assert [line.kind for line in lines] == ["created", "triggered", "corrected"]
    assert lines[-1].data["reason"] == "The day of adoption was corrected."
    began = fold(lines).trigger_at
    assert began is not None
    assert began.astimezone(act.platform.pack.tz).date() == right
    assert len(act.notices("Aizada", "adopted")) == 1
    correct_day(act, right, number="215")  # another slip moves nothing
    with act.platform.database.reading() as session:
        assert ledger(session, duty.id or 0) == lines


def test_a_beginning_that_a_person_set_for_the_final_text_stays(act: Act) -> None:
    act.clock.forward(days=7)
    act.adopt()
    with act.platform.database.writing() as session:
        oversight = make_person(session, "Oversight", role=Role.OVERSIGHT)
        correct(
            session,
            law_of(session, act.platform.pack),
            actor=actor_of(session, oversight),
            obligation_id=final_text(act).id or 0,
            correction=Correction(trigger_at=act.clock.now - timedelta(days=5), reason="It was."),
            now=act.clock.now,
        )
    due_at = final_text(act).due_at
    correct_day(act, act.today - timedelta(days=1))
    assert final_text(act).due_at == due_at


def test_a_final_text_that_was_published_stays_as_punctual_as_it_was(act: Act) -> None:
    act.clock.forward(days=30)
    act.adopt(version_id=2)
    duty = final_text(act)
    assert duty.state == "fulfilled"
    correct_day(act, act.today - timedelta(days=20))
    assert final_text(act).due_at == duty.due_at


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
                pack=act.platform.pack,
                now=act.clock.now,
            )
        assert refusal.value.field == "version"


def test_a_comment_that_is_withdrawn_before_the_report_promises_nothing(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        agency = make_agency(session)
        people = people_of(session, agency)
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
