"""Opinions of supervisory councils: who was asked, what was said, how members voted."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = "'asked', 'drafted', 'voting', 'given', 'failed'"
CONCLUSIONS = "'', 'for', 'for_with_remarks', 'against'"
TAKEN = "'all', 'part', 'none'"
VOTES = "'', 'for', 'against', 'abstained', 'absent'"
# A membership that runs, an opinion that was not voted down: there is one at a time.
RUNNING, STANDING = sa.text("until_at IS NULL"), sa.text("state <> 'failed'")


def text(length: int | None = None) -> sa.types.TypeEngine:
    """A column of words."""
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def moment(name: str, *, nullable: bool = True) -> sa.Column:
    """A column of an instant."""
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A column that names a row of another table."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def among(table: str, column: str, listed: str) -> sa.CheckConstraint:
    """A column that holds one of a few words."""
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_known"))


def upgrade() -> None:
    """Members, their opinions, how each of them voted, what was answered."""
    _members()
    _opinions()
    _votes()
    _answers()


def downgrade() -> None:
    """The same, backwards."""
    for table in ("opinion_answer", "council_vote", "council_opinion", "council_member"):
        op.drop_table(table)


def _members() -> None:
    table = "council_member"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", text(120), nullable=False),
        sa.Column("field", text(120), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        moment("since_at", nullable=False),
        moment("until_at"),
        sa.Column("added_by", sa.Integer(), nullable=True),
        refers(table, "agency_id", "agency"),
        refers(table, "person_id", "person"),
        refers(table, "added_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_council_member_person", table, ["person_id"])
    op.create_index(
        "ix_council_member_once",
        table,
        ["agency_id", "person_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def _opinions() -> None:
    table = "council_opinion"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        moment("asked_at"),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("conclusion", text(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=True),
        moment("drafted_at"),
        sa.Column("terms", sa.JSON(), nullable=False),
        moment("put_at"),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        moment("closed_at"),
        among(table, "state", STATES),
        among(table, "conclusion", CONCLUSIONS),
        refers(table, "draft_id", "draft"),
        refers(table, "version_id", "draft_version"),
        refers(table, "agency_id", "agency"),
        refers(table, "asked_by", "person"),
        refers(table, "drafted_by", "council_member"),
        refers(table, "closed_by", "council_member"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_council_opinion_draft", table, ["draft_id", "id"])
    op.create_index("ix_council_opinion_agency", table, ["agency_id", "id"])
    op.create_index(
        "ix_council_opinion_once",
        table,
        ["version_id", "agency_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _votes() -> None:
    table = "council_vote"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opinion_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("vote", text(), nullable=False),
        sa.Column("dissent", text(), nullable=False),
        sa.Column("dissent_lang", text(2), nullable=False),
        moment("voted_at"),
        among(table, "vote", VOTES),
        refers(table, "opinion_id", "council_opinion"),
        refers(table, "member_id", "council_member"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("opinion_id", "member_id", name=op.f(f"uq_{table}_opinion_id")),
    )
    op.create_index("ix_council_vote_member", table, ["member_id"])


def _answers() -> None:
    table = "opinion_answer"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opinion_id", sa.Integer(), nullable=False),
        sa.Column("text", text(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("taken", text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        moment("written_at", nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        moment("published_at"),
        among(table, "taken", TAKEN),
        refers(table, "opinion_id", "council_opinion"),
        refers(table, "written_by", "person"),
        refers(table, "published_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("opinion_id", name=op.f(f"uq_{table}_opinion_id")),
    )
