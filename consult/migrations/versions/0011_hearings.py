"""Hearings and live question sessions: when and where, who comes, what was said."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sa.types.TypeEngine:
    """A column of words."""
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    """A column of an instant."""
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A column that names a row of another table."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Four tables, and of what an officer enters at which hearing it was said."""
    _hearings()
    _what_belongs_to_them()
    with op.batch_alter_table("provenance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hearing_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_provenance_hearing_id"), ["hearing_id"])
        key = batch_op.f("fk_provenance_hearing_id")
        batch_op.create_foreign_key(key, "hearing", ["hearing_id"], ["id"])


def downgrade() -> None:
    """What was said stays, as said at some hearing."""
    with op.batch_alter_table("provenance", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_provenance_hearing_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_provenance_hearing_id"))
        batch_op.drop_column("hearing_id")
    for table in ("hearing_seat", "hearing_draft", "hearing_change", "hearing"):
        op.drop_table(table)


def _hearings() -> None:
    op.create_table(
        "hearing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("titles", "abouts", "access")),
        sa.Column("place", text(300), nullable=False),
        sa.Column("link", text(500), nullable=False),
        *map(moment, ("starts_at", "ends_at", "register_until")),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("state", text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("reason", text(1000), nullable=False),
        sa.Column("announced_by", sa.Integer(), nullable=True),
        *map(moment, ("announced_at", "changed_at")),
        *(moment(name, nullable=True) for name in ("reminded_at", "held_at")),
        sa.Column("minutes", sa.JSON(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=True),
        sa.Column("minutes_by", sa.Integer(), nullable=True),
        moment("minutes_at", nullable=True),
        sa.CheckConstraint("kind IN ('hearing', 'questions')", name=op.f("ck_hearing_kind_known")),
        sa.CheckConstraint(
            "state IN ('announced', 'called_off', 'held')", name=op.f("ck_hearing_state_known")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_hearing_ends_after_beginning")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_hearing_seats_known")),
        refers("hearing", "agency_id", "agency"),
        refers("hearing", "announced_by", "person"),
        refers("hearing", "minutes_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
    )
    op.create_index("ix_hearing_agency", "hearing", ["agency_id", "starts_at", "id"])
    op.create_index("ix_hearing_listing", "hearing", ["state", "starts_at", "id"])


def _what_belongs_to_them() -> None:
    kinds = "'announced', 'changed', 'called_off', 'minutes', 'minutes_corrected'"
    op.create_table(
        "hearing_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("reason", text(1000), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        moment("changed_at"),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_hearing_change_kind_known")),
        refers("hearing_change", "actor_id", "person"),
        refers("hearing_change", "hearing_id", "hearing"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_change")),
    )
    op.create_index(op.f("ix_hearing_change_hearing_id"), "hearing_change", ["hearing_id"])
    op.create_table(
        "hearing_draft",
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        refers("hearing_draft", "draft_id", "draft"),
        refers("hearing_draft", "hearing_id", "hearing"),
        sa.PrimaryKeyConstraint("hearing_id", "draft_id", name=op.f("pk_hearing_draft")),
    )
    op.create_index(op.f("ix_hearing_draft_draft_id"), "hearing_draft", ["draft_id"])
    op.create_table(
        "hearing_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("state", text(), nullable=False),
        sa.Column("speaks", sa.Boolean(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("needs", text(500), nullable=False),
        moment("registered_at"),
        sa.CheckConstraint(
            "state IN ('coming', 'waiting')", name=op.f("ck_hearing_seat_state_known")
        ),
        refers("hearing_seat", "hearing_id", "hearing"),
        refers("hearing_seat", "organisation_id", "organisation"),
        refers("hearing_seat", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_seat")),
        sa.UniqueConstraint(
            "hearing_id", "person_id", name=op.f("uq_hearing_seat_hearing_id_person_id")
        ),
    )
    op.create_index(op.f("ix_hearing_seat_person_id"), "hearing_seat", ["person_id"])
    op.create_index("ix_hearing_seat_waiting", "hearing_seat", ["hearing_id", "state", "id"])
