"""Proposals from people: what they ask for, who supports them, what became of them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def text(length: int | None = None) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    """What is proposed, what is answered, who supports it."""
    _proposals()
    _answers()
    _supports()


def downgrade() -> None:
    """None of it."""
    op.drop_table("proposal_support")
    op.drop_table("proposal_answer")
    op.drop_table("proposal")


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("level", text(40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("wid", text(300), nullable=False),
        sa.Column("topic", text(40), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("title", text(150), nullable=False),
        sa.Column("body", text(10000), nullable=False),
        sa.Column("wanted", text(10000), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("counts", text(), nullable=False),
        sa.Column("gathers_until", MOMENT, nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("identified", sa.Integer(), nullable=False),
        sa.Column("supported_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("hidden_at", MOMENT, nullable=True),
        sa.Column("hidden_reason", text(1000), nullable=False),
        sa.Column("joined_to", sa.Integer(), nullable=True),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("joined_by", sa.Integer(), nullable=True),
        sa.Column("led_to", sa.Integer(), nullable=True),
        sa.Column("led_at", MOMENT, nullable=True),
        sa.Column("led_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "counts IN ('identified', 'all')", name=op.f("ck_proposal_counts_known")
        ),
        sa.CheckConstraint("kind IN ('change', 'problem')", name=op.f("ck_proposal_kind_known")),
        sa.CheckConstraint("needed > 0", name=op.f("ck_proposal_needed_positive")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_proposal_agency_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_proposal_author_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_proposal_draft_id")),
        sa.ForeignKeyConstraint(["hidden_by"], ["person.id"], name=op.f("fk_proposal_hidden_by")),
        sa.ForeignKeyConstraint(["joined_by"], ["person.id"], name=op.f("fk_proposal_joined_by")),
        sa.ForeignKeyConstraint(["joined_to"], ["proposal.id"], name=op.f("fk_proposal_joined_to")),
        sa.ForeignKeyConstraint(["led_by"], ["person.id"], name=op.f("fk_proposal_led_by")),
        sa.ForeignKeyConstraint(["led_to"], ["draft.id"], name=op.f("fk_proposal_led_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_agency", ["agency_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_joined_to"), ["joined_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_led_to"), ["led_to"], unique=False)
        batch_op.create_index("ix_proposal_supporters", ["supporters", "id"], unique=False)
        batch_op.create_index("ix_proposal_topic", ["topic", "id"], unique=False)


def _answers() -> None:
    op.create_table(
        "proposal_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("outcome", text(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("returned_note", text(1000), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'accepted_in_part', 'already_provided', 'rejected')",
            name=op.f("ck_proposal_answer_outcome_known"),
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'returned', 'published')",
            name=op.f("ck_proposal_answer_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_proposal_answer_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["person.id"], name=op.f("fk_proposal_answer_drafted_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_answer_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_answer")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_proposal_answer_proposal_id")),
    )


def _supports() -> None:
    op.create_table(
        "proposal_support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_identified", sa.Boolean(), nullable=False),
        sa.Column("carried_from", sa.Integer(), nullable=True),
        sa.Column("supported_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["carried_from"], ["proposal.id"], name=op.f("fk_proposal_support_carried_from")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_support_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_support_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_support")),
        sa.UniqueConstraint(
            "proposal_id", "person_id", name=op.f("uq_proposal_support_proposal_id_person_id")
        ),
    )
    with op.batch_alter_table("proposal_support", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_support_person_id"), ["person_id"], unique=False
        )
