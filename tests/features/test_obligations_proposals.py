"""More time, a pause, a waiver: one person asks, another decides, and the ledger names both."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from consult.access import Role
from consult.accounts.actions import grant
from consult.accounts.models import Agency
from consult.accounts.queries import actor_for
from consult.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from consult.law.queries import law_of
from consult.obligations.actions import fulfil, resume
from consult.obligations.ledger.rules import Kind, LedgerEvent, Status
from consult.obligations.models import DutyProposal, Obligation
from consult.obligations.proposing import DECIDED, Wish, decide, outlook, propose, withdraw
from consult.obligations.queries import computations, ledger
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from tests import factories
from tests.beginnings import kept
from tests.conftest import START, TestClock
from tests.duties import HOUR, Case, make_case

MORE = Wish("extended", "Law № 67, art. 12", "The expert is ill.", extra=5)
PAUSE = Wish("paused", "Law № 67, art. 9", "Sent to experts.", ground="expert_examination")
WAIVER = Wish("waived", "Law № 241, art. 30", "The draft was replaced.")


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed, so that its report is due; Cholpon may approve as well."""
    made = make_case(platform, clock)
    with platform.database.writing() as session:
        agency = session.get_one(Agency, made.agency_id)
        made.people["Cholpon"] = factories.make_person(
            session, "Cholpon", role=Role.APPROVER, agency=agency
        )
    made.close()
    return made


def ask(case: Case, wish: Wish = MORE, *, name: str = "Olga", code: str = "report") -> int:
    with case.platform.database.writing() as session:
        return (
            propose(
                session,
                law_of(session, case.platform.pack),
                actor=actor_for(session, case.people[name].id or 0),
                obligation_id=case.duty(code).id or 0,
                wish=wish,
                now=case.clock.now,
            ).id
            or 0
        )


def say(
    case: Case, proposal_id: int, name: str = "Bakyt", *, approved: bool = True, note: str = ""
) -> None:
    with case.platform.database.writing() as session:
        decide(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people[name].id or 0),
            proposal_id=proposal_id,
            approved=approved,
            note=note,
            now=case.clock.now,
        )


def take_back(case: Case, proposal_id: int, name: str = "Olga") -> None:
    with case.platform.database.writing() as session:
        actor = actor_for(session, case.people[name].id or 0)
        withdraw(session, actor=actor, proposal_id=proposal_id, now=case.clock.now)


def run_again(case: Case, name: str = "Olga", reason: str = "It came back.") -> None:
    with case.platform.database.writing() as session:
        resume(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people[name].id or 0),
            obligation_id=case.duty("report").id or 0,
            reason=reason,
            now=case.clock.now,
        )


def lines(case: Case, code: str = "report") -> list[LedgerEvent]:
    with case.platform.database.reading() as session:
        return ledger(session, case.duty(code).id or 0)


def proposals(case: Case) -> list[DutyProposal]:
    with case.platform.database.reading() as session:
        return list(session.exec(select(DutyProposal).order_by(col(DutyProposal.id))).all())


def working_day(case: Case, before: datetime, n: int) -> Any:
    """The day so many working days after the day on which something was due."""
    pack = case.platform.pack
    return pack.calendar().shift(last_day(before, pack.tz), n)


def test_two_persons_extend_a_term_and_the_ledger_names_both(case: Case) -> None:
    before = case.due_at("report")
    proposal_id = ask(case)
    assert case.due_at("report") == before  # asking is not having
    say(case, proposal_id, note="Five days, not more.")
    line = lines(case)[-1]
    assert line.kind is Kind.EXTENDED
    assert line.actor_id == case.people["Olga"].id
    assert line.data["approved_by"] == case.people["Bakyt"].id
    assert (line.data["basis"], line.data["reason"]) == (MORE.basis, MORE.reason)
    zone = case.platform.pack.tz
    assert last_day(case.due_at("report"), zone) == working_day(case, before, 5)
    assert case.duty("report").extra == 5


def test_every_computation_is_kept_with_the_version_it_was_counted_by(case: Case) -> None:
    say(case, ask(case))
    duty = case.duty("report")
    with case.platform.database.reading() as session:
        first, second = computations(session, duty.id or 0)
    assert [first.seq, second.seq] == [2, 3]
    assert first.due_at < second.due_at == duty.due_at
    assert {first.rule_version_id, second.rule_version_id} == {duty.rule_version_id}
    assert second.trace[-1]["on"] == second.due_on.isoformat()


