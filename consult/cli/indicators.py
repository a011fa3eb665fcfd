"""Commands for the indicators of a programme: take a file, show how they stand."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from consult.cli.start import AS_ADMINISTRATOR, Json, open_platform
from consult.cli.tables import read_table
from consult.openness.computing import computed_for
from consult.openness.indicators.actions import load_indicators
from consult.openness.indicators.programmes import DEFAULT, load_programme
from consult.openness.indicators.queries import indicators, standings
from consult.openness.indicators.reading import read_indicators
from consult.openness.indicators.telling import indicator_json
from consult.platform import Platform
from consult.procedure.deadlines import local_day
from consult.statistics.metrics import metrics

app = typer.Typer()
indicators_app = typer.Typer(no_args_is_help=True, help="The indicators of a programme.")
app.add_typer(indicators_app, name="indicators")


@indicators_app.command("load")
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    programme: Annotated[
        str, typer.Option(help="What they are called and computed by: a name, or a file (TOML).")
    ] = DEFAULT,
    as_json: Json = False,
) -> None:
    """Take the indicators of a file in place of those known; all of it, or nothing."""
    platform = open_platform()
    chosen = load_programme(programme)
    reading = read_table(file, read_indicators)
    with platform.database.writing() as session:
        dropped = load_indicators(
            session,
            actor=AS_ADMINISTRATOR,
            programme=chosen,
            indicators=reading.indicators,
            metrics=metrics(),
            now=platform.clock(),
        )
    for one in dropped:
        typer.echo(
            "Dropped, since this number is of another indicator now: "
            f"{one.number}, {one.year}: {one.amount} ({one.unit})",
            err=True,
        )
    _tell(platform, as_json)


@indicators_app.command("show")
def show(as_json: Json = False) -> None:
    """Tell how each indicator stands."""
    _tell(open_platform(), as_json)


def _tell(platform: Platform, as_json: bool) -> None:
    now, pack = platform.clock(), platform.pack
    with platform.database.reading() as session:
        listed = indicators(session)
        computed = computed_for(session, listed, pack=pack, now=now)
        found = standings(session, listed, computed, local_day(now, pack.tz).year)
        told = [indicator_json(one) for one in found]
    if as_json:
        typer.echo(json.dumps({"indicators": told}, ensure_ascii=False))
    else:
        typer.echo("\n".join(map(_as_text, told)) or "No programme was loaded.")


def _as_text(said: dict[str, Any]) -> str:
    targets = ", ".join(
        f"{target['year']}: {target['said']} {target['standing'].replace('_', ' ')}"
        for target in said["targets"]
    )
    newest = said["latest"]
    now = f"; {newest['year']}: {newest['value']}" if newest else ""
    return f"{said['number']:>4}  {said['names']['en']} ({said['unit']}): {targets}{now}"
