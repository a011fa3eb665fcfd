"""What is attempted with a bill for the access matrix: its body records a reading, an amendment."""

from consult.accounts.models import Agency
from consult.chambers.bills.actions import record_reading
from consult.chambers.bills.amending import enter_amendment
from consult.chambers.bills.models import BillRegistration
from consult.chambers.bills.rules import Change, Held
from consult.procedure.deadlines import local_day
from tests.features.matrix import Moment


def given_bill(m: Moment) -> None:
    """Its own agency is a local kenesh, and has registered it today."""
    agency = m.session.get_one(Agency, m.draft.agency_id)
    agency.kind = "kenesh"
    m.session.add(agency)
    named = {"number": "1", "registered_on": local_day(m.now, m.law.tz), "recorded_at": m.now}
    m.keep("bill", BillRegistration(draft_id=m.row("draft"), body_id=agency.id, **named))


def reading(m: Moment) -> None:
    held = Held(1, local_day(m.now, m.law.tz), "passed")
    m.do(record_reading, draft=m.draft, said=held, tz=m.law.tz)


def amendment(m: Moment) -> None:
    said = Change("1", "It is open daily.", "en", wid="art_2", author="Government")
    m.do(enter_amendment, draft=m.draft, said=said)