def test_nobody_approves_what_they_proposed_themselves(case: Case) -> None:
    with case.platform.database.writing() as session:
        grant(session, case.people["Olga"].id or 0, Role.APPROVER, case.agency_id, START)
    proposal_id = ask(case)
    with pytest.raises(NotAllowed, match="Somebody else"):
        say(case, proposal_id, "Olga")


def test_only_officers_ask_and_only_the_head_of_the_same_body_decides(case: Case) -> None:
    with case.platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        for name, role in (("Damir", Role.OFFICER), ("Meerim", Role.APPROVER)):
            case.people[name] = factories.make_person(session, name, role=role, agency=other)
    for name in ("Bakyt", "Damir", "Aizada", "Oversight"):
        with pytest.raises(NotAllowed):
            ask(case, name=name)
    proposal_id = ask(case)
    for name in ("Meerim", "Damir", "Aizada", "Oversight"):
        with pytest.raises(NotAllowed):
            say(case, proposal_id, name)
    assert proposals(case)[0].verdict == "waiting"


def test_a_duty_has_one_waiting_proposal_and_after_it_another(case: Case) -> None:
    first = ask(case)
    with pytest.raises(Conflict, match="already"):
        ask(case, PAUSE)
    say(case, first, approved=False, note="No.")
    assert ask(case, PAUSE) != first


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (replace(MORE, basis=" "), "basis"),
        (replace(MORE, reason=""), "reason"),
        (replace(MORE, extra=0), "extra"),
        (replace(MORE, extra=11), "extra"),
        (replace(PAUSE, ground="it is summer"), "ground"),
        (replace(PAUSE, basis=""), "basis"),
        (replace(WAIVER, basis=""), "basis"),
        (replace(WAIVER, reason=" "), "reason"),
    ],
)
def test_what_could_not_be_approved_is_not_proposed(case: Case, wish: Wish, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(case, wish)
    assert refused.value.field == field
    assert not proposals(case)


def test_a_refusal_needs_a_note_and_moves_nothing(case: Case) -> None:
    before, proposal_id = case.due_at("report"), ask(case)
    with pytest.raises(Invalid) as refused:
        say(case, proposal_id, approved=False, note="  ")
    assert refused.value.field == "note"
    say(case, proposal_id, approved=False, note="Twenty days are enough.")
    assert case.due_at("report") == before
    assert [line.kind for line in lines(case)] == [Kind.CREATED, Kind.TRIGGERED]
    assert proposals(case)[0].note == "Twenty days are enough."


def test_only_the_proposer_takes_a_proposal_back(case: Case) -> None:
    proposal_id = ask(case)
    with case.platform.database.writing() as session:
        agency = session.get_one(Agency, case.agency_id)
        case.people["Zarina"] = factories.make_person(
            session, "Zarina", role=Role.OFFICER, agency=agency
        )
    with pytest.raises(NotAllowed):
        take_back(case, proposal_id, "Zarina")
    take_back(case, proposal_id)
    with pytest.raises(Conflict, match="withdrawn"):
        say(case, proposal_id)
    with pytest.raises(Conflict, match="withdrawn"):
        take_back(case, proposal_id)


def test_what_was_decided_is_not_decided_again(case: Case) -> None:
    proposal_id = ask(case)
    say(case, proposal_id)
    with pytest.raises(Conflict, match="approved already"):
        say(case, proposal_id, "Cholpon")
    with pytest.raises(Conflict, match="approved already"):
        take_back(case, proposal_id)
    assert case.duty("report").extra == 5


def test_it_may_be_too_late_when_it_is_approved(case: Case) -> None:
    proposal_id = ask(case)
    case.clock.now = case.due_at("report")
    with case.platform.database.reading() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        proposal = session.get_one(DutyProposal, proposal_id)
        law = law_of(session, case.platform.pack)
        assert "run out" in str(outlook(session, law, duty, proposal, case.clock.now)[1])
    with pytest.raises(Invalid, match="run out"):
        say(case, proposal_id)
    assert proposals(case)[0].verdict == "waiting"
    say(case, proposal_id, approved=False, note="It came too late.")


def test_what_was_extended_before_counts_towards_the_most(case: Case) -> None:
    say(case, ask(case))
    with pytest.raises(Invalid, match="10 working days at most"):
        ask(case, replace(MORE, extra=6))
    say(case, ask(case))
    assert case.duty("report").extra == 10


def test_a_pause_stops_the_clock_and_its_end_counts_the_days_lost(case: Case) -> None:
    before = case.due_at("report")
    say(case, ask(case, PAUSE))
    assert lines(case)[-1].data["ground"] == "expert_examination"
    assert case.status("report") is Status.PAUSED
    case.clock.now = before + timedelta(days=30)
    assert case.status("report") is Status.PAUSED  # it stands still
    with pytest.raises(Invalid) as refused:
        run_again(case, reason="")
    assert refused.value.field == "reason"
    run_again(case)
    assert case.status("report") is Status.RUNNING
    assert case.due_at("report") > before + timedelta(days=30)
    with pytest.raises(Conflict):
        run_again(case)


def test_a_waiver_settles_a_duty(case: Case) -> None:
    say(case, ask(case, WAIVER))
    assert case.status("report") is Status.WAIVED
    with pytest.raises(Conflict, match="settled"):
        ask(case)


def test_what_is_asked_for_a_duty_that_is_done_meanwhile_needs_no_decision(case: Case) -> None:
    proposal_id = ask(case)
    case.publish()
    assert proposals(case)[0].verdict == "withdrawn"
    with pytest.raises(Conflict, match="withdrawn"):
        say(case, proposal_id)
    ask(case, WAIVER, code="decision")
    with case.platform.database.writing() as session:
        fulfil(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people["Olga"].id or 0),
            obligation_id=case.duty("decision").id or 0,
            evidence="Resolution No. 12",
            now=case.clock.now,
        )
    assert {proposal.verdict for proposal in proposals(case)} == {"withdrawn"}


