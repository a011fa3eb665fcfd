"""Commands for the working calendar: import decreed days, confirm a year, show it."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from consult.cli.start import AS_ADMINISTRATOR, Json, catch_up, open_platform
from consult.errors import Invalid
from consult.law.actions import confirm_year, enter_days
from consult.law.queries import YearPage, law_of, year_page
from consult.law.reading import MOST_BYTES, read_bytes
from consult.law.rules import Change, DecreedDay, changes, check_days
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from consult.procedure.packs import RulePack, load_pack
from consult.site.running import due_dates, duties_touched

app = typer.Typer()
calendar_app = typer.Typer(
    no_args_is_help=True, help="The working calendar: decreed days, final years."
)
app.add_typer(calendar_app, name="calendar")

Jurisdiction = Annotated[str, typer.Option(help="The rule pack; the installation's if not said.")]


@calendar_app.command("import")
def import_days(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    jurisdiction: Jurisdiction = "",
    document: Annotated[
        str, typer.Option(help="The decree: its kind, number and date; else the file's name.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would change.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take decreed days from a CSV or ICS file; running duties are then counted anew."""
    platform = open_platform()
    pack, days = _own_pack(platform, jurisdiction), _days_in(file)
    with platform.database.reading() as session:
        law = law_of(session, pack)
        found = changes(law.calendar, days)
        ends = [change.day.on for change in found if change.counts]
        touched = duties_touched(session, ends[0], ends[-1], law.tz) if ends else 0
    result: dict[str, Any] = {
        "jurisdiction": pack.code,
        "document": document or file.name,
        "entered": not dry_run,
        "days": [_plain(change) for change in found],
        "duties_touched": touched,
        "moved": [],
    }
    if not dry_run:
        result["moved"] = _enter(platform, days, result["document"], file.name)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else _as_text(result))


def _enter(
    platform: Platform, days: list[DecreedDay], document: str, filename: str
) -> list[dict[str, Any]]:
    """Enter the days, count what runs anew, and tell which duties moved."""
    tz = platform.pack.tz
    with platform.database.writing() as session:
        before = due_dates(session)
        enter_days(
            session,
            actor=AS_ADMINISTRATOR,
            jurisdiction=platform.pack.code,
            days=days,
            document=document,
            filename=filename,
            now=platform.clock(),
        )
    catch_up(platform)
    with platform.database.reading() as session:
        after = due_dates(session)
    return [
        {
            "duty": number,
            "from": last_day(due_at, tz).isoformat(),
            "to": last_day(after[number], tz).isoformat(),
        }
        for number, due_at in sorted(before.items())
        if number in after and after[number] != due_at
    ]


def _own_pack(platform: Platform, jurisdiction: str) -> RulePack:
    """The pack of this installation; raises Invalid if another one was asked for."""
    if jurisdiction and load_pack(jurisdiction).code != platform.pack.code:
        raise Invalid(
            "This installation counts by the rules of {own}, not of {asked}.",
            own=platform.pack.code,
            asked=jurisdiction,
        )
    return platform.pack


def _days_in(file: Path) -> list[DecreedDay]:
    """The days of a file; every problem is told on standard error, and then nothing is taken."""
    with file.open("rb") as source:
        reading = read_bytes(source.read(MOST_BYTES + 1))
    for problem in reading.problems:
        typer.echo(f"{file.name}: {problem}", err=True)
    if reading.problems:
        raise typer.Exit(1)
    check_days(reading.days)
    return reading.days


def _plain(change: Change) -> dict[str, Any]:
    day = asdict(change.day)
    was = str(change.before.reason)
    return {**day, "on": day["on"].isoformat(), "was": was, "changes": change.counts}


def _as_text(result: dict[str, Any]) -> str:
    changed = sum(day["changes"] for day in result["days"])
    verb = "Days taken" if result["entered"] else "Days that would be taken"
    lines = [
        f"{verb} on “{result['document']}”: {len(result['days'])}.",
        f"Counted otherwise: {changed}; running terms over them: {result['duties_touched']}.",
    ]
    lines += [
        f"{'*' if day['changes'] else ' '} {day['on']}  {day['kind']:<8} {day['name']}".rstrip()
        + f"  (was: {day['was']})"
        for day in result["days"]
    ]
    lines += [f"Duty {one['duty']}: due {one['from']} → {one['to']}" for one in result["moved"]]
    return "\n".join(lines)


@calendar_app.command("confirm")
def confirm(
    year: int,
    document: Annotated[str, typer.Option(help="The decree: its kind, number and date.")],
    jurisdiction: Jurisdiction = "",
) -> None:
    """Say that the calendar of a year is final: its dates are no longer preliminary."""
    platform = open_platform()
    pack = _own_pack(platform, jurisdiction)
    with platform.database.writing() as session:
        confirm_year(
            session,
            actor=AS_ADMINISTRATOR,
            jurisdiction=pack.code,
            year=year,
            document=document,
            now=platform.clock(),
        )
    catch_up(platform)
    typer.echo(f"The calendar of {year} is confirmed.")


@calendar_app.command("show")
def show(year: int, jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Tell which days of a year are not as their week says, and whether it is final."""
    platform = open_platform()
    pack = load_pack(jurisdiction) if jurisdiction else platform.pack
    with platform.database.reading() as session:
        page = year_page(session, law_of(session, pack), year, platform.settings.default_lang)
    result = _year(pack, page)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else _year_text(result))


def _year(pack: RulePack, page: YearPage) -> dict[str, Any]:
    return {
        "jurisdiction": pack.code,
        "year": page.year,
        "confirmed": page.confirmed is not None,
        "document": page.confirmed.document if page.confirmed else "",
        "working_days": page.working,
        "days": [
            {
                "on": day.on.isoformat(),
                "kind": day.kind,
                "name": day.name,
                "document": day.document,
            }
            for month in page.months
            for day in month.special
        ],
    }


def _year_text(result: dict[str, Any]) -> str:
    state = f"final: {result['document']}" if result["confirmed"] else "preliminary"
    lines = [
        f"{result['jurisdiction']} {result['year']}: {result['working_days']} working days, {state}"
    ]
    for day in result["days"]:
        on = date.fromisoformat(day["on"])
        document = f"  [{day['document']}]" if day["document"] else ""
        lines.append(f"{on:%a %Y-%m-%d}  {day['kind']:<8} {day['name']}".rstrip() + document)
    return "\n".join(lines)
