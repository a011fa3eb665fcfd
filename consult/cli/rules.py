"""Commands about rule packs: whether one can be relied on as it is written."""

import json
from typing import Annotated

import typer

from consult.accounts.models import AGENCY_KINDS
from consult.procedure.packs import RulePack, examine_pack

app = typer.Typer()
rules_app = typer.Typer(no_args_is_help=True, help="Rule packs: the law as data.")
app.add_typer(rules_app, name="rules")


@rules_app.command("check")
def check(
    pack: Annotated[str, typer.Argument(help="A code, such as kg, or the path of a .toml file.")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say everything that is wrong with a rule pack, or what is in it."""
    found, problems = examine_pack(pack)
    if found is not None:
        unknown = [kind for kind in found.agency_kinds if kind not in AGENCY_KINDS]
        problems += [f"agency_kinds: {kind!r} is no kind of agency here" for kind in unknown]
    if as_json:
        typer.echo(json.dumps(_data(pack, found, problems), ensure_ascii=False))
    elif found is not None and not problems:
        typer.echo(_summary(found))
    else:
        typer.echo("\n".join(problems), err=True)
    if problems:
        raise typer.Exit(1)


def _data(named: str, pack: RulePack | None, problems: list[str]) -> dict[str, object]:
    """The result for a machine; the counts are null if the entries could not be read."""
    return {
        "pack": pack.code if pack else named,
        "ok": not problems,
        "problems": problems,
        "rules": len(pack.rule) if pack else None,
        "duties": len(pack.duty) if pack else None,
        "proposed": sum(rule.proposed for rule in pack.rule) if pack else None,
    }


def _summary(pack: RulePack) -> str:
    proposed = sum(rule.proposed for rule in pack.rule)
    counts = (
        f"{len(pack.rule)} rules ({proposed} proposed)",
        f"{len(pack.duty)} duties",
        f"{len(pack.act_type)} kinds of act",
        f"{len(pack.attribute)} attributes",
        f"{len(pack.tolling)} grounds for a pause",
    )
    return f"{pack.code}: {', '.join(counts)}, all unconfirmed"
