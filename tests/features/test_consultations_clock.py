"""A consultation and the clock: it opens and closes by itself, at its instant, once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.consultations.actions import advance, earliest_close, schedule, withdraw_draft
from consult.consultations.models import Consultation
from consult.consultations.queries import due_transitions
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import law_of
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.stages import Stage
from consult.votes.actions import vote_on_text
from consult.worker import drain, run_forever, tick
from drafts.models import Draft, StageChange
from drafts.queries import latest_version
from tests.conftest import START, TestClock
from tests.factories import (
    OPERATOR,
    actor_of,
    add_version,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
    open_draft,
    release_report,
)

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
OPENS = START + 2 * DAY


def set_dates(
    session: Session,
    platform: Platform,
    draft: Draft,
    *,
    opens: datetime = OPENS,
    closes: datetime | None = None,
    exception: str = "",
    now: datetime = START,
) -> Consultation:
    earliest = earliest_close(law_of(session, platform.pack), draft, opens).due_at
    return schedule(
        session,
        actor=OPERATOR,
        draft=draft,
        opens_at=opens,
        closes_at=closes or earliest,
        exception=exception,
        law=law_of(session, platform.pack),
        now=now,
    )


@pytest.fixture
def consultation(platform: Platform) -> Consultation:
    """Announced on Monday, to open on Wednesday."""
    with platform.database.writing() as session:
        make_person(session)
        return set_dates(session, platform, make_draft(session, make_agency(session)))


def stage_at(platform: Platform, now: datetime) -> str:
    """The stage of the draft after the worker did what is due."""
    drain(platform, now)
    with platform.database.reading() as session:
        return session.exec(select(Draft.stage)).one()


def recorded(platform: Platform, name: str) -> int:
    with platform.database.reading() as session:
        return len(session.exec(select(OutboxEvent).where(OutboxEvent.name == name)).all())


def test_it_opens_and_closes_by_itself_at_its_instant(
    platform: Platform, consultation: Consultation
) -> None:
    end = consultation.closes_at
    instants = (START, OPENS - INSTANT, OPENS, end - INSTANT, end, end + DAY)
    stages = [stage_at(platform, now) for now in instants]
    assert stages == ["scheduled", "scheduled", "open", "open", "closed", "closed"]


def test_each_change_of_stage_is_written_down(
    platform: Platform, consultation: Consultation
) -> None:
    for now in (OPENS, consultation.closes_at):
        drain(platform, now)
    with platform.database.reading() as session:
        changes = session.exec(select(StageChange).order_by("id")).all()
    steps = [(change.old, change.new, change.changed_at) for change in changes]
    assert steps == [
        ("draft", "scheduled", START),
        ("scheduled", "open", OPENS),
        ("open", "closed", consultation.closes_at),
    ]


def test_a_late_worker_still_takes_both_steps_in_their_order(
    platform: Platform, consultation: Consultation
) -> None:
    assert stage_at(platform, consultation.closes_at + DAY) == "closed"
    with platform.database.reading() as session:
        found = session.exec(select(Consultation)).one()
    assert (found.opened_at, found.closed_at) == (OPENS, consultation.closes_at)


def test_a_late_worker_lets_nobody_in_after_the_end(
    platform: Platform, consultation: Consultation
) -> None:
    drain(platform, OPENS)  # and never again: the stored stage stays "open"
    end = consultation.closes_at
    with platform.database.writing() as session:
        draft, aizada = session.exec(select(Draft)).one(), session.exec(select(Person)).one()
        assert draft.stage == "open"
        make_comment(session, draft, aizada, now=end - INSTANT)
        actor = actor_of(session, aizada)
        vote_on_text(session, actor=actor, draft=draft, wid="", value=1, now=end - INSTANT)
        with pytest.raises(NotAllowed, match="closed"):
            make_comment(session, draft, aizada, now=end)
        with pytest.raises(NotAllowed, match="closed"):
            vote_on_text(session, actor=actor, draft=draft, wid="", value=-1, now=end)


def test_nobody_is_let_in_before_the_beginning(
    platform: Platform, consultation: Consultation
) -> None:
    with platform.database.writing() as session:
        draft, aizada = session.exec(select(Draft)).one(), session.exec(select(Person)).one()
        for now in (START, OPENS):  # at its instant too, until a worker has opened it
            with pytest.raises(NotAllowed):
                make_comment(session, draft, aizada, now=now)


def test_of_two_who_saw_that_it_is_due_one_opens_it(
    platform: Platform, consultation: Consultation
) -> None:
    seen = []
    for _ in range(2):
        with platform.database.reading() as session:
            seen += due_transitions(session, OPENS)
    done = []
    for waiting in seen:
        with platform.database.writing() as session:
            session.add(waiting)
            done.append(advance(session, waiting, OPENS))
    assert done == [True, False]
    assert recorded(platform, "ConsultationOpened") == 1


def test_two_workers_at_once_open_and_close_it_once(
    platform: Platform, consultation: Consultation
) -> None:
    def work(now: datetime) -> None:
        while tick(platform, now):
            pass

    for now in (OPENS, consultation.closes_at):
        with ThreadPoolExecutor(2) as workers:
            list(workers.map(work, [now, now]))
    names = ("ConsultationOpened", "ConsultationClosed")
    assert [recorded(platform, name) for name in names] == [1, 1]
    assert stage_at(platform, consultation.closes_at) == "closed"


def test_one_that_cannot_go_on_holds_up_nobody(
    platform: Platform, consultation: Consultation
) -> None:
    with platform.database.writing() as session:
        draft = session.get_one(Draft, consultation.draft_id)
        draft.stage = Stage.ADOPTED.value  # by hand, which no action would do
        other = make_draft(session, make_agency(session, "MOC"))
        set_dates(session, platform, other)
    drain(platform, OPENS)
    with platform.database.reading() as session:
        stages = session.exec(select(Draft.stage).order_by(col(Draft.id))).all()
    assert stages == [Stage.ADOPTED, Stage.OPEN]


class Rebuilding:
    """A search engine whose rebuild does not come to an end until it is told to."""

    def __init__(self) -> None:
        self.begun, self.end = Event(), Event()

    def needs_rebuild(self) -> bool:
        return True

    def following(self) -> AbstractContextManager[None]:
        return nullcontext()

    def rebuild(self, _read: object, *, anew: bool) -> None:
        self.begun.set()
        self.end.wait(10)

    def place(self) -> str:
        return ""


def test_it_opens_on_time_while_the_search_index_is_rebuilt(
    platform: Platform, consultation: Consultation, clock: TestClock
) -> None:
    search, stop = Rebuilding(), Event()
    platform = replace(platform, search=search)
    clock.now = OPENS
    worker = Thread(target=run_forever, args=(platform, stop))
    worker.start()
    assert search.begun.wait(10)
    for _ in range(200):
        with platform.database.reading() as session:
            opened = session.get_one(Consultation, consultation.id).opened_at
        if opened:
            break
        stop.wait(0.05)
    stop.set()
    search.end.set()
    worker.join(10)
    assert opened == OPENS


def test_a_term_below_the_minimum_is_refused_with_the_citation_of_the_rule(
    session: Session, platform: Platform
) -> None:
    draft = make_draft(session, make_agency(session))
    earliest = earliest_close(law_of(session, platform.pack), draft, OPENS)
    with pytest.raises(Invalid) as refusal:
        set_dates(session, platform, draft, closes=earliest.due_at - MINUTE - INSTANT)
    assert earliest.citation in str(refusal.value)
    assert earliest.due_on.isoformat() in str(refusal.value)
    assert refusal.value.field == "closes_at"
    assert (draft.stage, draft.published_at) == ("draft", None)
    set_dates(session, platform, draft, closes=earliest.due_at - MINUTE)  # at 23:59


@pytest.mark.parametrize("basis", ["yes", "Law 241", " " * 20])
def test_an_exception_names_an_act_and_its_article(
    session: Session, platform: Platform, basis: str
) -> None:
    draft = make_draft(session, make_agency(session))
    with pytest.raises(Invalid, match="its article") as refusal:
        set_dates(session, platform, draft, closes=OPENS + DAY, exception=basis)
    assert refusal.value.field == "exception"


def test_a_shorter_term_needs_an_exception_which_is_kept_for_the_public(
    session: Session, platform: Platform
) -> None:
    draft = make_draft(session, make_agency(session))
    basis = "Law 241, article 22-1: a natural disaster."
    consultation = set_dates(session, platform, draft, closes=OPENS + DAY, exception=basis)
    assert consultation.exception_basis == basis


@pytest.mark.parametrize("closes", [OPENS, OPENS - DAY])
def test_it_closes_after_it_opens_whatever_the_exception(
    session: Session, platform: Platform, closes: datetime
) -> None:
    draft = make_draft(session, make_agency(session))
    with pytest.raises(Invalid, match="after the opening"):
        set_dates(session, platform, draft, closes=closes, exception="Law 241")


def test_it_does_not_open_in_the_past(session: Session, platform: Platform) -> None:
    draft = make_draft(session, make_agency(session))
    with pytest.raises(Invalid) as refusal:
        set_dates(session, platform, draft, opens=START - INSTANT)
    assert refusal.value.field == "opens_at"


def test_dates_may_be_moved_until_it_opens(platform: Platform, consultation: Consultation) -> None:
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        moved = set_dates(session, platform, draft, opens=OPENS + DAY)
        assert moved.id == consultation.id
    assert [stage_at(platform, OPENS + n * DAY) for n in (0, 1)] == ["scheduled", "open"]
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        with pytest.raises(Conflict, match="no longer be changed"):
            set_dates(session, platform, draft, opens=OPENS + 2 * DAY, now=OPENS + DAY)


def test_dates_are_not_moved_by_who_has_not_seen_it_open(
    platform: Platform, consultation: Consultation
) -> None:
    with platform.database.reading() as session:
        seen = session.get_one(Draft, consultation.draft_id)
    drain(platform, OPENS)
    with platform.database.writing() as session:
        session.add(seen)  # as it was read before
        with pytest.raises(Conflict):
            set_dates(session, platform, seen, opens=OPENS + DAY, now=OPENS)


def test_it_closes_at_the_instant_set_last(platform: Platform, consultation: Consultation) -> None:
    with platform.database.reading() as session:
        due = session.get_one(Consultation, consultation.id)
    later = consultation.closes_at + DAY
    with platform.database.writing() as session:
        draft = session.get_one(Draft, consultation.draft_id)
        set_dates(session, platform, draft, closes=later)
    with platform.database.writing() as session:
        session.add(due)  # found due before the dates were moved
        assert advance(session, due, OPENS)
        assert due.next_transition_at == later


def test_announcing_makes_the_text_public(session: Session, platform: Platform) -> None:
    draft = make_draft(session, make_agency(session))
    set_dates(session, platform, draft)
    version = latest_version(session, draft.id or 0)
    assert version
    assert (draft.published_at, version.published_at) == (START, START)


def test_only_its_own_agency_sets_the_dates_of_a_draft(
    session: Session, platform: Platform
) -> None:
    draft = make_draft(session, make_agency(session))
    stranger = make_person(session, "Olga", role=Role.OFFICER, agency=make_agency(session, "MOH"))
    with pytest.raises(NotAllowed, match="another agency"):
        schedule(
            session,
            actor=actor_of(session, stranger),
            draft=draft,
            opens_at=OPENS,
            closes_at=OPENS + 60 * DAY,
            exception="",
            law=law_of(session, platform.pack),
            now=START,
        )


def test_a_draft_withdrawn_before_its_day_never_opens(
    platform: Platform, consultation: Consultation
) -> None:
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        withdraw_draft(session, actor=OPERATOR, draft=draft, now=START)
    assert stage_at(platform, consultation.closes_at) == "withdrawn"
    assert recorded(platform, "ConsultationOpened") == 0


def test_a_draft_people_were_asked_about_is_not_withdrawn_without_an_answer(
    session: Session,
) -> None:
    draft = open_draft(session)
    with pytest.raises(Conflict, match="Answer them"):
        withdraw_draft(session, actor=OPERATOR, draft=draft, now=START)


def test_after_the_report_a_new_round_may_begin_on_the_new_text(session: Session) -> None:
    draft = open_draft(session)
    first = session.exec(select(Consultation)).one()
    close_consultation(session, first)
    release_report(session, first, make_person(session, "Olga", role=Role.OFFICER))
    version = add_version(session, draft, ("Another text.",))
    session.refresh(draft)
    second = open_consultation(session, draft)
    assert (second.round, second.version_id, draft.stage) == (2, version.id, "open")
