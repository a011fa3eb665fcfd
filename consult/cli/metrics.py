"""The command that prints the figures of all drafts, of an agency, of a year."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from consult.accounts.queries import agency_by_code
from consult.cli.start import open_platform
from consult.statistics.counting import Measured, figures
from consult.statistics.metrics import metrics
from consult.statistics.scope import Scope

app = typer.Typer()
NO_DATA = "no data"


@app.command("metrics")
def show(
    agency: Annotated[str, typer.Option(help="Of the drafts of one agency, by its code.")] = "",
    year: Annotated[
        int | None, typer.Option(min=1900, max=2099, help="Of drafts published in this year.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, with parts.")] = False,
) -> None:
    """Print every figure; what each means: /statistics/definitions."""
    platform = open_platform()
    with platform.database.reading() as session:
        agency_id = agency_by_code(session, agency).id if agency else None
        scope, now = Scope.of_year(year, agency_id=agency_id), platform.clock()
        found = figures(session, scope, pack=platform.pack, now=now)
    if as_json:
        told = {"agency": agency or None, "year": year, "counted_at": now.isoformat()}
        each = {figure.code: asdict(figure) for figure in found}
        typer.echo(json.dumps(told | {"figures": each}, ensure_ascii=False, indent=2))
        return
    for figure in found:
        typer.echo(f"{figure.code:<24} {_in_words(figure):>12}  {metrics()[figure.code].names.en}")


def _in_words(figure: Measured) -> str:
    if figure.value is None:
        return NO_DATA
    return f"{figure.value:.1%}" if figure.unit == "share" else f"{figure.value:g}"
