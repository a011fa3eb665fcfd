"""Who may be a member of a supervisory council, and that such councils are bodies."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROLES_BEFORE = ("officer", "approver", "moderator", "parliamentarian", "oversight", "administrator")
KINDS_BEFORE = ("ministry", "agency", "akimat", "kenesh", "oversight", "parliament")


def upgrade() -> None:
    """The checks know one word more each."""
    _check("role_grant", "role", (*ROLES_BEFORE, "councillor"))
    _check("invitation", "role", ("", *ROLES_BEFORE, "councillor"))
    _check("agency", "kind", (*KINDS_BEFORE, "council"))


def downgrade() -> None:
    """Members lose their role; a council stays a body, as an agency."""
    op.execute("DELETE FROM role_grant WHERE role = 'councillor'")
    op.execute("DELETE FROM invitation WHERE role = 'councillor'")
    op.execute("UPDATE agency SET kind = 'agency' WHERE kind = 'council'")
    _check("agency", "kind", KINDS_BEFORE)
    _check("invitation", "role", ("", *ROLES_BEFORE))
    _check("role_grant", "role", ROLES_BEFORE)


def _check(table: str, column: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        known = batch_op.f(f"ck_{table}_{column}_known")
        batch_op.drop_constraint(known, type_="check")
        batch_op.create_check_constraint(known, f"{column} IN ({listed})")
