"""What other voices left with an agency, for tests of who sees it: a proposal, a question, a
hearing, and of a bill before a kenesh a reading, an amendment, a deputy, a sitting."""

from datetime import timedelta

from consult.chambers.bills.models import Amendment, Reading
from consult.chambers.deputies.models import Deputy
from consult.chambers.sittings.models import Sitting
from consult.hearings.models import Hearing
from consult.procedure.deadlines import local_day
from consult.proposals.models import Proposal
from consult.questions.models import Question
from tests.features import matrix_bills as bills
from tests.features.matrix import Moment


def given_proposal(m: Moment) -> None:
    """Enough people support it: the agency owes an answer."""
    said = {"title": "A library", "body": "In every village.", "wanted": "A shelf.", "lang": "en"}
    proposal = Proposal(
        kind="change",
        level="state",
        agency_id=m.draft.agency_id,
        author_id=m.row("olga"),
        created_at=m.now,
        needed=1,
        counts="all",
        gathers_until=m.now + timedelta(days=30),
        supporters=1,
        supported_at=m.now,
        **said,
    )
    m.keep("proposal", proposal)


def given_question(m: Moment) -> None:
    question = Question(
        agency_id=m.draft.agency_id,
        kind="person",
        title="When?",
        body="When does it open?",
        lang="en",
        author_id=m.row("olga"),
        asked_at=m.now,
    )
    m.keep("question", question)


def given_hearing(m: Moment) -> None:
    """It is to come."""
    begins = m.now + timedelta(days=9)
    hearing = Hearing(
        agency_id=m.draft.agency_id,
        kind="hearing",
        titles={"en": "On libraries"},
        access={"en": "No steps"},
        place="Naryn",
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        register_until=begins,
        announced_at=m.now,
        changed_at=m.now,
    )
    m.keep("hearing", hearing)


def given_deliberated(m: Moment) -> None:
    """The agency is a kenesh: it has held a reading and a sitting, with a deputy."""
    bills.given_bill(m)
    today, about = local_day(m.now, m.law.tz), {"draft_id": m.row("draft"), "recorded_at": m.now}
    sat = {"body_id": m.draft.agency_id, "recorded_at": m.now}
    m.keep("reading", Reading(n=1, held_on=today, outcome="passed", **about))
    m.keep("deputy", Deputy(name="Asanov Bakyt", since_on=today, **sat))
    said = {"number": "1", "wid": "art_2", "lang": "en", "proposed": "It is open daily."}
    m.keep("amendment", Amendment(author="Government", **said, **about))
    m.keep("sitting", Sitting(title="The second sitting", held_on=today, lang="en", **sat))
