"""Bills in parliament and keneshes: who records what, what follows, what stays of mistakes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.chambers.bills.actions import (
    correct_reading,
    correct_registration,
    record_reading,
    record_speech,
    register_bill,
    take_out_speech,
)
from consult.chambers.bills.amending import decide_amendment, enter_amendment, ground_of
from consult.chambers.bills.amending import take_amendments as take_table
from consult.chambers.bills.models import Amendment
from consult.chambers.bills.queries import amendments_of, registered, said_about, speeches_at
from consult.chambers.bills.reading import read_amendments
from consult.chambers.bills.rules import Change, Decided, Held, Registered, Spoken
from consult.chambers.deputies.actions import correct_deputy, take_deputies
from consult.chambers.deputies.queries import deputies_of, seats_of
from consult.chambers.deputies.rules import Sat
from consult.chambers.rules import corrections
from consult.chambers.voting.actions import publish_roll_call
from consult.chambers.voting.models import RollCall
from consult.chambers.voting.queries import count_votes_of, roll_calls_at, votes_of
from consult.chambers.voting.reading import Setting, read_roll_call
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.platform import Platform
from consult.procedure.stages import Stage
from consult.worker import drain
from drafts.actions import set_stage
from notifications.models import Message
from tests import factories
from tests.conftest import START
from tests.decrees import PACK
from tests.deliberated import (
    DAY,
    DEPUTIES,
    NOW,
    SINCE,
    VOTES,
    Sits,
    deputy_named,
    make_body,
    make_sits,
)


def call(session: Session, sits: Sits, text: str = VOTES, why: str = "") -> RollCall:
    setting = Setting(seats_of(session, sits.body.id or 0), DAY, PACK.tz)
    read = read_roll_call(text, setting)
    assert not read.problems
    return publish_roll_call(
        session,
        actor=sits.secretary,
        draft=sits.draft,
        reading=sits.reading,
        ballots=read.rows,
        why=why,
        now=NOW,
    )


def by(sits: Sits) -> dict[str, Any]:
    return {"actor": sits.secretary, "draft": sits.draft, "now": NOW}


def test_only_its_own_secretariat_records_and_only_of_a_bill_before_it(session: Session) -> None:
    sits = make_sits(session)
    other, stranger = make_body(session, "OTHER", "kenesh")
    held = Held(2, DAY + timedelta(days=1), "passed")
    for actor in (stranger, factories.actor_of(session, factories.make_person(session, "Asel"))):
        with pytest.raises(NotAllowed):
            record_reading(session, **by(sits) | {"actor": actor}, said=held, tz=PACK.tz)
    draft = factories.open_draft(session, agency=other)
    with pytest.raises(NotFound, match="not registered"):
        record_reading(session, **by(sits) | {"draft": draft}, said=held, tz=PACK.tz)
    said = Registered(sits.body.id or 0, "1", date(2026, 9, 8))
    with pytest.raises(NotAllowed, match="stage"):
        register_bill(session, **by(sits) | {"draft": draft}, said=said, tz=PACK.tz)
    with pytest.raises(Conflict, match="already"):
        register_bill(session, **by(sits), said=said, tz=PACK.tz)
    ministry = replace(said, body_id=sits.draft.agency_id)
    with pytest.raises(Invalid):
        correct_registration(session, **by(sits), said=ministry, why="x", tz=PACK.tz)


def test_minutes_may_come_after_the_act_was_adopted(session: Session) -> None:
    sits = make_sits(session)
    set_stage(session, sits.draft.id or 0, Stage.ADOPTED, NOW, actor_id=None)
    session.refresh(sits.draft)
    held = Held(2, DAY + timedelta(days=1), "passed")
    assert record_reading(session, **by(sits), said=held, tz=PACK.tz).n == 2


def test_what_was_recorded_wrongly_stays_public(session: Session) -> None:
    sits = make_sits(session)
    said = Held(1, DAY, "returned")
    about = by(sits) | {"reading": sits.reading, "tz": PACK.tz}
    correct_reading(session, said=said, why="The minutes say so.", **about)
    (one,) = corrections(sits.reading.corrections)
    assert (one.why, one.was) == ("The minutes say so.", {"outcome": "passed"})
    with pytest.raises(Invalid, match="different"):
        correct_reading(session, said=said, why="Again.", **about)
    bill = registered(session, sits.draft.id or 0)
    number = Registered(bill.body_id, "6-2/26", bill.registered_on)
    correct_registration(session, **by(sits), said=number, why="A slip.", tz=PACK.tz)
    assert corrections(bill.corrections)[0].was == {"number": "6-1/26"}


def test_who_spoke_stands_in_order_and_what_goes_is_told(session: Session) -> None:
    sits = make_sits(session)
    deputy = deputy_named(session, "Asanov Bakyt").id
    about = by(sits) | {"reading": sits.reading}
    record_speech(session, said=Spoken("Too dear.", "en", "oppose", deputy), **about)
    guest = record_speech(session, said=Spoken("We need it.", "en", guest="Minister"), **about)
    found = speeches_at(session, sits.reading.id or 0)
    assert [(one.speech.position, bool(one.deputy)) for one in found] == [(1, True), (2, False)]
    with pytest.raises(Invalid):
        record_speech(session, said=Spoken("Hm.", "en", deputy_id=9999), **about)
    with pytest.raises(Invalid, match="reason"):
        take_out_speech(session, speech_id=guest.id or 0, why="", **about)
    take_out_speech(session, speech_id=guest.id or 0, why="He was not there.", **about)
    assert sits.reading.corrections[-1]["was"] == {"speech": "Minister: We need it."}


def test_amendments_keep_the_words_they_change_and_what_the_public_said(session: Session) -> None:
    sits = make_sits(session)
    said = Change("1", "It is open daily.", "en", wid="art_2", author="Government")
    row = enter_amendment(session, **by(sits), said=said)
    assert row.current == "It is open five days a week."
    with pytest.raises(Conflict, match="number"):
        enter_amendment(session, **by(sits), said=said)
    with pytest.raises(Invalid, match="no such provision"):
        enter_amendment(session, **by(sits), said=replace(said, number="2", wid="art_9"))
    assert said_about(session, sits.draft.id or 0, ["art_2"]) == {}


def test_a_decision_may_be_changed_for_a_reason_alone(session: Session) -> None:
    sits = make_sits(session)
    said = Change("1", "It is open daily.", "en", wid="art_2", author="Government")
    row = enter_amendment(session, **by(sits), said=said)
    about = by(sits) | {"amendment": row}
    decide_amendment(session, said=Decided("accepted", "Good."), why="", **about)
    with pytest.raises(Invalid, match="reason"):
        decide_amendment(session, said=Decided("withdrawn"), why="", **about)
    decide_amendment(session, said=Decided("withdrawn"), why="By its author.", **about)
    assert corrections(row.corrections)[0].was == {"decision": "accepted", "conclusion": "Good."}


def test_a_table_of_amendments_is_taken_whole_or_not_at_all(session: Session) -> None:
    sits = make_sits(session)
    table = b"number,author,provision,proposed\n1,Asanov Bakyt,art_2,It is open daily.\n2,X,art_1,"
    ground = ground_of(session, sits.draft, sits.body.id or 0, "en")
    read = read_amendments(table, ground)
    assert take_table(session, **by(sits), lines=read.rows) == 2
    with pytest.raises(Conflict), session.begin_nested():
        take_table(session, **by(sits), lines=[read.rows[0]])
    assert len(amendments_of(session, sits.draft.id or 0)) == 2
    assert session.exec(select(Amendment.current)).first() == "It is open five days a week."


def test_a_roll_call_is_counted_by_the_faction_of_that_day(session: Session) -> None:
    sits = make_sits(session)
    roll_call = call(session, sits)
    deputy = deputy_named(session, "Asanov Bakyt")
    said = replace(DEPUTIES[0], faction="Other")
    about = {"actor": sits.secretary, "deputy": deputy, "now": NOW}
    correct_deputy(session, said=said, person_id=None, **about)
    (called,) = roll_calls_at(session, [sits.reading.id or 0])[sits.reading.id or 0]
    assert called.roll_call.id == roll_call.id
    assert {one.faction: one.numbers for one in called.factions} == {
        "Unity": (1, 0, 0, 0),
        "Our Land": (0, 1, 0, 0),
    }
    assert count_votes_of(session, deputy.id or 0).of("for") == 1
    assert [one.draft.id for one in votes_of(session, deputy.id or 0)] == [sits.draft.id]


def test_a_public_roll_call_is_replaced_for_a_reason_and_its_totals_stay(session: Session) -> None:
    sits = make_sits(session)
    first = call(session, sits)
    other = VOTES.replace("against", "for")
    with pytest.raises(Conflict, match="public already"), session.begin_nested():
        call(session, sits, other)
    again = call(session, sits, other, why="The minutes were wrong.")
    assert again.id == first.id
    assert corrections(again.corrections)[0].was == {"for": 1, "against": 1}
    (called,) = roll_calls_at(session, [sits.reading.id or 0])[sits.reading.id or 0]
    assert called.whole.numbers == (2, 0, 0, 0)


def test_a_list_of_deputies_adds_and_corrects_and_takes_nobody_off(session: Session) -> None:
    body, secretary = make_body(session)
    ended = replace(DEPUTIES[0], until_on=date(2026, 8, 1))
    new = Sat("New Member", "", "", SINCE)
    about = {"actor": secretary, "body": body, "now": NOW}
    assert take_deputies(session, deputies=[ended, new], **about) == (1, 1)
    assert take_deputies(session, deputies=[ended, new], **about) == (0, 0)
    today = date(2026, 9, 10)
    now = deputies_of(session, body.id or 0, former=False, today=today)
    former = deputies_of(session, body.id or 0, former=True, today=today)
    assert [row.name for row in now] == ["New Member", "Petrova Olga"]
    assert [row.name for row in former] == ["Asanov Bakyt", "Former Member"]


def test_the_account_of_a_deputy_is_one_of_that_body(session: Session) -> None:
    body, secretary = make_body(session)
    deputy = deputy_named(session, "Petrova Olga")
    citizen = factories.make_person(session, "Asel")
    member = factories.make_person(session, "Olga P", role=Role.PARLIAMENTARIAN, agency=body)
    about = {"actor": secretary, "deputy": deputy, "said": DEPUTIES[1], "now": NOW}
    with pytest.raises(Invalid):
        correct_deputy(session, person_id=citizen.id, **about)
    correct_deputy(session, person_id=member.id, **about)
    assert deputy.person_id == member.id


def test_followers_are_told_once_of_a_reading_and_of_its_roll_call(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = factories.open_draft(session)
        author = factories.make_person(session, "Asel")
        factories.make_comment(session, draft, author)
        sits = make_sits(session, draft)
        call(session, sits)
    drain(platform, NOW)
    with platform.database.writing() as session:
        sits = replace(sits, draft=session.merge(sits.draft), reading=session.merge(sits.reading))
        call(session, sits, VOTES.replace("against", "for"), why="The minutes were wrong.")
    drain(platform, NOW)
    with platform.database.reading() as session:
        wanted = select(Message.kind).where(Message.kind.in_(("reading_held", "roll_call")))  # type: ignore[attr-defined]
        assert sorted(session.exec(wanted).all()) == ["reading_held", "roll_call"]
    assert START < NOW
