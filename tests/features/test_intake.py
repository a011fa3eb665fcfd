"""Contributions on paper, by mail and at hearings: they count, and it is said how they came."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.models import Organisation, Person
from consult.comments.actions import Place, Words, edit_comment, withdraw_comment
from consult.comments.models import Comment
from consult.comments.queries import revisions_of
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.errors import Conflict, Invalid, NotAllowed
from consult.events import CommentSubmitted
from consult.intake.actions import Arrival, Contributor, enter_comment
from consult.intake.queries import contributor_of, provenance_of, provenances
from consult.naming import PublicName
from consult.obligations.handlers import owe_for_comment
from consult.obligations.models import Obligation
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.statistics.counting import count
from consult.statistics.queries import draft_figures
from consult.statistics.scope import Scope
from drafts.models import Draft
from tests.conftest import START
from tests.duties import pack_with
from tests.factories import (
    actor_of,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_person,
    open_draft,
    release_report,
    tally_of,
)

TZ = load_pack("kg").tz
TODAY = date(2026, 9, 7)
ASEL = Contributor("Asel", region="Naryn", contact="0555 123456")
LETTER = "The library must have heating."


@dataclass
class Counter:
    """An officer's counter in a ministry whose draft is under discussion."""

    session: Session
    draft: Draft
    officer: Actor

    @property
    def round(self) -> Consultation:
        found = current_round(self.session, self.draft.id or 0)
        assert found
        return found

    def enter(self, body: str = LETTER, who: Contributor = ASEL, **more: Any) -> Comment:
        """A letter that came today, if not told otherwise."""
        day, by = more.pop("on", TODAY), more.pop("by", "paper")
        words = Words(body=body, kind="substantive", stance="support", **more.pop("words", {}))
        values = {
            "actor": self.officer,
            "consultation": self.round,
            "place": Place(lang="en"),
            "lang": "en",
            "now": START,
        }
        return enter_comment(
            self.session,
            contributor=who,
            arrival=Arrival(by, day, more.pop("reference", "No. 17")),
            words=words,
            most=20_000,
            tz=TZ,
            **(values | more),
        )


@pytest.fixture
def counter(session: Session) -> Counter:
    agency = make_agency(session)
    olga = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
    return Counter(session, open_draft(session, agency=agency), actor_of(session, olga))


def close(counter: Counter) -> None:
    counter.draft = close_consultation(counter.session, counter.round)


def test_what_is_entered_counts_like_a_comment_and_says_how_it_came(counter: Counter) -> None:
    comment = counter.enter(place=Place(wid="art_1", lang="en"), by="hearing", reference="Naryn")
    assert comment.receipt == f"K-2026-{comment.id:06d}"
    assert (comment.channel, comment.wid, comment.stance) == ("hearing", "art_1", "support")
    assert tally_of(counter.session, counter.draft, "art_1") == (1, 0, 0)
    came = provenance_of(counter.session, comment.id or 0)
    assert (came.received_on, came.reference, came.contact) == (TODAY, "Naryn", "0555 123456")
    assert came.entered_by == counter.officer.id
    author = counter.session.get_one(Person, comment.author_id)
    assert (author.email, author.name, author.region) == (None, "Asel", "Naryn")
    names = counter.session.exec(select(OutboxEvent.name).order_by(col(OutboxEvent.id))).all()
    assert names[-1] == "CommentSubmitted"


def test_who_wants_no_name_shown_is_shown_without_from_then_on(counter: Counter) -> None:
    named, hidden = counter.enter(), counter.enter("And books.", replace(ASEL, is_hidden=True))
    assert named.author_id == hidden.author_id
    assert contributor_of(counter.session, named.id or 0)[0].is_hidden
    counter.enter("And chairs.", ASEL)
    author, region = contributor_of(counter.session, hidden.id or 0)
    assert (author.name, author.public, region) == ("Asel", PublicName("nothing"), "Naryn")


def test_only_an_officer_of_the_agency_enters(counter: Counter) -> None:
    session = counter.session
    other = make_person(session, "Damir", role=Role.OFFICER, agency=make_agency(session, "MOH"))
    citizen = make_person(session)
    for person in (other, citizen):
        with pytest.raises(NotAllowed):
            counter.enter(actor=actor_of(session, person))


