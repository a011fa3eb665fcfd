"""Commands that write a text to a file: export."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from consult.cli.start import OPERATOR, Number, open_platform
from consult.errors import Invalid
from consult.exports.formats import FORMATS
from consult.exports.queries import edition_for

app = typer.Typer()


@app.command()
def export(
    draft: Number,
    form: Annotated[str, typer.Option("--format", help=" | ".join(FORMATS))],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")],
    version: Annotated[
        int | None, typer.Option(help="The newest unless told.", max=2**31 - 1)
    ] = None,
    lang: Annotated[str, typer.Option(help="The first of the version unless told.")] = "",
) -> None:
    """Write a version of a draft to a file."""
    if form not in FORMATS:
        raise Invalid("There is no such format. There are: {formats}.", formats=", ".join(FORMATS))
    platform = open_platform()
    with platform.database.reading() as session:
        edition = edition_for(session, draft, OPERATOR, version, lang)
        content = FORMATS[form].write(session, edition, platform)
    write_whole(out, content)
    typer.echo(
        f"Draft {draft}, version {edition.version.n} ({edition.lang}): "
        f"{len(content):,} bytes in {out}"
    )


def write_whole(out: Path, content: bytes) -> None:
    """Write a file, or leave what was there: it is never half written. Raises Invalid."""
    with whole_file(out, mode=0o644) as target:
        target.write(content)


@contextmanager
def whole_file(out: Path, *, mode: int) -> Iterator[IO[bytes]]:
    """A file to write to that takes the name `out` at the end; if anything fails, it is gone.

    Raises Invalid where it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise _unwritable(out, error) from error
    half = Path(name)
    try:
        with os.fdopen(handle, "w+b") as target:
            yield target
        half.chmod(mode)
        half.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        half.unlink(missing_ok=True)


def _unwritable(out: Path, error: OSError) -> Invalid:
    return Invalid("{file} cannot be written: {reason}", file=out, reason=error.strerror or error)
