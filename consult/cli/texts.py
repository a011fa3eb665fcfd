"""The command that imports a text."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from consult.accounts.queries import agency_by_code
from consult.cli.start import OPERATOR, catch_up, open_platform
from consult.consultations.actions import open_at_once
from consult.errors import Invalid
from consult.law.queries import law_of
from consult.platform import Platform
from consult.procedure.acts import ActType, check_file_begins
from drafts.actions import keep_preview, take_over
from drafts.changes import operations
from drafts.confirmation.actions import confirm_all
from drafts.foreseeing import foresee_text
from drafts.importing.preview import Preview, import_bytes
from drafts.importing.table.reading import check_table
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, load_tree, unconfirmed
from drafts.versions.aligning import Align

app = typer.Typer()


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    lang: Annotated[str, typer.Option()],
    agency: Annotated[str, typer.Option(help="Its code; not needed with --draft.")] = "",
    act_type: Annotated[str, typer.Option()] = "law",
    title: str = "",
    note: Annotated[str, typer.Option(help="Why this version differs.")] = "",
    draft: Annotated[
        int | None, typer.Option(help="Make its next version or language.", max=2**31 - 1)
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option("--confirm", help="Confirm what became of doubtful provisions, unseen."),
    ] = False,
    publish: Annotated[
        bool,
        typer.Option(
            "--publish",
            help="Open it at once. Refused, with nothing kept, while a provision that changed "
            "much or was deleted is not confirmed: at the desk, or by --confirm.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Import the text of a draft from a file; of a second one, tell what changed."""
    platform = open_platform()
    with platform.database.reading() as session:
        act = _act(session, platform, draft, act_type, file.name)
        preview = import_bytes(file.read_bytes(), file.name, lang, act=act)
        aligned = foresee_text(session, draft, preview.tree, own_wids=preview.own_wids)
    with platform.database.writing() as session:
        facts = {"filename": file.name, "act_type": act_type, "title": title}
        version = _take(session, platform, preview, agency, draft, facts, note, aligned)
        dossier, now = session.get_one(Draft, version.draft_id), platform.clock()
        if confirm:
            confirm_all(session, actor=OPERATOR, draft=dossier, version=version, now=now)
        if publish:
            law = law_of(session, platform.pack)
            open_at_once(session, actor=OPERATOR, draft=dossier, law=law, now=now)
        result = _import_result(session, version, preview)
    catch_up(platform)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else _import_text(result))


def _act(
    session: Session, platform: Platform, draft: int | None, act_type: str, filename: str
) -> ActType | None:
    """The kind of act that is read. Raises Invalid, Unsupported where it begins otherwise."""
    if draft:
        return platform.pack.acts.get(draft_for(session, draft, OPERATOR).act_type)
    act = platform.pack.acts.get(act_type)
    if act:
        check_file_begins(act)
        check_table(act, filename)
    return act


def _take(
    session: Session,
    platform: Platform,
    preview: Preview,
    agency: str,
    draft: int | None,
    facts: dict[str, str],
    note: str,
    aligned: Align,
) -> DraftVersion:
    dossier = draft_for(session, draft, OPERATOR) if draft else None
    if not (agency or dossier):
        raise Invalid("Please choose the agency.", field="agency")
    named = agency_by_code(session, agency).id if agency else None
    row = keep_preview(
        session,
        actor=OPERATOR,
        preview=preview,
        agency_id=named or (dossier.agency_id if dossier else 0),
        draft=dossier,
        facts=facts,
        now=platform.clock(),
    )
    return take_over(
        session,
        actor=OPERATOR,
        preview=row,
        pack=platform.pack,
        note=note,
        now=platform.clock(),
        aligned=aligned,
    )


def _import_result(session: Session, version: DraftVersion, preview: Preview) -> dict[str, Any]:
    lang = preview.tree.lang
    return {
        "draft": version.draft_id,
        "version": version.n,
        "lang": lang,
        "provisions": load_tree(session, version.id or 0, lang).counts(),
        "operations": operations(session, version.id or 0),
        "unconfirmed": unconfirmed(session, version.id or 0),
        "coverage": preview.coverage,
        "warnings": [f"{w.place}: {w.message.format(**w.params)}" for w in preview.warnings],
    }


def _import_text(result: dict[str, Any]) -> str:
    lines = [
        f"Draft {result['draft']}, version {result['version']}: {_told(result['provisions'])}."
    ]
    if result["operations"]:
        lines.append(f"Since the version before: {_told(result['operations'])}.")
        lines.append(f"To be confirmed by a person: {result['unconfirmed']}.")
    lines.append(f"Coverage {result['coverage']:.1%}.")
    return "\n".join([*lines, *(f"Warning: {warning}" for warning in result["warnings"])])


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in counts.items() if n)
