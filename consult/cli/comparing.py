"""The command that compares two versions of a draft, for people and for machines."""

import json
from typing import Annotated, Any

import typer

from consult.cli.start import OPERATOR, Number, open_platform
from consult.errors import NotFound
from drafts.compared import compare_versions
from drafts.queries import draft_for, versions

app = typer.Typer()
BRACKETS = {"same": "{}", "insert": "{{+{}+}}", "delete": "[-{}-]"}  # as wdiff prints them


@app.command("compare")
def compare_command(
    draft: Number,
    old: Number,
    new: Number,
    lang: Annotated[str, typer.Option(help="One that both versions have.")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Tell what changed from one version of a draft to another, word by word."""
    platform = open_platform()
    with platform.database.reading() as session:
        every = versions(session, draft_for(session, draft, OPERATOR).id or 0)
        found = compare_versions(session, every, min(old, new), max(old, new), [lang])
        if lang and found.lang != lang:
            raise NotFound(
                "These two versions have no common text in the language {lang}.", lang=lang
            )
        data = found.data()
    typer.echo(json.dumps(data, ensure_ascii=False) if as_json else _as_text(data))


def _as_text(data: dict[str, Any]) -> str:
    told = ", ".join(f"{n} {kind}" for kind, n in data["operations"].items() if n)
    head = (
        f"Draft {data['draft']}, version {data['from']} to {data['to']} ({data['lang']}): {told}."
    )
    return "\n".join([head, *map(_change_text, data["changed"])])


def _change_text(change: dict[str, Any]) -> str:
    places = [side["place"] or side["wid"] for side in (change["old"], change["new"]) if side]
    kinds = [change["kind"], *(flag for flag in ("moved", "renumbered") if change[flag])]
    words = "".join(BRACKETS[op].format(text) for op, text in change["diff"])
    title = f"\n{' → '.join(dict.fromkeys(places))}: {', '.join(dict.fromkeys(kinds))}"
    return "\n".join([title, *(f"    {line}" for line in words.splitlines())])
