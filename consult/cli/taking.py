"""The command that writes a person's data to a file: export-person."""

from pathlib import Path
from typing import Annotated

import typer

from consult.audit.actions import note
from consult.cli.exporting import whole_file
from consult.cli.start import open_platform
from consult.privacy.export import Taking, write_data
from consult.privacy.queries import person_by

app = typer.Typer()


@app.command("export-person")
def export_person(
    person: Annotated[str, typer.Argument(help="Their number or e-mail address.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The ZIP file to write.")],
) -> None:
    """Write everything that is held about a person to a file; the audit log keeps that it was."""
    platform = open_platform()
    now = platform.clock()
    with platform.database.steady() as session:
        found = person_by(session, person)
        number = found.id or 0
        with whole_file(out, mode=0o600) as target:
            write_data(Taking(session, platform, found, now), target)
            size = target.tell()
            with platform.database.writing() as writing:  # noted before anybody can read the file
                note(writing, "data_taken", actor_id=None, subject_id=number, now=now)
    typer.echo(f"Person {number}: {size:,} bytes in {out}")
