"""A second round on the same or a new text, and a discussion that is made longer."""

from datetime import timedelta

import pytest

from consult.consultations.forms import to_local
from consult.consultations.queries import current_round
from consult.law.rules import DecreedDay
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from consult.votes.actions import vote_on_text
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message, Notice
from tests import factories
from tests.client import Client
from tests.conftest import TestClock
from tests.decrees import enter
from tests.mailed import Told, mailed
from tests.mailed import told as notices
from tests.web.ministry import Ministry, make_ministry

DAY = timedelta(days=1)


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    return make_ministry(platform, clock)


def reported(ministry: Ministry, *, voted: bool = False) -> int:
    """A draft whose first round is over: one comment, answered, the report is out."""
    draft_id = ministry.draft()
    if voted:
        with ministry.platform.database.writing() as session:
            ministry.people["Bakyt"] = bakyt = factories.make_person(session, "Bakyt")
            vote_on_text(
                session,
                actor=factories.actor_of(session, bakyt),
                draft=session.get_one(Draft, draft_id),
                wid="art_1",
                value=1,
                now=ministry.clock.now,
            )
    drain(ministry.platform, ministry.clock.now)
    ministry.comment("Seven days a week, please.", wid="art_2", lang="en")
    drain(ministry.platform, ministry.clock.now)
    ministry.close()
    with ministry.platform.database.writing() as session:
        olga, nurlan = (session.merge(ministry.people[name]) for name in ("Olga", "Nurlan"))
        consultation = current_round(session, draft_id)
        assert consultation
        for comment in factories.comments_in(session, consultation):
            factories.answer_comment(session, comment, olga, nurlan, now=ministry.clock.now)
        factories.release_report(session, consultation, olga, ministry.clock.now)
    drain(ministry.platform, ministry.clock.now)
    return draft_id


def begin_again(ministry: Ministry, draft_id: int) -> None:
    olga = ministry.client("Olga")
    assert "Begin a new round" in olga.get(f"/desk/drafts/{draft_id}").text
    olga.post(f"/desk/drafts/{draft_id}/open", {})
    drain(ministry.platform, ministry.clock.now)


def told(ministry: Ministry, name: str, kind: str) -> list[Told]:
    with ministry.platform.database.reading() as session:
        mine = Notice.person_id == ministry.people[name].id
        return notices(session, mine, Message.kind == kind)


def test_a_second_round_on_the_same_text_tells_all_who_took_part_and_keeps_what_was_said(
    ministry: Ministry,
) -> None:
    draft_id = reported(ministry)
    begin_again(ministry, draft_id)
    (second,) = told(ministry, "Aizada", "consultation_opened")
    assert (second.values["round"], second.values["changes_path"]) == (2, "")
    page = Client(ministry.platform).get(f"/drafts/{draft_id}/discussion").text
    assert "Seven days a week, please." in page
    assert "The budget allows six days, not seven." in page
    assert "Round 1" in page


def test_who_only_voted_took_part_too(ministry: Ministry) -> None:
    draft_id = reported(ministry, voted=True)
    begin_again(ministry, draft_id)
    notice = told(ministry, "Bakyt", "consultation_opened")[-1]
    assert notice.values["round"] == 2


def test_a_second_round_on_a_new_text_leads_to_what_has_changed(ministry: Ministry) -> None:
    draft_id = reported(ministry)
    with ministry.platform.database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        factories.add_version(session, draft, ("A library stands in every village.", "Six days."))
    begin_again(ministry, draft_id)
    (notice,) = [
        n for n in told(ministry, "Aizada", "consultation_opened") if n.values["round"] > 1
    ]
    assert notice.values["changes_path"] == f"/drafts/{draft_id}/comparison/1/2"
    mail = mailed(ministry.platform, Message.key == notice.key)[0]
    assert f"/drafts/{draft_id}/comparison/1/2" in mail.text
    assert "each comment with its answer" in mail.text
    Client(ministry.platform).get(notice.values["changes_path"])


