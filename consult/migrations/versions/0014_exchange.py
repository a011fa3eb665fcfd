"""Systems of agencies that exchange with this site, what they registered, what they were answered."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AUDITED_BEFORE = (
    *("role_given", "role_taken", "person_invited", "invitation_accepted", "invitation_withdrawn"),
    *("person_identified", "second_factor_set", "second_factor_reset", "password_changed"),
    *("address_changed", "name_corrected", "sign_ins_ended", "contact_read", "data_taken"),
    *("person_forgotten", "agency_renamed", "agency_reorganised", "member_added", "member_ended"),
    *("organisation_handed_over", "organisation_corrected", "organisation_closed"),
    *("webhook_added", "webhook_renewed", "webhook_ended"),
    *("scorecard_loaded", "indicators_loaded", "indicator_entered"),
    *("synonyms_added", "synonyms_changed", "synonyms_removed"),
    *("key_made", "key_ended"),
)
NEW = ("system_made", "system_permitted", "system_ended")


def text(length: int | None = None) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    """Three tables, and three acts more that the audit log knows."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    _audit((*AUDITED_BEFORE, *NEW))
    op.create_table(
        "exchange_system",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("title", text(60), nullable=False),
        sa.Column("token_hash", text(64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("permitted_by", sa.Integer(), nullable=True),
        sa.Column("permitted_at", moment, nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.CheckConstraint(
            "permitted_by IS NULL OR permitted_by <> made_by",
            name=op.f("ck_exchange_system_second_person"),
        ),
        *_keys("exchange_system", agency_id="agency", made_by="person"),
        *_keys("exchange_system", permitted_by="person", ended_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_system")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_exchange_system_token_hash")),
    )
    op.create_index(op.f("ix_exchange_system_agency_id"), "exchange_system", ["agency_id"])
    op.create_table(
        "exchange_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("repeat_key", text(255), nullable=False),
        sa.Column("asked_hash", text(64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        *_keys("exchange_answer", key_id="exchange_system"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_answer")),
        sa.UniqueConstraint(
            "key_id", "repeat_key", name=op.f("uq_exchange_answer_key_id_repeat_key")
        ),
    )
    op.create_table(
        "exchange_link",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("number", text(60), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("registered_at", moment, nullable=False),
        *_keys("exchange_link", draft_id="draft", agency_id="agency", system_id="exchange_system"),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_exchange_link")),
        sa.UniqueConstraint("agency_id", "number", name=op.f("uq_exchange_link_agency_id_number")),
    )
    op.create_index(op.f("ix_exchange_link_system_id"), "exchange_link", ["system_id"])


def downgrade() -> None:
    """Numbers in the books of agencies are lost; their drafts stay."""
    for table in ("exchange_link", "exchange_answer", "exchange_system"):
        op.drop_table(table)
    listed = ", ".join(f"'{action}'" for action in NEW)
    op.execute(f"DELETE FROM audit_entry WHERE action IN ({listed})")  # noqa: S608
    _audit(AUDITED_BEFORE)


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def _audit(actions: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{action}'" for action in actions)
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        known = batch_op.f("ck_audit_entry_action_known")
        batch_op.drop_constraint(known, type_="check")
        batch_op.create_check_constraint(known, f"action IN ({listed})")
