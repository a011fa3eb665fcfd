"""The command that reads mails that came back: one from standard input, or a Maildir folder."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from consult.cli.start import open_platform
from consult.errors import Invalid
from consult.platform import Platform
from notifications.bounces.actions import take_report
from notifications.bounces.rules import REPORT_MAX, read_report, wish_to_stop
from notifications.links import UNSUBSCRIBE, unsign
from notifications.rules import read_unsubscribe_value
from notifications.stopping import stop

app = typer.Typer()
bounces = typer.Typer(no_args_is_help=True, help="Mails that came back.")
app.add_typer(bounces, name="bounces")


@bounces.callback()
def _group() -> None:
    """Keeps `read` a command of its own, although it is the only one."""


@bounces.command()
def read(
    maildir: Annotated[Path | None, typer.Option(help="A Maildir folder; else one mail.")] = None,
) -> None:
    """Count mails that came back, and stop what a mail asks to stop.

    Of a Maildir what is in `new` is read and moved to `cur`; one mail comes on standard input, as a
    mail server's pipe gives it.
    """
    platform = open_platform()
    now = platform.clock()
    if maildir is None:
        typer.echo(f"{int(_take(platform, sys.stdin.buffer.read(REPORT_MAX), now))} counted.")
        return
    if not (maildir / "new").is_dir():
        raise Invalid("There is no Maildir in {folder}.", folder=str(maildir))
    (maildir / "cur").mkdir(exist_ok=True)
    found = counted = 0
    for path in _files(maildir / "new"):
        with path.open("rb") as file:
            counted += _take(platform, file.read(REPORT_MAX), now)
        found += 1
        # Moved when it was counted: after a crash it is read again, and counted once all the same.
        path.rename(maildir / "cur" / f"{path.name.partition(':2,')[0]}:2,S")
    typer.echo(f"{found} read, {counted} counted.")


def _files(folder: Path) -> Iterator[Path]:
    """No links: the folder is another program's."""
    yield from sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())


def _take(platform: Platform, raw: bytes, now: datetime) -> bool:
    report, wish = read_report(raw), wish_to_stop(raw)
    value = unsign(platform.settings.secret_key, UNSUBSCRIBE, wish) if wish else None
    with platform.database.writing() as session:
        if report is not None:
            return take_report(session, platform, report, now)
        if value is not None:
            person_id, target = read_unsubscribe_value(value)
            stop(session, person_id=person_id, target=target)
        return value is not None