@pytest.mark.parametrize(
    ("day", "field"),
    [
        (TODAY + timedelta(days=1), "received_on"),
        (TODAY - timedelta(days=1), "received_on"),
        (date(1926, 9, 7), "received_on"),
    ],
)
def test_what_came_on_another_day_is_refused(counter: Counter, day: date, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        counter.enter(on=day)
    assert refusal.value.field == field


def test_what_came_in_time_is_entered_after_the_end_until_the_report(counter: Counter) -> None:
    session, closes_at = counter.session, counter.round.closes_at
    close(counter)
    later = closes_at + timedelta(days=3)
    with pytest.raises(Invalid):
        counter.enter(on=later.date(), now=later)
    comment = counter.enter(now=later)
    nurlan = make_person(session, "Nurlan", role=Role.APPROVER)
    olga = session.get_one(Person, counter.officer.id)
    answer_comment(session, comment, olga, nurlan, now=later)
    release_report(session, counter.round, olga, later)
    session.refresh(counter.draft)
    with pytest.raises(NotAllowed):
        counter.enter("Too late.", now=later)


@pytest.mark.parametrize("when", ["while it is open", "after the end"])
def test_an_answer_is_owed_to_it_from_the_end_of_the_discussion(
    platform: Platform, counter: Counter, when: str
) -> None:
    session, now = counter.session, START
    platform = replace(platform, pack=pack_with(platform.pack, {"answer": {"per": "comment"}}))
    if when == "after the end":
        now = counter.round.closes_at + timedelta(days=3)
        close(counter)
    comment = counter.enter(now=now)
    event = CommentSubmitted(comment.id or 0, counter.draft.id or 0)
    owe_for_comment(session, platform, event, now)
    owe_for_comment(session, platform, event, now)
    owed = session.exec(
        select(Obligation.duty).where(Obligation.subject == f"comment:{comment.id}")
    ).all()
    assert len(set(owed)) == len(owed)
    assert ("answer" in owed) == (when == "after the end")


@pytest.mark.parametrize("by", ["web", "pigeon"])
def test_it_came_by_a_way_that_there_is(counter: Counter, by: str) -> None:
    with pytest.raises(Invalid):
        counter.enter(by=by)


def test_somebody_stands_behind_the_words(counter: Counter) -> None:
    with pytest.raises(Invalid):
        counter.enter(who=Contributor(" \u202e ", " "))


def test_an_organisation_speaks_with_a_mandate_and_needs_no_other_name(counter: Counter) -> None:
    who = Contributor("", "Union of Librarians")
    comment = counter.enter(who=who, words={"mandate": "412 members"})
    author = counter.session.get_one(Person, comment.author_id)
    union = counter.session.get_one(Organisation, comment.organisation_id)
    assert (author.name, union.name) == ("Union of Librarians", "Union of Librarians")
    assert comment.mandate == "412 members"
    with pytest.raises(Invalid):
        counter.enter("More heating.", words={"mandate": "the village"})


def test_the_same_contributor_is_made_once(counter: Counter) -> None:
    first = counter.enter()
    assert counter.enter("And light.", Contributor(" Asel ", contact="0555  123456")).author_id == (
        first.author_id
    )
    others = (
        Contributor("Asel", contact="0700 000000"),
        Contributor("Asel", "Union", contact="0555 123456"),
        Contributor("Asel", region="Osh"),
        Contributor("Asel", region="Talas"),
    )
    entered = [counter.enter(f"Word {n}.", who) for n, who in enumerate(others)]
    assert len({first.author_id, *(comment.author_id for comment in entered)}) == 5


def test_no_agency_knows_the_contributors_of_another(counter: Counter) -> None:
    session, mine = counter.session, counter.enter()
    agency = make_agency(session, "MOH")
    officer = make_person(session, "Damir", role=Role.OFFICER, agency=agency)
    other = Counter(session, open_draft(session, agency=agency), actor_of(session, officer))
    assert other.enter().author_id != mine.author_id


def test_who_has_an_account_is_never_taken_for_who_wrote_a_letter(counter: Counter) -> None:
    aizada = make_person(counter.session)
    assert counter.enter(who=Contributor("Aizada")).author_id != aizada.id


def test_the_same_letter_entered_twice_is_one(counter: Counter) -> None:
    first = counter.enter()
    assert counter.enter(reference="No. 18").id == first.id
    assert provenance_of(counter.session, first.id or 0).reference == "No. 17"
    assert tally_of(counter.session, counter.draft) == (1, 0, 0)


def test_the_same_words_of_somebody_else_are_asked_about_once(counter: Counter) -> None:
    aizada = make_comment(counter.session, counter.draft, make_person(counter.session), LETTER)
    savepoint = counter.session.begin_nested()
    with pytest.raises(Conflict) as refusal:
        counter.enter()
    savepoint.rollback()
    assert refusal.value.field == "confirmed"
    assert refusal.value.params["comments"] == [(aizada.id, aizada.receipt)]
    assert counter.enter(confirmed=True).id != aizada.id


def test_a_slip_is_corrected_by_the_agency_within_the_window(counter: Counter) -> None:
    session, comment = counter.session, counter.enter()
    window = timedelta(minutes=15)
    colleague = make_person(session, "Dinara", role=Role.OFFICER, agency=make_agency(session, "X"))
    asked = {"comment": comment, "window": window, "most": 20_000}
    better = Words(body="The library must have lighting.", kind="substantive", stance="support")
    with pytest.raises(NotAllowed):
        edit_comment(session, actor=actor_of(session, colleague), words=better, now=START, **asked)
    close(counter)  # what came on the last day is corrected after it
    edit_comment(session, actor=counter.officer, words=better, now=START, **asked)
    assert comment.body == better.body
    assert [one.body for one in revisions_of(session, comment.id or 0)] == [LETTER]
    with pytest.raises(NotAllowed):
        edit_comment(session, actor=counter.officer, words=better, now=START + window, **asked)


def test_the_agency_cannot_take_back_what_it_entered(counter: Counter) -> None:
    with pytest.raises(NotAllowed):
        withdraw_comment(counter.session, actor=counter.officer, comment=counter.enter(), now=START)


def test_what_was_sent_on_this_site_has_no_provenance(counter: Counter) -> None:
    entered = counter.enter()
    online = make_comment(counter.session, counter.draft, make_person(counter.session))
    assert set(provenances(counter.session, [entered.id or 0, online.id or 0])) == {entered.id}


def test_figures_tell_apart_what_officers_entered(counter: Counter) -> None:
    counter.enter(by="hearing")
    counter.enter("And light.", Contributor("Bakyt"), by="mail")
    make_comment(counter.session, counter.draft, make_person(counter.session))
    ways = {"web": 1, "api": 0, "paper": 0, "mail": 1, "hearing": 1}
    of_draft = draft_figures(counter.session, counter.draft.id or 0, tz=TZ, now=START).figures
    pack = load_pack("kg")
    of_all = count(counter.session, Scope(), (), pack=pack, now=START).figures
    for figures in (of_draft, of_all):
        assert figures["comments"].by["channel"] == ways
        assert figures["people"].by["account"] == {"own": 1, "entered": 2}
