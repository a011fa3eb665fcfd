"""The commands for what waits in the background or was given up: list it, take it up again."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import typer

from consult.cli.start import AS_ADMINISTRATOR, open_platform
from consult.errors import Invalid, NotFound
from consult.site.backstage import try_again
from consult.site.unfinished import unfinished

app = typer.Typer()
outbox = typer.Typer(help="Events and mails that wait, or were given up with a reason.")
app.add_typer(outbox, name="outbox")


@outbox.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    parked: Annotated[bool, typer.Option("--parked", help="Only what was given up.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List what is not done: waiting, or given up; to try again: `consult outbox retry ID`."""
    if context.invoked_subcommand is not None:
        return
    with open_platform().database.reading() as session:
        found = unfinished(session, parked=parked)
        for line in _json_lines(found) if as_json else _table(found):
            typer.echo(line)


@outbox.command()
def retry(
    what: Annotated[str, typer.Argument(metavar="ID", help="Of an event, or mail-ID.")],
    handler: Annotated[str, typer.Argument(help="One handler of the event; else all.")] = "",
) -> None:
    """Take up again what was given up; it is done when a worker runs next."""
    read = re.fullmatch(r"(mail-)?(\d{1,9})", what, re.ASCII)
    if not read or (read[1] and handler):
        raise Invalid("Say which: the number of an event, or mail- and the number of a mail.")
    platform, number = open_platform(), int(read[2])
    which = {"mail_id": number} if read[1] else {"event_id": number, "handler": handler}
    with platform.database.writing() as session:
        count = try_again(session, actor=AS_ADMINISTRATOR, now=platform.clock(), **which)
    if not count:
        raise NotFound("Nothing of it was given up.")
    typer.echo(f"{count} to be tried again.")


def _json_lines(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One list, one thing a line; it is whole only when its last line has come."""
    before = "["
    for facts in found:
        yield before + json.dumps(facts, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"


def _table(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    n = 0
    for facts in found:
        n += 1
        named = " ".join(filter(None, (facts["what"], facts["handler"])))
        state = f"{facts['state']}, {facts['attempts']} tried"
        yield f"{facts['id']:>10}  {named}  ({state})  {facts['error']}".rstrip()
    yield f"{n} not done." if n else "All is done."
