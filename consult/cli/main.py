"""The command line: `consult migrate | serve | worker | demo | agency | user | import | …`."""

import sys

import typer

from consult.cli import (
    anchors,
    bounces,
    calendar,
    campaigns,
    comparing,
    due,
    duties,
    exporting,
    forgetting,
    outbox,
    people,
    record,
    report,
    rules,
    serving,
    taking,
    texts,
)
from consult.errors import DomainError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for commands in (
    serving.app,
    people.app,
    texts.app,
    comparing.app,
    anchors.app,
    exporting.app,
    forgetting.app,
    taking.app,
    report.app,
    due.app,
    duties.app,
    rules.app,
    calendar.app,
    campaigns.app,
    record.app,
    outbox.app,
    bounces.app,
):
    app.add_typer(commands)


def main() -> None:
    """Run a command; a refusal is one line on standard error, not a traceback."""
    try:
        app()
    except DomainError as refusal:
        sys.exit(f"consult: {refusal}")
