"""Reports of before held the names of those who spoke; now they are looked up when it is shown."""

import json

from alembic import command
from sqlmodel import Session, select

from consult.accounts.models import Person
from consult.platform import Platform
from consult.reports.models import Report, ReportLine
from consult.schema import _config
from tests.discussed import make_discussed
from tests.features.test_migrating import rolled_back


def kept(session: Session) -> list[tuple[str, str, bool]]:
    """Whom each line of the report names, as it is stored."""
    rows = session.exec(select(ReportLine.content).where(ReportLine.part == "rows")).all()
    return [(row.get("who"), row.get("region"), row.get("is_organisation")) for row in rows]


def test_names_are_taken_out_of_reports_and_put_back_as_they_may_be_seen(
    platform: Platform,
) -> None:
    with platform.database.writing() as session:
        scene = make_discussed(session)
        scene.report()
        hidden = session.get_one(Person, scene.people["Bolot"].id)
        hidden.shown = "nothing"
        first = session.exec(select(Report)).one()
        lines = session.exec(select(ReportLine).where(ReportLine.part == "rows")).all()
        old = {"rows": [dict(line.content, who="Aizada", region="Naryn") for line in lines]}
        first.content = {**first.content, **old}
        session.add_all((hidden, first))
    with rolled_back(platform.database) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        with Session(connection) as session:
            assert set(kept(session)) == {
                ("Aizada", "Naryn", False),
                ("", "", False),
                ("Union of Readers", "", True),
            }
        command.upgrade(config, "head")
        with Session(connection) as session:
            assert set(kept(session)) == {(None, None, None)}
            content = session.exec(select(Report.content)).one()
            assert {(row["who"], row["region"]) for row in content["rows"]} == {("", "")}
            assert "Aizada" not in json.dumps(content)
