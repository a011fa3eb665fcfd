"""Commands that run an installation: migrate, serve, worker, demo, reindex, check."""

from threading import Event
from typing import Annotated

import typer
import uvicorn

from consult.app import build_platform, create_app
from consult.campaigns.queries import never_compared
from consult.campaigns.reclustering import recluster
from consult.checks import findings
from consult.cli.start import catch_up, open_platform
from consult.config import Settings
from consult.demo.load import load_demo, sign_ins
from consult.schema import migrate
from consult.worker import run_forever
from drafts.search.indexing import all_documents

app = typer.Typer()


@app.command("migrate")
def migrate_database() -> None:
    """Create the database, or bring it to the newest schema."""
    database = open_platform(ready=False).database
    migrate(database.engine)
    with database.reading() as session:
        older = never_compared(session)
    for draft_id in older:
        recluster(database, draft_id)
    typer.echo("The database is up to date.")


@app.command()
def serve(
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000, host: str = "127.0.0.1"
) -> None:
    """Serve the application."""
    platform = open_platform(port=port)
    uvicorn.run(
        create_app(platform),
        host=host,
        port=port,
        log_level="warning",
        forwarded_allow_ips=platform.settings.trusted_proxies,  # as the limits believe them
    )


@app.command()
def worker(
    *, once: Annotated[bool, typer.Option(help="Do what is due, then stop.")] = False
) -> None:
    """Do background work: opening and closing, notices, mail, the search index."""
    platform = open_platform()
    if once:
        catch_up(platform)
    else:
        run_forever(platform, Event())


@app.command()
def demo(
    *,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve")] = True,
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000,
) -> None:
    """Load the demonstration state (once) and serve it."""
    platform = open_platform(ready=False, port=port, trial=True)
    migrate(platform.database.engine)
    typer.echo("Loading the demonstration, once: about half a minute ...")
    load_demo(platform)
    typer.echo(f"\nKenesh is at http://127.0.0.1:{port}\n\n{sign_ins()}\n")
    if not platform.settings.staff_second_factor:
        typer.echo(
            "In this trial staff sign in by password alone; elsewhere they need a second factor "
            "(here too, with CONSULT_STAFF_SECOND_FACTOR=true).\n"
        )
    if serve_it:
        uvicorn.run(create_app(platform), host="127.0.0.1", port=port, log_level="warning")


@app.command()
def reindex() -> None:
    """Build the search index anew from the database, beside the live one."""
    platform = open_platform()
    with platform.database.reading() as session:
        platform.search.rebuild(all_documents(session))
    typer.echo("The index is rebuilt.")


@app.command()
def check() -> None:
    """Say whether the installation is in order; exits with 1 if something must be mended."""
    problems = findings(build_platform(Settings()))
    for finding in problems:
        typer.echo(f"{'FAIL' if finding.serious else 'note'}  {finding.text}")
    if not problems:
        typer.echo("Everything is in order.")
    raise typer.Exit(1 if any(finding.serious for finding in problems) else 0)
