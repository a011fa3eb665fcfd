"""Commands for neighbours: does an installation keep to the exchange profile, are calls genuine."""

import json
from typing import Annotated

import httpx2 as httpx
import typer

from consult.cli.start import Json
from consult.exchange.conformance import run
from consult.exchange.receiver import serve

app = typer.Typer()


@app.command()
def conformance(
    url: Annotated[str, typer.Option(help="The address of the installation.")],
    key: Annotated[str, typer.Option(envvar="CONSULT_EXCHANGE_KEY", help="Of a permitted system.")],
    act_type: Annotated[str, typer.Option(help="A kind of act its rules know.")] = "law",
    as_json: Json = False,
) -> None:
    """Try the exchange profile clause by clause; ends with 1 if one does not hold."""
    with httpx.Client(base_url=url.rstrip("/"), timeout=30) as http:
        results = []
        for result in run(http, key, act_type):
            results.append(result)
            if not as_json:
                mark = "holds " if result.holds else "BROKEN"
                typer.echo(f"{mark} {result.clause} {result.words} {result.said}".rstrip())
    if as_json:
        told = [{"clause": r.clause, "holds": r.holds, "said": r.said} for r in results]
        typer.echo(json.dumps({"clauses": told}, ensure_ascii=False))
    if not all(result.holds for result in results):
        raise typer.Exit(1)


@app.command()
def receiver(
    secret: Annotated[str, typer.Option(envvar="CONSULT_WEBHOOK_SECRET", help="whsec_…")],
    port: Annotated[int, typer.Option(min=0, max=65535)] = 9000,
) -> None:
    """Take webhooks on this machine, and say of each whether its signature is right."""
    with serve(port, secret, typer.echo) as server:
        typer.echo(f"Waiting for calls on http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)")
        server.serve_forever()
