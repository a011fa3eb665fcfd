"""The command that verifies the public record: its hashes, the rows it speaks of, kept heads."""

import json
from pathlib import Path
from typing import Annotated

import typer

from consult.cli.start import open_platform
from consult.errors import Invalid
from consult.record.verifying import Broken, all_faults, verify

app = typer.Typer()

MOST = 1000  # faults that are listed; whoever has more restores a backup


@app.command("verify-record")
def verify_record(
    *,
    head: Annotated[
        list[Path] | None, typer.Option(help="A head.json that was kept outside, or several.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help=f"Go on after the first wrong one, up to {MOST} of them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Verify every entry, every hash, every recorded row; exits with 1 at the first wrong one."""
    kept: dict[int, set[str]] = {}
    for file in head or ():
        for size, root in _heads(file):
            kept.setdefault(size, set()).add(root)
    with open_platform().database.steady() as session:
        try:
            found = verify(session, kept)
        except Broken as broken:
            _tell(all_faults(session, kept, MOST) if every else [str(broken)], every, as_json)
            raise typer.Exit(1) from broken
    if as_json:
        said = {"entries": found.entries, "root": found.root, "rows": found.rows}
        typer.echo(json.dumps({"holds": True, **said, "waiting": found.waiting}))
        return
    typer.echo(f"The record holds: {found.entries} entries, {found.rows} rows of the database.")
    if found.waiting:
        typer.echo(f"{found.waiting} rows wait to be recorded by the worker.")
    typer.echo(f"Head: {found.entries} {found.root}")


def _tell(faults: list[str], every: bool, as_json: bool) -> None:
    if as_json:
        more = {"all": faults} if every else {}
        typer.echo(json.dumps({"holds": False, "wrong": faults[0], **more}))
        return
    for fault in faults:
        typer.echo(f"FAIL  {fault}")
    if len(faults) == MOST:
        typer.echo("There may be more.")


def _heads(file: Path) -> list[tuple[int, str]]:
    """The heads in a file from /record/head.json, or in a proof; raises Invalid."""
    try:
        heads = json.loads(file.read_text("utf-8"))["heads"]
        return [(head["size"], head["root"]) for head in heads]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid("{file} holds no head of the record.", file=str(file)) from error
