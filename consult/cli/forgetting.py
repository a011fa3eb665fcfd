"""The commands that forget somebody, now, and again after a backup was restored."""

from pathlib import Path
from typing import Annotated

import typer

from consult.cli.start import catch_up, open_platform
from consult.privacy import forgotten
from consult.privacy.forgetting import forget, forget_again
from consult.privacy.leaving import Words
from consult.privacy.queries import person_by
from consult.privacy.standing import duties_of, managed_alone, roles_of

app = typer.Typer()

SAID = {Words.KEEP: "Their public words are kept.", Words.REMOVE: "Their words are removed."}


@app.command("forget")
def forget_person(
    person: Annotated[str, typer.Argument(help="Their number or e-mail address.")],
    words: Annotated[Words, typer.Option(help="What becomes of their public words.")] = Words.KEEP,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete somebody's account and everything that leads to them; it cannot be undone."""
    platform = open_platform()
    with platform.database.reading() as session:
        found = person_by(session, person)
        number = found.id or 0
        roles = roles_of(session, number)
        typer.echo(f"Person {number}. {SAID[words]} It cannot be undone.")
        for held in roles:
            only = ": nobody else does" if held.only else ""
            typer.echo(f"They are {held.role} of {held.agency or 'all agencies'}{only}.")
        if duties := duties_of(session, number):
            typer.echo(f"They are to do {duties} duties; give them to somebody else.")
        for name in managed_alone(session, number):
            typer.echo(f"They are the last who manages {name}.")
    if not yes:
        typer.confirm("Forget them?", abort=True)
    now = platform.clock()
    with platform.database.writing() as session:
        forget(session, person_by(session, str(number)), words=words, by=None, now=now)
    catch_up(platform)
    typer.echo(f"Person {number} is forgotten.")


@app.command()
def restore(
    list_file: Annotated[
        Path | None,
        typer.Option("--forgotten", help="The forgotten.jsonl of the installation as it was."),
    ] = None,
) -> None:
    """After a backup was put back: forget anew whoever was forgotten since it was made."""
    platform = open_platform()
    if list_file is not None:
        forgotten.append(platform.settings, forgotten.read_list(list_file))
    again = forget_again(platform, platform.clock())
    catch_up(platform)
    typer.echo(f"{again} people were forgotten again.")
