"""The command that tells where comments stand in a later version."""

import json
from typing import Annotated, Any

import typer
from sqlmodel import Session

from consult.anchors.actions import resolve_version
from consult.anchors.queries import public_version, resolved
from consult.cli.start import OPERATOR, Number, catch_up, open_platform
from drafts.models import DraftVersion
from drafts.queries import draft_for
from drafts.versions.anchoring import STATES

app = typer.Typer()


@app.command()
def anchors(
    draft: Number,
    version: Annotated[
        int | None, typer.Option(help="The newest public one if not said.", max=2**31 - 1)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Tell where the words of the comments on earlier versions stand in a version."""
    platform = open_platform()
    with platform.database.reading() as session:
        draft_for(session, draft, OPERATOR)
        wanted = public_version(session, draft, version)
    catch_up(platform)
    resolve_version(platform.database, wanted.id or 0, platform.clock())  # what no event asked for
    with platform.database.reading() as session:
        result = _result(session, wanted)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else _as_text(result))


def _result(session: Session, version: DraftVersion) -> dict[str, Any]:
    rows = resolved(session, version.id or 0)
    states = dict.fromkeys(STATES, 0)
    for row in rows:
        states[row["state"]] += 1
    return {"version": version.n, "states": states, "anchors": [dict(row) for row in rows]}


def _as_text(result: dict[str, Any]) -> str:
    total = sum(result["states"].values())
    lines = [f"Version {result['version']}: {total} comments on earlier versions."]
    lines += [f"{n:>6}  {state}" for state, n in result["states"].items()]
    for one in result["anchors"]:
        quote = " ".join(one["quote"].split())
        words = f"  «{quote[:57] + '…' if len(quote) > 58 else quote}»" if quote else ""
        place = (
            one["wid_then"]
            if one["wid_now"] == one["wid_then"]
            else (f"{one['wid_then']} → {one['wid_now'] or '—'}")
        )
        said = f"  ({one['relevance']})" if one["relevance"] else ""
        lines.append(f"{one['receipt']}  {one['state']:<14} {place}{words}{said}")
    return "\n".join(lines)
