"""How acts work in practice, and the yearly review of what people told."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = "'problem', 'unclear', 'burden', 'works'"
FOLLOWS = "'', 'nothing', 'explained', 'practice', 'act'"
CONCLUSIONS = "'', 'keep', 'explain', 'change'"


def text(length: int | None = None) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    """What was reported before is a problem; what was answered was explained."""
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", text(), nullable=False, server_default="problem"))
        batch_op.add_column(sa.Column("follows", text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("follows_link", text(500), nullable=False, server_default=""))
    op.execute("UPDATE problem SET follows = 'explained' WHERE answered_at IS NOT NULL")
    with op.batch_alter_table("problem", schema=None) as batch_op:
        for column in ("kind", "follows", "follows_link"):
            batch_op.alter_column(column, server_default=None)
        batch_op.create_check_constraint(batch_op.f("ck_problem_kind_known"), f"kind IN ({KINDS})")
        batch_op.create_check_constraint(
            batch_op.f("ck_problem_follows_known"), f"follows IN ({FOLLOWS})"
        )
    _onto_record()
    _echoes_up()
    _reviews_up()


def downgrade() -> None:
    op.drop_table("review_finding")
    op.drop_table("practice_review")
    op.drop_table("problem_echo")
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_problem_follows_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_problem_kind_known"), type_="check")
        for column in ("follows_link", "follows", "kind"):
            batch_op.drop_column(column)


def _onto_record() -> None:
    """From now on the record speaks of problems too. Where it has begun, those reported before are
    put to it as what happens later is; where it has not, it takes in what is there by itself."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    begun = sa.text("SELECT 1 FROM record_entry WHERE kind = 'begun'")
    if op.get_bind().execute(begun).first() is None:
        return
    problem = sa.table(
        "problem", sa.column("id"), sa.column("draft_id"), sa.column("created_at", moment)
    )
    instants = [sa.column(name, moment) for name in ("occurred_at", "spread_at")]
    event = sa.table(
        "outbox_event", sa.column("id"), sa.column("name"), sa.column("payload", sa.JSON), *instants
    )
    delivery = sa.table(
        "outbox_delivery",
        *(sa.column(name) for name in ("event_id", "handler", "attempts", "error", "cursor")),
        sa.column("due_at", moment),
    )
    for row in op.get_bind().execute(sa.select(problem).order_by(problem.c.id)).all():
        told = {"problem_id": row.id, "draft_id": row.draft_id}
        at = {"occurred_at": row.created_at, "spread_at": row.created_at}
        said = event.insert().values(name="ProblemReported", payload=told, **at)
        event_id = op.get_bind().execute(said.returning(event.c.id)).scalar_one()
        owed = {"handler": "keep_record", "attempts": 0, "error": "", "cursor": ""}
        op.get_bind().execute(
            delivery.insert().values(event_id=event_id, due_at=row.created_at, **owed)
        )


def _echoes_up() -> None:
    op.create_table(
        "problem_echo",
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("echoed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problem.id"], name=op.f("fk_problem_echo_problem_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_problem_echo_person_id")
        ),
        sa.PrimaryKeyConstraint("problem_id", "person_id", name=op.f("pk_problem_echo")),
    )
    op.create_index(op.f("ix_problem_echo_person_id"), "problem_echo", ["person_id"])


def _reviews_up() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "practice_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("overall", text(), nullable=False),
        sa.Column("words", text(10_000), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            f"overall IN ({CONCLUSIONS})", name=op.f("ck_practice_review_overall_known")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_practice_review_{column}")
            )
            for column, table in (
                *(("draft_id", "draft"), ("written_by", "person"), ("published_by", "person")),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_review")),
        sa.UniqueConstraint("draft_id", "n", name=op.f("uq_practice_review_draft_id_n")),
    )
    op.create_table(
        "review_finding",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("wid", text(), nullable=False),
        sa.Column("conclusion", text(), nullable=False),
        sa.Column("words", text(10_000), nullable=False),
        sa.CheckConstraint(
            f"conclusion IN ({CONCLUSIONS})", name=op.f("ck_review_finding_conclusion_known")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["practice_review.id"], name=op.f("fk_review_finding_review_id")
        ),
        sa.PrimaryKeyConstraint("review_id", "wid", name=op.f("pk_review_finding")),
    )
