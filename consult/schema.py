"""All tables of the installation in one place, and bringing a database up to them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlmodel import SQLModel

from consult import outbox
from consult.accounts import models as accounts
from consult.anchors import models as anchors
from consult.answers import models as answers
from consult.comments import models as comments
from consult.consultations import models as consultations
from consult.moderation import models as moderation
from consult.obligations import models as obligations
from consult.votes import models as votes
from drafts import models as drafts
from drafts.comparative import models as comparative
from notifications import models as notifications

# Importing a module declares its tables; named here, none is forgotten.
TABLES = (
    outbox,
    accounts,
    drafts,
    comparative,
    consultations,
    comments,
    anchors,
    votes,
    answers,
    obligations,
    moderation,
    notifications,
)
METADATA = SQLModel.metadata


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(engine: Engine) -> None:
    """Bring a database to the newest schema; run twice, the second does nothing."""
    config = _config()
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
