"""Questions to the head of a body: of people, of deputies, of councils."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SUBJECTS_BEFORE = (
    "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN problem_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN answer_id IS NULL THEN 0 ELSE 1 END)"
)
SUBJECTS = SUBJECTS_BEFORE + " + (CASE WHEN subject = '' THEN 0 ELSE 1 END)"
STATES = "'draft', 'submitted', 'published'"


def text(length: int | None = None) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Acts of moderation may be about what is about no draft."""
    _question_up()
    _beside_up()
    _moderation(add=True)


def downgrade() -> None:
    """The log then tells of comments, problems and polls alone."""
    op.execute(
        "UPDATE comment_flag SET act_id = NULL WHERE act_id IN "
        "(SELECT id FROM moderation_act WHERE subject <> '')"
    )
    op.execute("DELETE FROM moderation_act WHERE subject <> '' OR draft_id IS NULL")
    _moderation(add=False)
    for table in ("question_move", "question_answer", "question_wish", "question"):
        op.drop_table(table)


def _question_up() -> None:
    op.create_table(
        "question",
        number("id"),
        number("agency_id"),
        number("council_id", nullable=True),
        number("draft_id", nullable=True),
        sa.Column("kind", text(), nullable=False),
        sa.Column("title", text(200), nullable=False),
        sa.Column("body", text(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        number("author_id"),
        number("organisation_id", nullable=True),
        moment("asked_at"),
        number("wishes_n"),
        moment("answered_at", nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        moment("rated_at", nullable=True),
        moment("withdrawn_at", nullable=True),
        number("hidden_by", nullable=True),
        moment("hidden_at", nullable=True),
        sa.Column("hidden_reason", text(1000), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'deputy', 'council')", name=op.f("ck_question_kind_known")
        ),
        refers("question", "agency_id", "agency"),
        refers("question", "council_id", "agency"),
        refers("question", "draft_id", "draft"),
        refers("question", "author_id", "person"),
        refers("question", "organisation_id", "organisation"),
        refers("question", "hidden_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_agency", ["agency_id", "id"])
        batch_op.create_index("ix_question_author", ["author_id", "agency_id"])
        batch_op.create_index("ix_question_draft", ["draft_id", "id"])


def _beside_up() -> None:
    """Who wants to know too, the answer, where it was passed on."""
    op.create_table(
        "question_wish",
        number("question_id"),
        number("person_id"),
        moment("wished_at"),
        refers("question_wish", "question_id", "question"),
        refers("question_wish", "person_id", "person"),
        sa.PrimaryKeyConstraint("question_id", "person_id", name=op.f("pk_question_wish")),
    )
    with op.batch_alter_table("question_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_wish_person_id"), ["person_id"])
    op.create_table(
        "question_answer",
        number("id"),
        number("question_id"),
        sa.Column("body", text(), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("note", text(1000), nullable=False),
        number("drafted_by"),
        moment("drafted_at"),
        number("approved_by", nullable=True),
        moment("published_at", nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_question_answer_state_known")),
        refers("question_answer", "question_id", "question"),
        refers("question_answer", "drafted_by", "person"),
        refers("question_answer", "approved_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answer")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_answer_question_id")),
    )
    op.create_table(
        "question_move",
        number("id"),
        number("question_id"),
        number("from_agency_id"),
        number("to_agency_id"),
        sa.Column("reason", text(1000), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        number("moved_by"),
        moment("moved_at"),
        refers("question_move", "question_id", "question"),
        refers("question_move", "from_agency_id", "agency"),
        refers("question_move", "to_agency_id", "agency"),
        refers("question_move", "moved_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_move")),
    )
    with op.batch_alter_table("question_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_move_question_id"), ["question_id"])


def _moderation(*, add: bool) -> None:
    with op.batch_alter_table("moderation_act", schema=None) as batch_op:
        one = batch_op.f("ck_moderation_act_one_subject")
        batch_op.drop_constraint(one, type_="check")
        batch_op.alter_column("draft_id", existing_type=sa.Integer(), nullable=add)
        if add:
            batch_op.add_column(sa.Column("subject", text(40), nullable=False, server_default=""))
        else:
            batch_op.drop_column("subject")
        batch_op.create_check_constraint(one, f"{SUBJECTS if add else SUBJECTS_BEFORE} = 1")
    if add:
        with op.batch_alter_table("moderation_act", schema=None) as batch_op:
            batch_op.alter_column("subject", existing_type=text(40), server_default=None)
