"""The command that counts a term: due. It needs no installation, and makes none."""

import json
import sys
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from consult.config import Settings
from consult.db import Database
from consult.law.calculator import MOST, Question, answer, free_rule, parse_pauses, trace_days
from consult.law.queries import Law, law_of
from consult.procedure.deadlines import Computation, EndShift, Starts, Unit
from consult.procedure.packs import RulePack, load_pack
from consult.schema import is_current

app = typer.Typer()


@app.command()
def due(
    jurisdiction: Annotated[str, typer.Option(help="A rule pack: kg, kz, uk, eu or a path.")],
    amount: Annotated[int, typer.Option(min=1, max=MOST)],
    event: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The day of the event.")
    ],
    unit: Unit = Unit.WORKING_DAY,
    pause: Annotated[
        list[str] | None,
        typer.Option(help="Days on which the clock stands still: A..B; may be repeated."),
    ] = None,
    extend: Annotated[int, typer.Option(min=0, max=MOST, help="In the unit of the term.")] = 0,
    starts: Starts = Starts.NEXT_DAY,
    end_shift: EndShift = EndShift.NEXT_WORKING_DAY,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Count a term day by day: when it ends, and why each day counts or not."""
    law = _law(load_pack(jurisdiction))
    rule = free_rule(law.pack.code, amount, unit, starts, end_shift)
    pauses = parse_pauses(" ".join(pause or ()))
    question = Question(rule, event.date(), pauses, extend)
    result = _told(answer(question, law.calendar, law.tz), law)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else _text(result))


def _law(pack: RulePack) -> Law:
    """The law of a jurisdiction, with the decrees an installation knows, if there is one here."""
    settings = Settings()
    address = make_url(settings.database)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return Law(pack, pack.calendar())  # to connect would make the file
    database = Database(settings.database)
    try:
        if is_current(database.engine):
            with database.reading() as session:
                return law_of(session, pack)
    except DBAPIError as error:
        sys.exit(f"consult: the database cannot be read: {error.orig}")
    typer.echo("consult: the database is not up to date; its calendar is left out.", err=True)
    return Law(pack, pack.calendar())


def _told(computed: Computation, law: Law) -> dict[str, Any]:
    days = trace_days(computed.trace_data(), law.calendar, law.feasts_in("en"))
    return {
        "due_on": computed.due_on.isoformat(),
        "preliminary": computed.preliminary,
        "trace": [
            {
                "day": day["on"].isoformat(),
                "counted": day["counted"],
                "reason": day["text"].format(**day["params"]),
            }
            for day in days
        ],
    }


def _text(result: dict[str, Any]) -> str:
    """The result in lines: a counted day bears its number in the term."""
    numbers = count(1)
    lines = [
        f"{day['day']} {date.fromisoformat(day['day']):%a} "
        f"{next(numbers) if day['counted'] else '-':>5}  {day['reason']}"
        for day in result["trace"]
    ]
    lines.append(f"Due by the end of {result['due_on']}.")
    if result["preliminary"]:
        lines.append("Preliminary: the working calendar of that year is not confirmed yet.")
    return "\n".join(lines)