def test_the_discussion_can_be_narrowed_to_one_round(ministry: Ministry) -> None:
    draft_id = reported(ministry)
    begin_again(ministry, draft_id)
    ministry.comment("Said in the second round.")
    anybody, here = Client(ministry.platform), f"/drafts/{draft_id}/discussion"
    assert "Seven days" not in anybody.get(f"{here}?round=2").text
    assert "Said in the second round." in anybody.get(f"{here}?round=2").text
    earlier = anybody.get(f"{here}?round=1").text
    assert "Seven days" in earlier
    assert "Said in the second round." not in earlier
    assert f"/drafts/{draft_id}/report/1" in earlier
    assert "Seven days" in anybody.get(f"{here}?round=99").text


def test_an_open_discussion_is_made_longer_with_a_reason_everybody_reads(
    ministry: Ministry,
) -> None:
    draft_id = ministry.draft()
    ministry.comment("I took part.")
    drain(ministry.platform, ministry.clock.now)
    olga, tz = ministry.client("Olga"), ministry.platform.pack.tz
    with ministry.platform.database.reading() as session:
        before = current_round(session, draft_id)
        assert before
    address = f"/desk/drafts/{draft_id}/extend"
    assert to_local(before.closes_at, tz) in olga.get(address).text
    shorter = {"closes_at": to_local(before.closes_at - DAY, tz), "reason": "We are in a hurry."}
    assert "longer only" in olga.post(address, shorter, status=422).text
    typed = {"closes_at": to_local(before.closes_at + 366 * DAY, tz), "reason": "A slip."}
    assert "At most as long again as it lasts by now." in olga.post(address, typed, status=422).text
    longer = {"closes_at": to_local(before.closes_at + 5 * DAY, tz), "reason": ""}
    assert "Say why." in olga.post(address, longer, status=422).text
    olga.post(address, longer | {"reason": "The mountain villages had no connection."})
    drain(ministry.platform, ministry.clock.now)
    (notice,) = told(ministry, "Aizada", "consultation_extended")
    assert notice.values["reason"] == "The mountain villages had no connection."
    term = Client(ministry.platform).get(f"/drafts/{draft_id}/term").text
    assert "The mountain villages had no connection." in term
    drain(ministry.platform, before.closes_at)
    with ministry.platform.database.reading() as session:
        assert session.get_one(Draft, draft_id).stage == "open"
    drain(ministry.platform, before.closes_at + 5 * DAY)
    with ministry.platform.database.reading() as session:
        assert session.get_one(Draft, draft_id).stage == "closed"


def test_what_is_over_is_not_made_longer_even_if_the_worker_is_late(ministry: Ministry) -> None:
    draft_id = ministry.draft()
    with ministry.platform.database.reading() as session:
        before = current_round(session, draft_id)
        assert before
    ministry.clock.now = before.closes_at
    late = to_local(before.closes_at + DAY, ministry.platform.pack.tz)
    answer = ministry.client("Olga").post(
        f"/desk/drafts/{draft_id}/extend",
        {"closes_at": late, "reason": "Too late."},
        status=422,
    )
    assert "This discussion is closed." in answer.text


def test_another_agency_does_not_make_it_longer(ministry: Ministry) -> None:
    draft_id = ministry.draft()
    with ministry.platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        ministry.people["Stranger"] = factories.make_person(
            session, "Stranger", role=factories.Role.OFFICER, agency=other
        )
    ministry.client("Stranger").get(f"/desk/drafts/{draft_id}/extend", status=403)


def test_a_day_decreed_off_after_the_announcement_is_told_to_the_officer_and_to_everybody(
    ministry: Ministry,
) -> None:
    draft_id = ministry.draft()
    short = "The calendar was changed after these dates were announced"
    olga, anybody = ministry.client("Olga"), Client(ministry.platform)
    assert short not in olga.get(f"/desk/drafts/{draft_id}").text
    with ministry.platform.database.writing() as session:
        consultation = current_round(session, draft_id)
        assert consultation
        last = consultation.closes_at.astimezone(ministry.platform.pack.tz).date()
        enter(session, DecreedDay(last, DayKind.DAY_OFF))
    assert short in olga.get(f"/desk/drafts/{draft_id}").text
    assert short in anybody.get(f"/drafts/{draft_id}/term").text
