"""The command that writes the brief of a bill to a file."""

from pathlib import Path
from typing import Annotated

import typer

from consult.cli.exporting import write_whole
from consult.cli.start import OPERATOR, Number, open_platform
from consult.parliament.printing import check_lang, edition_of

app = typer.Typer()


@app.command()
def brief(
    draft: Number,
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write (PDF).")],
    lang: Annotated[
        str, typer.Option(help="ky | ru | kk | en; that of the site unless told.")
    ] = "",
) -> None:
    """Write the one-page brief of a draft to a file."""
    if lang:
        check_lang(lang)
    platform = open_platform()
    lang = lang or platform.settings.default_lang
    with platform.database.reading() as session:
        made = edition_of(session, draft, OPERATOR, lang, platform, now=platform.clock())
    content = made.content or b""
    write_whole(out, content)
    typer.echo(f"Draft {draft}, brief ({lang}): {len(content):,} bytes in {out}")