def test_what_is_not_there_cannot_be_decided(case: Case) -> None:
    with pytest.raises(NotFound):
        say(case, 99)


def test_the_date_shown_before_approving_is_the_date_approving_gives(case: Case) -> None:
    proposal_id = ask(case)
    with case.platform.database.reading() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        proposal = session.get_one(DutyProposal, proposal_id)
        law = law_of(session, case.platform.pack)
        computed, refusal = outlook(session, law, duty, proposal, case.clock.now)
    assert refusal is None
    assert computed is not None
    case.clock.now += HOUR
    say(case, proposal_id)
    assert case.due_at("report") == computed.due_at


# At the same instant.


def at_once(*calls: Any) -> list[str]:
    """Runs calls at the same time; what each came to: "" or the refusal."""

    def attempt(call: Any) -> str:
        try:
            call()
        except DomainError as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(attempt, calls))


def test_of_two_approvals_at_once_one_counts_and_the_other_is_told(case: Case) -> None:
    proposal_id = ask(case)
    done, told = at_once(
        lambda: say(case, proposal_id, "Bakyt"), lambda: say(case, proposal_id, "Cholpon")
    )
    assert (done, told) == ("", "This was approved already.")
    assert case.duty("report").extra == 5
    assert [line.kind for line in lines(case)].count(Kind.EXTENDED) == 1


def test_of_an_approval_and_a_withdrawal_at_once_one_wins(case: Case) -> None:
    proposal_id = ask(case)
    done, told = at_once(lambda: say(case, proposal_id), lambda: take_back(case, proposal_id))
    assert done == ""
    won = proposals(case)[0].verdict
    assert told == DECIDED[won]
    assert case.duty("report").extra == (5 if won == "approved" else 0)


def test_of_two_proposals_at_once_one_is_kept(case: Case) -> None:
    done, told = at_once(lambda: ask(case), lambda: ask(case, PAUSE))
    assert done == ""
    assert "already" in told
    assert len(proposals(case)) == 1


# Who is told.


def test_those_who_may_approve_are_told_and_then_the_proposer(case: Case) -> None:
    with case.platform.database.writing() as session:
        grant(session, case.people["Olga"].id or 0, Role.APPROVER, case.agency_id, START)
    proposal_id = ask(case)
    case.drain()
    for name in ("Bakyt", "Cholpon"):
        (notice,) = case.notices(name, "duty_proposed", "report")
        assert notice.values["extra"] == 5
    assert not case.notices("Olga", "duty_proposed")
    say(case, proposal_id, approved=False, note="No.")
    case.drain()
    (told,) = case.notices("Olga", "duty_decided", "report")
    assert (told.values["approved"], told.values["note"]) == (False, "No.")


def test_nobody_is_told_of_what_was_taken_back_in_time(case: Case) -> None:
    take_back(case, ask(case))
    case.drain()
    assert not case.notices("Bakyt", "duty_proposed")
    assert not case.notices("Olga", "duty_decided")
