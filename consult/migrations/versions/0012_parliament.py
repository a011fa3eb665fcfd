"""The way of a bill through parliament: readings, amendments, speakers, votes, sittings."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    *("appeals_report", "bill_registration", "deputy", "reading", "sitting"),
    *("amendment", "sitting_item", "speech", "roll_call", "roll_call_vote"),
)


def text(length: int | None = None) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    """One function a table, in the order of their keys."""
    _appeals_report()
    _bill_registration()
    _deputy()
    _reading()
    _sitting()
    _amendment()
    _sitting_item()
    _speech()
    _roll_call()
    _roll_call_vote()


def downgrade() -> None:
    """The same, backwards."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _appeals_report() -> None:
    op.create_table(
        "appeals_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("text", text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("url", text(500), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["agency.id"], name=op.f("fk_appeals_report_body_id")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_appeals_report_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals_report")),
    )
    with op.batch_alter_table("appeals_report", schema=None) as batch_op:
        batch_op.create_index("ix_appeals_report_body", ["body_id", "until_on", "id"], unique=False)


def _bill_registration() -> None:
    op.create_table(
        "bill_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("number", text(80), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["agency.id"], name=op.f("fk_bill_registration_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["agency.id"], name=op.f("fk_bill_registration_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_bill_registration_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_bill_registration_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_registration")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_bill_registration_draft_id")),
    )
    with op.batch_alter_table("bill_registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bill_registration_body_id"), ["body_id"], unique=False)


def _deputy() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("name", text(120), nullable=False),
        sa.Column("faction", text(120), nullable=False),
        sa.Column("constituency", text(120), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["agency.id"], name=op.f("fk_deputy_body_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputy_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_deputy_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
        sa.UniqueConstraint(
            "body_id", "name", "since_on", name=op.f("uq_deputy_body_id_name_since_on")
        ),
    )
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deputy_person_id"), ["person_id"], unique=False)


def _reading() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("outcome", text(), nullable=False),
        sa.Column("note", text(4000), nullable=False),
        sa.Column("url", text(500), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('passed', 'returned', 'rejected', 'postponed')",
            name=op.f("ck_reading_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_reading_draft_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_reading_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("draft_id", "n", name=op.f("uq_reading_draft_id_n")),
    )


def _sitting() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("title", text(300), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("results", text(), nullable=False),
        sa.Column("url", text(500), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["agency.id"], name=op.f("fk_sitting_body_id")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_sitting_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_sitting_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index("ix_sitting_body", ["body_id", "held_on", "id"], unique=False)


def _amendment() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", text(20), nullable=False),
        sa.Column("wid", text(), nullable=False),
        sa.Column("place", text(200), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("current", text(), nullable=False),
        sa.Column("proposed", text(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("author", text(200), nullable=False),
        sa.Column("conclusion", text(4000), nullable=False),
        sa.Column("decision", text(), nullable=False),
        sa.Column("reason", text(4000), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('pending', 'accepted', 'rejected', 'withdrawn')",
            name=op.f("ck_amendment_decision_known"),
        ),
        sa.ForeignKeyConstraint(["deputy_id"], ["deputy.id"], name=op.f("fk_amendment_deputy_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_amendment_draft_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_amendment_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_amendment_draft_id_number")),
    )
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.create_index("ix_amendment_deputy", ["deputy_id", "id"], unique=False)
        batch_op.create_index("ix_amendment_draft", ["draft_id", "id"], unique=False)


def _sitting_item() -> None:
    op.create_table(
        "sitting_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", text(500), nullable=False),
        sa.Column("result", text(2000), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_sitting_item_draft_id")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_item_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_item")),
        sa.UniqueConstraint(
            "sitting_id", "position", name=op.f("uq_sitting_item_sitting_id_position")
        ),
    )
    with op.batch_alter_table("sitting_item", schema=None) as batch_op:
        batch_op.create_index("ix_sitting_item_draft", ["draft_id", "id"], unique=False)


def _speech() -> None:
    op.create_table(
        "speech",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("guest", text(200), nullable=False),
        sa.Column("stance", text(), nullable=False),
        sa.Column("gist", text(4000), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("url", text(500), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "stance IN ('support', 'oppose', 'neutral')", name=op.f("ck_speech_stance_known")
        ),
        sa.ForeignKeyConstraint(["deputy_id"], ["deputy.id"], name=op.f("fk_speech_deputy_id")),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_speech_reading_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_speech_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speech")),
        sa.UniqueConstraint("reading_id", "position", name=op.f("uq_speech_reading_id_position")),
    )
    with op.batch_alter_table("speech", schema=None) as batch_op:
        batch_op.create_index("ix_speech_deputy", ["deputy_id", "id"], unique=False)


def _roll_call() -> None:
    op.create_table(
        "roll_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["amendment.id"], name=op.f("fk_roll_call_amendment_id")
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_roll_call_draft_id")),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_roll_call_reading_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_roll_call_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_call")),
    )
    with op.batch_alter_table("roll_call", schema=None) as batch_op:
        batch_op.create_index("ix_roll_call_draft", ["draft_id", "id"], unique=False)
        batch_op.create_index("ix_roll_call_reading", ["reading_id", "id"], unique=False)


def _roll_call_vote() -> None:
    op.create_table(
        "roll_call_vote",
        sa.Column("roll_call_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("choice", text(), nullable=False),
        sa.Column("faction", text(120), nullable=False),
        sa.Column("voted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "choice IN ('for', 'against', 'abstained', 'absent')",
            name=op.f("ck_roll_call_vote_choice_known"),
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["deputy.id"], name=op.f("fk_roll_call_vote_deputy_id")
        ),
        sa.ForeignKeyConstraint(
            ["roll_call_id"], ["roll_call.id"], name=op.f("fk_roll_call_vote_roll_call_id")
        ),
        sa.PrimaryKeyConstraint("roll_call_id", "deputy_id", name=op.f("pk_roll_call_vote")),
    )
    with op.batch_alter_table("roll_call_vote", schema=None) as batch_op:
        batch_op.create_index(
            "ix_roll_call_vote_deputy", ["deputy_id", "roll_call_id"], unique=False
        )

    with op.batch_alter_table("council_vote", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_council_vote_opinion_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_council_vote_opinion_id_member_id"), ["opinion_id", "member_id"]
        )
