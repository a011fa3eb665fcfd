"""Commands for the openness score: take a file, show what it comes to."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from consult.cli.start import AS_ADMINISTRATOR, Json, open_platform
from consult.cli.tables import read_table
from consult.openness.scorecard.actions import load_years
from consult.openness.scorecard.queries import all_scores, year_scores
from consult.openness.scorecard.reading import read_scorecard
from consult.openness.scorecard.scales import DEFAULT, load_scale
from consult.openness.scorecard.telling import year_json

app = typer.Typer()
scorecard_app = typer.Typer(no_args_is_help=True, help="The yearly openness score of bodies.")
app.add_typer(scorecard_app, name="scorecard")


@scorecard_app.command("load")
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    scale: Annotated[str, typer.Option(help="The scale: its name, or a file (TOML).")] = DEFAULT,
    as_json: Json = False,
) -> None:
    """Take the years of a file in place of what was known of them; all of it, or nothing."""
    platform = open_platform()
    chosen = load_scale(scale)
    reading = read_table(file, lambda data: read_scorecard(data, chosen.criteria_of))
    with platform.database.writing() as session:
        replaced = load_years(
            session,
            actor=AS_ADMINISTRATOR,
            scale=chosen,
            years=reading.years,
            now=platform.clock(),
        )
        scores = year_scores(session, [year.year for year in reading.years])
    years = [year_json(scores[year]) for year in sorted(scores)]
    if as_json:
        said = {"scale": chosen.code, "replaced": replaced, "years": years}
        typer.echo(json.dumps(said, ensure_ascii=False))
        return
    typer.echo("\n\n".join(_as_text(year) for year in years))
    if replaced:
        typer.echo(f"\nReplaced: {', '.join(map(str, replaced))}.")


@scorecard_app.command("show")
def show(
    year: Annotated[int, typer.Option(help="One year; else all there are.")] = 0,
    as_json: Json = False,
) -> None:
    """Tell means, ranks, and the rows whose printed total is not the sum of its parts."""
    platform = open_platform()
    with platform.database.reading() as session:
        scores = all_scores(session)
    told = [year_json(now, was) for now, was in scores if year in {0, now.year}]
    if year and not told:
        typer.echo(f"The year {year} was not scored.", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps({"years": told}, ensure_ascii=False))
    else:
        typer.echo("\n\n".join(_as_text(one) for one in told) or "No year was scored.")


def _as_text(said: dict[str, Any]) -> str:
    lines = [
        f"{said['year']}: {len(said['rows'])} bodies, at most {said['maximum']} points",
        f"mean {_or_dash(said['mean'])}, of printed totals {_or_dash(said['mean_printed'])}",
    ]
    for row in said["rows"]:
        rank = f"{row['rank']}{'=' if row['tied'] else ''}"
        mark = f"  (printed: {row['printed_total']})" if row["total_differs"] else ""
        lines.append(f"{rank:>4} {row['total']:>8}  {row['body']}{mark}")
    return "\n".join(lines)


def _or_dash(number: object) -> str:
    return "—" if number is None else f"{number}"
