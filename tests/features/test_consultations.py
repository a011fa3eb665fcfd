"""Consultations: their dates, who sets them, and that they open and close by themselves."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from consult.access import Actor, Role
from consult.consultations.actions import advance, earliest_close, schedule, withdraw_draft
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round, due_transitions
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import Law
from consult.procedure.packs import load_pack
from consult.procedure.stages import Stage
from drafts.models import Draft
from drafts.queries import latest_version
from tests.conftest import START
from tests.factories import (
    OPERATOR,
    actor_of,
    add_version,
    close_consultation,
    make_agency,
    make_draft,
    make_person,
    open_consultation,
)

PACK = load_pack("kg")
LAW = Law(PACK, PACK.calendar())
OPENS = START + timedelta(days=1)
DAY = timedelta(days=1)


@pytest.fixture
def draft(session: Session) -> Draft:
    return make_draft(session, make_agency(session))


def set_dates(session: Session, draft: Draft, **changes: object) -> Consultation:
    """The shortest lawful term from tomorrow on, if nothing else is said."""
    values: dict[str, object] = {
        "actor": OPERATOR,
        "opens_at": OPENS,
        "closes_at": earliest_close(LAW, draft, OPENS).due_at,
        "exception": "",
        "now": START,
    }
    return schedule(session, draft=draft, law=LAW, **(values | changes))  # type: ignore[arg-type]


def test_setting_the_dates_publishes_the_text_and_schedules_the_opening(
    session: Session, draft: Draft
) -> None:
    consultation = set_dates(session, draft)
    version = latest_version(session, draft.id or 0)
    assert draft.stage == Stage.SCHEDULED
    assert version
    assert version.published_at == START
    assert (consultation.version_id, consultation.next_transition_at) == (version.id, OPENS)


def test_a_term_below_the_minimum_is_refused_with_the_citation(
    session: Session, draft: Draft
) -> None:
    minimum = earliest_close(LAW, draft, OPENS)
    with pytest.raises(Invalid) as refusal:
        set_dates(session, draft, closes_at=minimum.due_at - timedelta(minutes=2))
    assert refusal.value.field == "closes_at"
    assert refusal.value.params["citation"] == minimum.citation


def test_a_shorter_term_needs_an_exception_which_is_kept_for_the_public(
    session: Session, draft: Draft
) -> None:
    consultation = set_dates(
        session, draft, closes_at=OPENS + 3 * DAY, exception="Article 22, part 4"
    )
    assert consultation.exception_basis == "Article 22, part 4"


def test_an_opening_in_the_past_is_refused(session: Session, draft: Draft) -> None:
    with pytest.raises(Invalid) as refusal:
        set_dates(session, draft, opens_at=START - timedelta(minutes=1))
    assert refusal.value.field == "opens_at"


def test_the_dates_move_until_the_opening_and_the_newest_text_is_discussed(
    session: Session, draft: Draft
) -> None:
    first = set_dates(session, draft)
    newest = add_version(session, draft, ["Another text."])
    moved = set_dates(session, draft, closes_at=OPENS + 90 * DAY)
    assert (moved.id, moved.version_id) == (first.id, newest.id)
    advance(session, moved, OPENS)
    session.refresh(draft)
    with pytest.raises(Conflict):
        set_dates(session, draft, opens_at=OPENS + DAY, closes_at=OPENS + 120 * DAY)


def test_a_round_opens_and_closes_once_at_its_instants(session: Session, draft: Draft) -> None:
    consultation = set_dates(session, draft)
    assert due_transitions(session, OPENS - timedelta(seconds=1)) == []
    assert not advance(session, consultation, OPENS - timedelta(seconds=1))
    assert advance(session, consultation, OPENS)
    assert not advance(session, consultation, OPENS)
    assert advance(session, consultation, consultation.closes_at)
    session.refresh(draft)
    assert draft.stage == Stage.CLOSED
    assert consultation.next_transition_at is None


def test_only_the_drafts_own_agency_sets_its_dates(session: Session, draft: Draft) -> None:
    other = make_agency(session, "MOC")
    bakyt = make_person(session, "Bakyt", role=Role.OFFICER, agency=other)
    with pytest.raises(NotAllowed):
        set_dates(session, draft, actor=actor_of(session, bakyt))
    with pytest.raises(NotAllowed):
        withdraw_draft(session, actor=actor_of(session, bakyt), draft=draft, now=START)


def test_a_new_round_begins_only_after_the_report(session: Session, draft: Draft) -> None:
    consultation = open_consultation(session, draft)
    close_consultation(session, consultation)
    with pytest.raises(Conflict):
        set_dates(session, draft)
    draft.stage = Stage.REPORTED.value
    session.add(draft)
    later = consultation.closes_at + DAY
    second = set_dates(session, draft, opens_at=later, closes_at=later + 90 * DAY, now=later)
    assert second.round == 2
    assert draft.stage == Stage.SCHEDULED


def test_a_draft_is_withdrawn_before_anybody_was_asked(session: Session, draft: Draft) -> None:
    set_dates(session, draft)
    withdraw_draft(session, actor=OPERATOR, draft=draft, now=START)
    assert draft.stage == Stage.WITHDRAWN
    round_ = current_round(session, draft.id or 0)
    assert round_
    assert round_.next_transition_at is None  # it never opens


def test_a_draft_under_discussion_is_not_withdrawn_without_answers(
    session: Session, draft: Draft
) -> None:
    close_consultation(session, open_consultation(session, draft))
    with pytest.raises(Conflict, match="Answer them"):
        withdraw_draft(session, actor=OPERATOR, draft=draft, now=START)


def test_an_approver_sets_no_dates(session: Session, draft: Draft) -> None:
    approver = Actor(id=1, roles=frozenset({Role.APPROVER}))
    with pytest.raises(NotAllowed):
        set_dates(session, draft, actor=approver)
