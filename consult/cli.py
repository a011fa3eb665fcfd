"""The command line: `consult migrate | serve | worker | demo | agency | user | import | …`."""

import json
import sys
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import typer
import uvicorn
from sqlmodel import Session

from consult.access import Actor, Role
from consult.accounts import actions as accounts
from consult.accounts.queries import agency_by_code
from consult.app import build_platform, create_app
from consult.checks import findings
from consult.config import Settings
from consult.consultations.actions import open_at_once
from consult.demo.load import load_demo, sign_ins
from consult.errors import DomainError
from consult.platform import Platform
from consult.schema import is_current, migrate
from consult.worker import drain, run_forever
from drafts.actions import keep_preview, take_over
from drafts.importing.preview import Preview, import_bytes
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, load_tree
from drafts.search.indexing import all_documents, rebuild_if_lost
from drafts.search.interface import Query

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
agency_app = typer.Typer(no_args_is_help=True, help="The bodies that publish drafts.")
user_app = typer.Typer(no_args_is_help=True, help="The people who work with them.")
app.add_typer(agency_app, name="agency")
app.add_typer(user_app, name="user")

OPERATOR = Actor(name="operator", roles=frozenset({Role.OFFICER, Role.APPROVER}))


def main() -> None:
    """Run a command; a refusal is one line on standard error, not a traceback."""
    try:
        app()
    except DomainError as refusal:
        sys.exit(f"consult: {refusal}")


def _platform(*, ready: bool = True, port: int | None = None) -> Platform:
    settings = Settings()
    if port and "base_url" not in settings.model_fields_set:  # links in mails lead to this server
        settings = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
    platform = build_platform(settings)
    if ready and not is_current(platform.database.engine):
        sys.exit("consult: the database is not up to date; run `consult migrate` first.")
    return platform


def _catch_up(platform: Platform) -> None:
    """Do the background work that is due, the search index included."""
    rebuild_if_lost(platform)
    drain(platform, platform.clock())


@app.command("migrate")
def migrate_database() -> None:
    """Create the database, or bring it to the newest schema."""
    migrate(_platform(ready=False).database.engine)
    typer.echo("The database is up to date.")


@app.command()
def serve(
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000, host: str = "127.0.0.1"
) -> None:
    """Serve the application."""
    uvicorn.run(create_app(_platform(port=port)), host=host, port=port, log_level="warning")


@app.command()
def worker(
    *, once: Annotated[bool, typer.Option(help="Do what is due, then stop.")] = False
) -> None:
    """Do background work: opening and closing, notices, mail, the search index."""
    platform = _platform()
    if once:
        _catch_up(platform)
    else:
        run_forever(platform, Event())


@app.command()
def demo(
    *,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve")] = True,
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000,
) -> None:
    """Load the demonstration state (once) and serve it."""
    platform = _platform(ready=False, port=port)
    migrate(platform.database.engine)
    load_demo(platform)
    typer.echo(f"\nKenesh is at http://127.0.0.1:{port}\n\n{sign_ins()}\n")
    if serve_it:
        uvicorn.run(create_app(platform), host="127.0.0.1", port=port, log_level="warning")


@agency_app.command("add")
def add_agency(
    code: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    lang: Annotated[str, typer.Option(help="The language of the name.")] = "en",
    kind: Annotated[str, typer.Option()] = "ministry",
) -> None:
    """Add a body."""
    platform = _platform()
    with platform.database.writing() as session:
        accounts.add_agency(session, code=code, names={lang: name}, kind=kind, now=platform.clock())
    typer.echo(f"Added {code}.")


@user_app.command("add")
def add_user(
    email: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, envvar="CONSULT_PASSWORD")],
    lang: Annotated[str, typer.Option()] = "ky",
    role: Annotated[Role | None, typer.Option(help="A role to grant.")] = None,
    agency: Annotated[str, typer.Option(help="For which agency (its code); else all.")] = "",
) -> None:
    """Add a person, with a role or as a citizen."""
    platform = _platform()
    now = platform.clock()
    with platform.database.writing() as session:
        person = accounts.add_person(
            session, email=email, name=name, password=password, lang=lang, now=now
        )
        if role is not None:
            agency_id = agency_by_code(session, agency).id if agency else None
            accounts.grant(session, person.id or 0, role, agency_id, now)
    typer.echo(f"Added {email}.")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    agency: Annotated[str, typer.Option()],
    lang: Annotated[str, typer.Option()],
    act_type: Annotated[str, typer.Option()] = "law",
    title: str = "",
    draft: Annotated[int | None, typer.Option(help="Add to this draft.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Open it at once.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Import the text of a draft from a .docx, .txt or .pdf file."""
    platform = _platform()
    preview = import_bytes(file.read_bytes(), file.name, lang)
    with platform.database.writing() as session:
        facts = {"filename": file.name, "act_type": act_type, "title": title}
        version = _take(session, platform, preview, agency, draft, facts)
        if publish:
            dossier = session.get_one(Draft, version.draft_id)
            open_at_once(
                session, actor=OPERATOR, draft=dossier, pack=platform.pack, now=platform.clock()
            )
        result = _import_result(session, version, preview)
    _catch_up(platform)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else _import_text(result))


def _take(
    session: Session,
    platform: Platform,
    preview: Preview,
    agency: str,
    draft: int | None,
    facts: dict[str, str],
) -> DraftVersion:
    row = keep_preview(
        session,
        actor=OPERATOR,
        preview=preview,
        agency_id=agency_by_code(session, agency).id or 0,
        draft=draft_for(session, draft, OPERATOR) if draft else None,
        facts=facts,
        now=platform.clock(),
    )
    return take_over(session, actor=OPERATOR, preview=row, pack=platform.pack, now=platform.clock())


def _import_result(session: Session, version: DraftVersion, preview: Preview) -> dict[str, Any]:
    lang = preview.tree.lang
    return {
        "draft": version.draft_id,
        "version": version.n,
        "lang": lang,
        "provisions": load_tree(session, version.id or 0, lang).counts(),
        "coverage": preview.coverage,
        "warnings": [f"{w.place}: {w.message.format(**w.params)}" for w in preview.warnings],
    }


def _import_text(result: dict[str, Any]) -> str:
    counts = ", ".join(f"{n} {kind}" for kind, n in result["provisions"].items())
    lines = [f"Draft {result['draft']}, version {result['version']}: {counts}."]
    lines.append(f"Coverage {result['coverage']:.1%}.")
    return "\n".join([*lines, *(f"Warning: {warning}" for warning in result["warnings"])])


@app.command()
def search(
    query: str, *, as_json: Annotated[bool, typer.Option("--json")] = False, lang: str = "ky"
) -> None:
    """Search drafts and provisions."""
    page = _platform().search.search(Query(text=query, lang=lang))
    hits = [
        {
            "draft": hit.draft_id,
            "provision": hit.wid,
            "lang": hit.lang,
            "title": hit.title,
            "heading": hit.heading,
            "snippet": "".join(text for text, _ in hit.snippet),
            "score": round(hit.score, 3),
        }
        for hit in page.hits
    ]
    if as_json:
        typer.echo(json.dumps({"total": page.total, "hits": hits}, ensure_ascii=False))
        return
    typer.echo(f"{page.total} found")
    for hit in hits:
        typer.echo(
            f"{hit['draft']:>6}  {hit['title']}  {hit['provision']}\n        {hit['snippet']}"
        )


@app.command()
def reindex() -> None:
    """Build the search index anew from the database, beside the live one."""
    platform = _platform()
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
