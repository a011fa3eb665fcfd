"""The command that writes a published report to a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from consult.cli.exporting import write_whole
from consult.cli.start import OPERATOR, Number, open_platform
from consult.errors import Invalid
from consult.i18n.catalogues import LANGUAGES
from consult.reports.formats import DATA, FORMATS, Data, Format, written
from consult.reports.models import Report
from consult.reports.queries import head_of, newest_report, report_of_round
from drafts.queries import draft_for

KNOWN: Mapping[str, Format | Data] = {**FORMATS, **DATA}

app = typer.Typer()


@app.command()
def report(
    draft: Number,
    form: Annotated[str, typer.Option("--format", help=" | ".join(KNOWN))],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")],
    lang: Annotated[str, typer.Option(help="The first of the draft unless told.")] = "",
    n: Annotated[
        int | None,
        typer.Option("--round", help="The newest that has a report unless told.", max=2**31 - 1),
    ] = None,
) -> None:
    """Write the published report of a draft to a file."""
    if form not in KNOWN:
        raise Invalid("There is no such format. There are: {formats}.", formats=", ".join(KNOWN))
    if lang and lang not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise Invalid("There is no such language. There are: {languages}.", languages=known)
    platform = open_platform()
    with platform.database.reading() as session:
        draft_for(session, draft, OPERATOR)
        found, n = _found(session, draft, n)
        lang = lang or next((code for code in head_of(found).langs if code in LANGUAGES), "en")
        content = written(session, found, KNOWN[form], lang, platform)
    write_whole(out, content)
    said = "" if form in DATA else f" ({lang})"
    typer.echo(f"Draft {draft}, report on round {n}{said}: {len(content):,} bytes in {out}")


def _found(session: Session, draft: int, n: int | None) -> tuple[Report, int]:
    if n is None:
        return newest_report(session, draft)
    return report_of_round(session, draft, n), n
