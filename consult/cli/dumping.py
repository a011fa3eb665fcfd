"""The command that writes everything public to files: dump."""

from pathlib import Path
from typing import Annotated

import typer

from consult.cli.start import open_platform
from consult.errors import Invalid
from consult.opendata.dumps import FORMATS, write
from consult.opendata.parquet import is_here

app = typer.Typer()


@app.command()
def dump(
    out: Annotated[Path, typer.Option(file_okay=False, help="A folder that is not there yet.")],
    forms: Annotated[
        list[str] | None,
        typer.Option("--format", help=" | ".join(FORMATS) + "; all that can be, unless told."),
    ] = None,
) -> None:
    """Write everything public to a folder of files, as it is at this moment."""
    if unknown := set(forms or ()) - set(FORMATS):
        known = ", ".join(FORMATS)
        raise Invalid(
            "There is no such format: {unknown}. There are: {known}.",
            unknown=", ".join(sorted(unknown)),
            known=known,
        )
    if forms and "parquet" in forms and not is_here():
        raise Invalid("Parquet needs DuckDB: install kenesh[parquet].")
    platform = open_platform()
    made = write(platform, out, platform.clock(), forms or ())
    size = sum(one.size for one in made.files)
    typer.echo(f"{sum(made.rows.values()):,} rows, {size:,} bytes in {out}")
    if made.lacks_parquet and not forms:
        typer.echo("Without Parquet, which needs DuckDB: install kenesh[parquet].")
