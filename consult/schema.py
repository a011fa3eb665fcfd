"""All tables of the installation in one place, and bringing a database up to them."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from consult import outbox
from consult.accounts import models as accounts
from consult.accounts.demographics import models as demographics
from consult.accounts.eid import models as eid
from consult.accounts.esign import models as esign
from consult.accounts.invitations import models as invitations
from consult.accounts.keys import models as keys
from consult.accounts.second_factor import models as second_factor
from consult.adoption import models as adoption
from consult.adoption.practice import models as practice
from consult.anchors import models as anchors
from consult.answers import models as answers
from consult.answers.teamwork import models as teamwork
from consult.attachments import models as attachments
from consult.audit import models as audit
from consult.campaigns import models as campaigns
from consult.chambers.bills import models as bills
from consult.chambers.deputies import models as deputies
from consult.chambers.sittings import models as sittings
from consult.chambers.voting import models as voting
from consult.comments import models as comments
from consult.consultations import models as consultations
from consult.cosigning import models as cosigning
from consult.councils import models as councils
from consult.exchange import models as exchange
from consult.feedback import models as feedback
from consult.grouping import models as grouping
from consult.hearings import models as hearings
from consult.intake import models as intake
from consult.law import models as law
from consult.limits import models as limits
from consult.moderation import models as moderation
from consult.obligations import models as obligations
from consult.openness.indicators import models as indicators
from consult.openness.scorecard import models as scorecard
from consult.papers import models as papers
from consult.parliament import models as parliament
from consult.plans import models as plans
from consult.polls import models as polls
from consult.proposals import models as proposals
from consult.questions import models as questions
from consult.record import models as record
from consult.reports import models as reports
from consult.snapshots import models as snapshots
from consult.statistics import models as statistics
from consult.votes import models as votes
from consult.webhooks import models as webhooks
from drafts import models as drafts
from drafts.comparative import models as comparative
from drafts.search.synonyms import models as synonyms
from notifications import models as notifications

# Importing a module declares its tables; named here, none is forgotten.
TABLES = (
    outbox,
    accounts,
    demographics,
    second_factor,
    eid,
    esign,
    invitations,
    keys,
    audit,
    limits,
    law,
    drafts,
    comparative,
    synonyms,
    consultations,
    papers,
    comments,
    cosigning,
    attachments,
    hearings,
    intake,
    campaigns,
    anchors,
    votes,
    polls,
    questions,
    grouping,
    answers,
    teamwork,
    reports,
    exchange,
    feedback,
    obligations,
    plans,
    parliament,
    councils,
    deputies,
    bills,
    voting,
    sittings,
    adoption,
    practice,
    moderation,
    proposals,
    record,
    snapshots,
    scorecard,
    indicators,
    notifications,
    webhooks,
    statistics,
)
METADATA = SQLModel.metadata


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(engine: Engine) -> None:
    """Bring a database to the newest schema; run twice, the second does nothing."""
    config = _config()
    with engine.execution_options(writes=True).connect() as connection:
        lite = engine.dialect.name == "sqlite"
        if lite:  # it changes a table by making it anew, and would miss the rows that point to it
            _keep_references(connection, on=False)
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if lite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise IntegrityError(
                    "PRAGMA foreign_key_check", None, ValueError("lost a reference")
                )
        if lite:
            _keep_references(connection, on=True)


def _keep_references(connection: Connection, *, on: bool) -> None:
    """Foreign keys of SQLite, which can be switched outside a transaction only."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(_config()).get_current_head()


def new_revision(engine: Engine, message: str) -> None:
    """Write a migration from what the models have and the database has not (for developers)."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=None)
