"""Commands that run an installation: migrate, serve, worker, demo, reindex, check."""

import sys
from dataclasses import replace
from threading import Event
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeRemainingColumn

from consult.app import build_platform, create_app
from consult.campaigns.queries import never_compared
from consult.campaigns.reclustering import recluster
from consult.checks import findings
from consult.cli.start import catch_up, open_platform
from consult.config import Settings
from consult.demo.load import load_demo, sign_ins
from consult.errors import Invalid
from consult.opendata.dumps import keep_dumps
from consult.schema import migrate
from consult.worker import run_forever
from drafts.search.engines import ENGINES, engine_in
from drafts.search.following import rebuild

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
        keep_dumps(platform, platform.clock())
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
    typer.echo("Loading the demonstration, once: a minute or two ...")
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
def reindex(
    *,
    engine: Annotated[
        str, typer.Option(help=f"Instead of that in use: {', '.join(ENGINES)}.")
    ] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="From the beginning, though one was interrupted.")
    ] = False,
) -> None:
    """Build the search index anew from the database, beside the live one.

    Broken off, it goes on where it was when it is called again.
    """
    if engine and engine not in ENGINES:
        raise Invalid("Please choose one of the options.", field="engine")
    platform = open_platform()
    if engine:
        platform = replace(platform, search=engine_in(platform.settings.data_dir, engine))
    columns = (TextColumn("{task.completed:,} / {task.total:,}"), TimeRemainingColumn())
    with Progress(
        *Progress.get_default_columns()[:3], *columns, console=Console(stderr=True)
    ) as bar:
        task = bar.add_task("drafts and comments")

        def tell(done: int, every: int) -> None:
            bar.update(task, completed=done, total=every)

        try:
            rebuild(platform, anew=fresh, tell=tell)
        except KeyboardInterrupt:
            sys.exit("consult: interrupted; `consult reindex` goes on from here.")
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
