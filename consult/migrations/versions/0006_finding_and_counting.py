"""What is found and counted: synonyms, snapshots, scores, bills before committees, polls, keys."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


# What the audit log may tell of before, and since (each feature adds its own).
AUDITED_BEFORE = (
    *("role_given", "role_taken", "person_invited", "invitation_accepted", "invitation_withdrawn"),
    *("person_identified", "second_factor_set", "second_factor_reset", "password_changed"),
    *("address_changed", "name_corrected", "sign_ins_ended", "contact_read", "data_taken"),
    *("person_forgotten", "agency_renamed", "agency_reorganised", "member_added", "member_ended"),
    *("organisation_handed_over", "organisation_corrected", "organisation_closed"),
    *("webhook_added", "webhook_renewed", "webhook_ended"),
)
AUDITED = (
    *AUDITED_BEFORE,
    *("scorecard_loaded", "indicators_loaded", "indicator_entered"),
    *("synonyms_added", "synonyms_changed", "synonyms_removed"),
    *("key_made", "key_ended"),
)


def text(length: int | None = None) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    """One function for each feature, in the order of their keys."""
    _audit(AUDITED)
    _synonyms_up()
    _snapshots_up()
    _openness_up()
    _figures_up()
    _parliament_up()
    _polls_up()
    # The index follows events by itself: nobody is left who could do what still waits to be done.
    op.execute("DELETE FROM outbox_delivery WHERE handler = 'index_draft' AND done_at IS NULL")
    _keys_up()


def downgrade() -> None:
    """The same, backwards."""
    _keys_down()
    _polls_down()
    _parliament_down()
    _figures_down()
    _openness_down()
    _snapshots_down()
    _synonyms_down()
    new = ", ".join(f"'{action}'" for action in AUDITED if action not in AUDITED_BEFORE)
    op.execute(f"DELETE FROM audit_entry WHERE action IN ({new})")  # noqa: S608
    _audit(AUDITED_BEFORE)


def _audit(actions: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{action}'" for action in actions)
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        known = batch_op.f("ck_audit_entry_action_known")
        batch_op.drop_constraint(known, type_="check")
        batch_op.create_check_constraint(known, f"action IN ({listed})")


def _synonyms_up() -> None:
    op.create_table(
        "synonym_group",
        sa.Column("code", text(40), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_synonym_group")),
    )


def _synonyms_down() -> None:
    op.drop_table("synonym_group")


def _snapshots_up() -> None:
    kinds = "'overall', 'agencies', 'years', 'brief', 'scorecard', 'indicators'"
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", text(20), nullable=False),
        sa.Column("subject", text(200), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_snapshot_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("sha256", name=op.f("uq_snapshot_sha256")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index("ix_snapshot_subject", ["kind", "subject", "id"], unique=False)


def _snapshots_down() -> None:
    op.drop_table("snapshot")


def _openness_up() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "score_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scale", text(40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("loaded_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_score_year")),
    )
    op.create_table(
        "score_row",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("body", text(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("printed_total", text(20), nullable=False),
        sa.Column("printed_rank", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["year"], ["score_year.year"], name=op.f("fk_score_row_year")),
        sa.PrimaryKeyConstraint("year", "body", name=op.f("pk_score_row")),
    )
    op.create_table(
        "indicator",
        sa.Column("number", text(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("programme", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("unit", text(20), nullable=False),
        sa.Column("direction", text(10), nullable=False),
        sa.Column("metric", text(40), nullable=False),
        sa.Column("bounds", sa.JSON(), nullable=False),
        sa.Column("loaded_at", moment, nullable=False),
        sa.CheckConstraint(
            "unit IN ('count', 'percent', 'rank', 'points', 'days')",
            name=op.f("ck_indicator_unit_known"),
        ),
        sa.CheckConstraint(
            "direction IN ('higher', 'lower')", name=op.f("ck_indicator_direction_known")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_indicator")),
    )
    op.create_table(
        "indicator_value",
        sa.Column("number", text(20), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", text(20), nullable=False),
        sa.Column("source", text(300), nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["indicator.number"], name=op.f("fk_indicator_value_number")
        ),
        sa.PrimaryKeyConstraint("number", "year", name=op.f("pk_indicator_value")),
    )


def _openness_down() -> None:
    for table in ("indicator_value", "indicator", "score_row", "score_year"):
        op.drop_table(table)


def _figures_up() -> None:
    """What people say of themselves to be counted; the earliest lawful closing of a round."""
    op.create_table(
        "demographic",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("region", text(40), nullable=False),
        sa.Column("age_band", text(20), nullable=False),
        sa.Column("gender", text(20), nullable=False),
        sa.Column("said_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_demographic_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_demographic")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("minimum_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )

    op.create_table(
        "kept_figures",
        sa.Column("name", text(200), nullable=False),
        sa.Column("counted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("stamp", text(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kept_figures")),
    )


def _figures_down() -> None:
    op.drop_table("kept_figures")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_column("minimum_at")
    op.drop_table("demographic")


def _parliament_up() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("referred_by", sa.Integer(), nullable=True),
        sa.Column("referred_at", moment, nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_referral_{column}"))
            for column, table in (
                *(("committee_id", "agency"), ("draft_id", "draft")),
                *(("referred_by", "person"), ("ended_by", "person")),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_committee", ["committee_id", "ended_at", "id"])
        batch_op.create_index(
            "ix_referral_once",
            ["draft_id", "committee_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def _parliament_down() -> None:
    op.drop_table("referral")


def _polls_up() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "poll_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", moment, nullable=False),
        sa.CheckConstraint(
            "kind IN ('single', 'multiple', 'scale', 'open')",
            name=op.f("ck_poll_question_kind_known"),
        ),
        sa.CheckConstraint(
            "position BETWEEN 1 AND 5", name=op.f("ck_poll_question_position_known")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_poll_question_consultation_id")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_poll_question_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_question")),
        sa.UniqueConstraint(
            "consultation_id", "position", name=op.f("uq_poll_question_consultation_id_position")
        ),
    )
    op.create_table(
        "poll_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_identified", sa.Boolean(), nullable=False),
        sa.Column("choices", sa.Integer(), nullable=False),
        sa.Column("words", text(1000), nullable=False),
        sa.Column("lang", text(2), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.Column("hidden_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"], ["poll_question.id"], name=op.f("fk_poll_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_poll_answer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint(
            "question_id", "person_id", name=op.f("uq_poll_answer_question_id_person_id")
        ),
    )
    with op.batch_alter_table("poll_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_answer_person_id"), ["person_id"])
    _one_subject(
        "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN problem_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN answer_id IS NULL THEN 0 ELSE 1 END) = 1",
        add=True,
    )


def _polls_down() -> None:
    op.execute("DELETE FROM moderation_act WHERE answer_id IS NOT NULL")
    _one_subject("(comment_id IS NULL) <> (problem_id IS NULL)", add=False)
    op.drop_table("poll_answer")
    op.drop_table("poll_question")


def _one_subject(said: str, *, add: bool) -> None:
    """What an act of moderation is about: an answer to a poll as well, or no longer."""
    with op.batch_alter_table("moderation_act", schema=None) as batch_op:
        subject, key = (
            batch_op.f("ck_moderation_act_one_subject"),
            batch_op.f("fk_moderation_act_answer_id"),
        )
        batch_op.drop_constraint(subject, type_="check")
        if add:
            batch_op.add_column(sa.Column("answer_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(key, "poll_answer", ["answer_id"], ["id"])
        else:
            batch_op.drop_constraint(key, type_="foreignkey")
            batch_op.drop_column("answer_id")
        batch_op.create_check_constraint(subject, said)


def _keys_up() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", text(60), nullable=False),
        sa.Column("token_hash", text(64), nullable=False),
        sa.Column("terms", sa.Integer(), nullable=False),
        sa.Column("accepted_at", moment, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_key_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_key_token_hash")),
    )
    op.create_index(op.f("ix_api_key_person_id"), "api_key", ["person_id"])
    op.create_table(
        "api_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("repeat_key", text(255), nullable=False),
        sa.Column("asked_hash", text(64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_api_answer_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("key_id", "repeat_key", name=op.f("uq_api_answer_key_id_repeat_key")),
    )
    _channels("'web', 'api', 'paper', 'mail', 'hearing'")


def _keys_down() -> None:
    op.execute("UPDATE comment SET channel = 'web' WHERE channel = 'api'")
    _channels("'web', 'paper', 'mail', 'hearing'")
    op.drop_table("api_answer")
    op.drop_table("api_key")


def _channels(listed: str) -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        known = batch_op.f("ck_comment_channel_known")
        batch_op.drop_constraint(known, type_="check")
        batch_op.create_check_constraint(known, f"channel IN ({listed})")
