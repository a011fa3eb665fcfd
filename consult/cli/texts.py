"""Commands that work with texts: import, search."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from consult.accounts.queries import agency_by_code
from consult.cli.start import OPERATOR, catch_up, open_platform
from consult.consultations.actions import open_at_once
from consult.platform import Platform
from drafts.actions import keep_preview, take_over
from drafts.importing.preview import Preview, import_bytes
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, load_tree
from drafts.search.interface import Query

app = typer.Typer()


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
    platform = open_platform()
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
    catch_up(platform)
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
    page = open_platform().search.search(Query(text=query, lang=lang))
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
