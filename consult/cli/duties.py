"""The command that lists what agencies owe: for an operator, a spreadsheet, another program."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import typer
from sqlmodel import Session

from consult.accounts.queries import agencies, agency_by_code
from consult.cli.start import open_platform
from consult.errors import Invalid
from consult.law.queries import law_of
from consult.obligations.cards import duty_cards
from consult.obligations.queries import DutyRow
from consult.obligations.registers.listing import STATUSES, every
from consult.obligations.registers.narrowing import RegisterQuery
from consult.platform import Platform
from consult.procedure.deadlines import local_day

app = typer.Typer()


@app.command()
def duties(
    agency: Annotated[str, typer.Option(help="Of one agency, by its code.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    state: Annotated[str, typer.Option(help=" | ".join(STATUSES))] = "all",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List every duty as it falls due, however many; "days" are working days, negative if late."""
    if state not in STATUSES:
        raise Invalid("There is no such state. There are: {states}.", states=", ".join(STATUSES))
    if overdue and state not in ("all", "overdue"):
        raise Invalid("--overdue and --state {state} cannot both be.", state=state)
    platform = open_platform()
    with platform.database.reading() as session:
        found = _found(session, platform, agency, "overdue" if overdue else state)
        for line in _json_lines(found) if as_json else _table(found):
            typer.echo(line)


def _found(
    session: Session, platform: Platform, agency: str, state: str
) -> Iterator[Mapping[str, Any]]:
    """The duties as plain values, read piece by piece."""
    law, bodies, now = law_of(session, platform.pack), agencies(session), platform.clock()
    agency_id = agency_by_code(session, agency).id if agency else None
    asked = RegisterQuery(status=state, per="all")
    for row in every(session, asked.filter(law, local_day(now, law.tz), agency_id), now):
        card = duty_cards([row], bodies, law, now)[0]
        rule = law.pack.rules.get(row.obligation.rule_code)
        yield _facts(row, card, rule.citation if rule else "", platform.settings.base_url)


def _facts(row: DutyRow, card: Mapping[str, Any], citation: str, base_url: str) -> dict[str, Any]:
    duty, due_on = row.obligation, card["due_on"]
    return {
        "id": duty.id,
        "duty": duty.duty,
        "agency": card["agency"].code,
        "draft": duty.draft_id,
        "round": row.round,
        "subject": duty.subject,
        "state": duty.state,
        "status": card["status"],
        "due_on": due_on.isoformat() if isinstance(due_on, date) else None,
        "preliminary": duty.preliminary,
        "days": card["days"],
        "rule": duty.rule_code,
        "citation": citation,
        "address": f"{base_url.rstrip('/')}/obligations/{duty.id}",
    }


def _json_lines(found: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    """One list, one duty a line; it is whole only when its last line has come."""
    before = "["
    for facts in found:
        yield before + json.dumps(facts, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"


def _table(found: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    n = 0
    for facts in found:
        n += 1
        due = facts["due_on"] or "—"
        due += "?" if facts["preliminary"] else ""
        days = "" if facts["days"] is None else f"{facts['days']:+d}"
        draft = f"draft {facts['draft']}" if facts["draft"] else ""
        yield (
            f"{facts['id']:>6}  {due:<11} {days:>5}  {facts['status']:<14} {facts['agency']:<8} "
            f"{facts['duty']:<18} {' '.join(filter(None, (draft, facts['subject'])))}"
        ).rstrip()
    yield f"{n} duties." if n else "No duties."
