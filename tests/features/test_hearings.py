"""Hearings without HTTP: who convenes them, who comes, what follows when they are over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consult.errors import Conflict, Invalid, NotAllowed
from consult.hearings.queries import drafts_to_hear, history
from consult.hearings.rules import Place, State, Times
from consult.platform import Platform
from tests.conftest import TestClock
from tests.heard import BEGINS, MINUTES, WHY, Heard, make_heard, said

DAY = timedelta(days=1)


@pytest.fixture
def heard(platform: Platform, clock: TestClock) -> Heard:
    return make_heard(platform, clock)


def lines(heard: Heard, id_: int) -> list[str]:
    with heard.platform.database.reading() as session:
        return [change.kind for change in history(session, id_)]


@pytest.mark.parametrize("name", ["Damir", "Aizada"])
def test_only_an_officer_of_the_agency_convenes_and_writes_up(heard: Heard, name: str) -> None:
    id_ = heard.announce()
    with pytest.raises(NotAllowed):
        heard.announce(name=name)
    with pytest.raises(NotAllowed):
        heard.change(id_, said(seats=9), name=name)
    with pytest.raises(NotAllowed):
        heard.call_off(id_, name=name)
    heard.clock.now = BEGINS + DAY
    with pytest.raises(NotAllowed):
        heard.write(id_, name=name)


def test_a_hearing_in_the_past_is_refused_and_nothing_is_saved(heard: Heard) -> None:
    with pytest.raises(Invalid) as refused:
        heard.announce(said(heard.clock.now - DAY))
    assert refused.value.field == "on"
    assert heard.announce() == 1


def test_a_hearing_is_about_public_drafts_of_its_own_agency(heard: Heard) -> None:
    with pytest.raises(Invalid) as refused:
        heard.announce(said(drafts=(heard.draft_id, 99)))
    assert refused.value.field == "drafts"


def test_a_draft_it_is_about_can_be_chosen_however_many_newer_ones_there_are(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.hearings.queries.MOST_DRAFTS", 0)
    with heard.platform.database.reading() as session:
        assert drafts_to_hear(session, [heard.agency_id]) == []
        (linked,) = drafts_to_hear(session, [heard.agency_id], [heard.draft_id])
        assert linked.id == heard.draft_id


def test_followers_are_told_once_of_a_hearing_whatever_they_follow(heard: Heard) -> None:
    heard.follow(f"draft:{heard.draft_id}")
    heard.follow(f"agency:{heard.agency_id}")
    heard.announce()
    assert heard.told() == ["hearing_announced"]
    assert heard.told("Bolot") == []


def test_who_registered_is_told_that_it_was_moved_and_reads_why(heard: Heard) -> None:
    id_ = heard.announce()
    heard.register(id_, "Bolot")
    heard.change(id_, said(BEGINS + DAY, drafts=(heard.draft_id,)))
    assert heard.told("Bolot") == ["hearing_changed"]
    hearing = heard.hearing(id_)
    assert (hearing.starts_at, hearing.n, hearing.reason) == (BEGINS + DAY, 2, WHY)
    with heard.platform.database.reading() as session:
        assert history(session, id_)[-1].moment_was("starts_at") == BEGINS


def test_a_change_that_changes_nothing_or_gives_no_reason_is_refused(heard: Heard) -> None:
    id_ = heard.announce()
    for announced, reason in ((said(drafts=(heard.draft_id,)), WHY), (said(seats=9), "no")):
        with pytest.raises(Invalid) as refused:
            heard.change(id_, announced, reason)
        assert refused.value.field == "reason"
    assert lines(heard, id_) == ["announced"]


def test_another_room_is_told_once_registration_is_over_and_it_stays_so(heard: Heard) -> None:
    times = Times(BEGINS, BEGINS + DAY / 12, BEGINS - 3 * DAY)
    id_ = heard.announce(said(times=times))
    heard.register(id_, "Bolot")
    heard.clock.now = BEGINS - 2 * DAY
    heard.change(id_, said(times=times, where=Place("Naryn, school No. 3")))
    assert heard.hearing(id_).place == "Naryn, school No. 3"
    assert heard.told("Bolot") == ["hearing_changed"]
    with pytest.raises(Conflict):
        heard.register(id_, "Aizada")
    with pytest.raises(Invalid) as refused:
        heard.change(id_, said(times=replace(times, register_until=BEGINS - 4 * DAY)))
    assert refused.value.field == "register_until"


def test_what_is_called_off_stays_so(heard: Heard) -> None:
    id_ = heard.announce()
    heard.register(id_, "Bolot", needs="A ramp")
    heard.call_off(id_)
    assert heard.told("Bolot") == ["hearing_changed"]
    with pytest.raises(Conflict):
        heard.change(id_, said(seats=9))
    with pytest.raises(Conflict):
        heard.register(id_, "Aizada")
    heard.clock.now = BEGINS + DAY
    heard.drain()
    assert heard.hearing(id_).state == State.CALLED_OFF.value
    assert heard.duty(id_) is None
    with pytest.raises(Conflict):
        heard.write(id_)


def test_who_waits_moves_up_when_somebody_leaves(heard: Heard) -> None:
    id_ = heard.announce(said(seats=1))
    heard.register(id_, "Aizada")
    heard.register(id_, "Bolot", speaks=True)
    waiting = heard.seat(id_, "Bolot")
    assert waiting
    assert waiting.state == "waiting"
    heard.leave(id_, "Aizada")
    moved = heard.seat(id_, "Bolot")
    assert moved
    assert (moved.state, moved.speaks) == ("coming", True)
    assert heard.seat(id_, "Aizada") is None
    assert heard.told("Bolot") == ["hearing_seat"]
    assert heard.told("Aizada") == []


def test_who_registers_anew_and_waits_is_told_of_a_seat_again(heard: Heard) -> None:
    id_ = heard.announce(said(seats=1))
    for told in (["hearing_seat"], ["hearing_seat"] * 2):
        heard.register(id_, "Aizada")
        heard.register(id_, "Bolot")
        heard.leave(id_, "Aizada")
        assert heard.told("Bolot") == told
        heard.leave(id_, "Bolot")
        heard.clock.forward(minutes=1)


def test_more_seats_are_given_to_those_who_wait_and_none_is_taken_away(heard: Heard) -> None:
    id_ = heard.announce(said(seats=1))
    for name in ("Aizada", "Bolot"):
        heard.register(id_, name)
    heard.change(id_, said(seats=2))
    seat = heard.seat(id_, "Bolot")
    assert seat
    assert seat.state == "coming"
    with pytest.raises(Invalid) as refused:
        heard.change(id_, said(seats=1))
    assert refused.value.field == "seats"


def test_registering_again_changes_the_wish_and_keeps_the_place(heard: Heard) -> None:
    id_ = heard.announce(said(seats=1))
    heard.register(id_, "Aizada")
    heard.register(id_, "Aizada", speaks=True, lang="ru", needs="Sign language")
    seat = heard.seat(id_, "Aizada")
    assert seat
    assert (seat.state, seat.speaks, seat.lang) == ("coming", True, "ru")


def test_an_officer_does_not_register_and_nobody_does_too_late(heard: Heard) -> None:
    id_ = heard.announce()
    with pytest.raises(NotAllowed):
        heard.register(id_, "Olga")
    heard.clock.now = BEGINS
    with pytest.raises(Conflict):
        heard.register(id_, "Aizada")
    with pytest.raises(Conflict):
        heard.leave(id_, "Aizada")


def test_guests_are_reminded_once_the_day_before_and_again_if_it_was_moved(heard: Heard) -> None:
    id_ = heard.announce()
    heard.register(id_, "Bolot")
    heard.clock.now = BEGINS - DAY
    assert heard.told("Bolot") == ["hearing_near"]
    heard.clock.now = BEGINS - DAY / 2
    assert heard.told("Bolot") == ["hearing_near"]
    heard.change(id_, said(BEGINS + 5 * DAY))
    assert heard.told("Bolot") == ["hearing_near", "hearing_changed"]
    heard.clock.now = BEGINS + 4 * DAY
    assert heard.told("Bolot") == ["hearing_near", "hearing_changed", "hearing_near"]


def test_once_it_is_over_minutes_are_owed_and_needs_are_forgotten(heard: Heard) -> None:
    id_ = heard.announce()
    heard.register(id_, "Bolot", needs="A ramp")
    heard.clock.now = BEGINS + DAY
    heard.drain()
    duty = heard.duty(id_)
    assert duty
    assert (duty.duty, duty.state, duty.draft_id) == ("hearing_minutes", "running", None)
    assert duty.agency_id == heard.agency_id
    seat = heard.seat(id_, "Bolot")
    assert seat
    assert seat.needs == ""
    heard.write(id_)
    assert heard.told("Bolot") == ["hearing_minutes"]
    duty = heard.duty(id_)
    assert duty
    assert duty.state == "fulfilled"
    assert (heard.hearing(id_).came, heard.hearing(id_).minutes) == (41, MINUTES)


def test_minutes_are_put_right_with_a_reason_and_nobody_is_told_twice(heard: Heard) -> None:
    id_ = heard.announce()
    heard.register(id_, "Bolot")
    with pytest.raises(Conflict):
        heard.write(id_)
    heard.clock.now = BEGINS + DAY
    heard.write(id_)  # the worker has not looked yet
    for came, reason in ((41, WHY), (42, "")):
        with pytest.raises(Invalid) as refused:
            heard.write(id_, came, reason=reason)
        assert refused.value.field == "reason"
    heard.write(id_, 42, reason="One person was not counted.")
    assert heard.told("Bolot") == ["hearing_minutes"]
    assert lines(heard, id_) == ["announced", "minutes", "minutes_corrected"]
    with heard.platform.database.reading() as session:
        assert history(session, id_)[-1].was == {"came": 41}
