"""The command line: `consult migrate | serve | worker | demo | agency | user | import | …`."""

import sys

import typer

from consult.cli import (
    anchors,
    bounces,
    brief,
    calendar,
    campaigns,
    comparing,
    due,
    dumping,
    duties,
    exchange,
    exporting,
    forgetting,
    indicators,
    metrics,
    outbox,
    people,
    record,
    report,
    rules,
    scorecard,
    searching,
    serving,
    signatures,
    taking,
    texts,
)
from consult.errors import DomainError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for commands in (
    serving.app,
    people.app,
    texts.app,
    searching.app,
    comparing.app,
    anchors.app,
    exporting.app,
    forgetting.app,
    taking.app,
    report.app,
    brief.app,
    due.app,
    duties.app,
    dumping.app,
    rules.app,
    calendar.app,
    campaigns.app,
    record.app,
    outbox.app,
    scorecard.app,
    indicators.app,
    metrics.app,
    bounces.app,
    signatures.app,
    exchange.app,
):
    app.add_typer(commands)


def main() -> None:
    """Run a command; a refusal is one line on standard error, not a traceback."""
    try:
        app()
    except DomainError as refusal:
        sys.exit(f"consult: {refusal}")
    except KeyboardInterrupt:  # just before or after the command, which ends so too
        sys.exit(130)
