"""Alembic's entry point: runs migrations on the connection it is handed by schema.py."""

from alembic import context

from consult.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
