"""Who said what stands in a report: as the public sees them today, in every form of it."""

import json

import pytest
from sqlmodel import Session, select

from consult.accounts.models import Person
from consult.platform import Platform
from consult.reports.formats import DATA, FORMATS, stamp_of
from consult.reports.models import ReportLine
from tests.conftest import START
from tests.discussed import Discussed, make_discussed
from tests.features.test_reports import everywhere, report_of
from tests.reported import missing


@pytest.fixture
def scene(session: Session) -> Discussed:
    made = make_discussed(session)
    made.report()
    return made


def test_the_name_of_somebody_forgotten_is_in_no_form(
    session: Session, scene: Discussed, platform: Platform
) -> None:
    person = session.get_one(Person, scene.people["Aizada"].id)
    person.forgotten_at = START
    session.add(person)
    session.flush()
    for words in everywhere(session, report_of(session, scene), platform).values():
        assert "Aizada" not in words
        assert missing(["Please open it on Sundays."], words) == []


def test_who_said_it_is_seen_in_every_form_as_they_wish_today(
    session: Session, scene: Discussed, platform: Platform
) -> None:
    report, person = report_of(session, scene), scene.people["Aizada"]
    forms = {**FORMATS, **DATA}

    def stamps() -> list[str]:
        return [stamp_of(session, report, form, "en", platform) for form in forms.values()]

    seen = [stamps()]
    for shown, pseudonym in (("pseudonym", "Reader of Naryn"), ("nothing", "")):
        person.shown, person.pseudonym = shown, pseudonym
        session.add(person)
        session.flush()
        for words in everywhere(session, report, platform).values():
            assert "Aizada" not in words
            assert missing([pseudonym], words) == []
        seen.append(stamps())
    assert len({stamp for each in seen for stamp in each}) == len(forms) * 3
    kept = json.dumps([line.content for line in session.exec(select(ReportLine))])
    assert "Aizada" not in kept, "the name is not kept in the report at all"
