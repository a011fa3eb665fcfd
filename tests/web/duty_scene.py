"""A ministry with as many duties as a test wants, for the tests of lists of duties."""

from datetime import date, datetime

from sqlmodel import col, select

from consult.access import Role
from consult.obligations.models import Obligation, ObligationEvent
from consult.platform import Platform
from consult.procedure.deadlines import end_of
from tests import factories
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.duties import Case, make_case


class Scene(Case):
    """A case with many duties of one kind: the first of them is meant."""

    def duty(self, code: str) -> Obligation:
        with self.platform.database.reading() as session:
            query = select(Obligation).where(Obligation.duty == code).order_by(col(Obligation.id))
            return session.exec(query.limit(1)).one()


@kept
def make_scene(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed at the Ministry of Justice; Damir is of another agency."""
    made = Scene(**vars(make_case(platform, clock)))
    with platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        made.people["Damir"] = factories.make_person(
            session, "Damir", role=Role.OFFICER, agency=other
        )
    made.close()
    return made


def add_duties(case: Case, n: int, *, subject: str = "", **changes: object) -> list[int]:
    """Duties like the report, each with a ledger of two lines; returns their numbers."""
    one = case.duty("report").model_dump(exclude={"id", "key", "subject"}) | changes
    at, ids = case.clock.now, []
    with case.platform.database.writing() as session:
        first = len(session.exec(select(Obligation.id)).all())
        for number in range(first, first + n):
            duty = Obligation(**one, key=f"more:{number}", subject=subject.format(n=number))
            session.add(duty)
            session.flush()
            ids.append(duty.id or 0)
            facts = {"due_at": duty.due_at.isoformat()} if duty.due_at else {}
            kinds = ("created", {"rule_code": duty.rule_code}), ("triggered", facts)
            for seq, (kind, data) in enumerate(kinds[: 2 if facts else 1], start=1):
                line = {"kind": kind, "at": at, "recorded_at": at, "data": data}
                session.add(ObligationEvent(obligation_id=duty.id or 0, seq=seq, **line))
    return ids


def due(case: Case, on: date) -> datetime:
    return end_of(on, case.platform.pack.tz)
