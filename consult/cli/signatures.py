"""The command that says who signed a file: verify-signature. It needs no installation."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from consult.accounts.esign.providers import cms_verifier
from consult.clock import utc_now
from consult.config import Settings
from consult.errors import DomainError

app = typer.Typer()


@app.command("verify-signature")
def verify_signature(
    *,
    file: Annotated[Path, typer.Argument(help="What was signed.")],
    signature: Annotated[Path, typer.Argument(help="The signature: .p7s, .cms, .sig, .pem.")],
    roots: Annotated[str, typer.Option(help="Folder of certificates of trusted issuers.")] = "",
    crls: Annotated[str, typer.Option(help="Folder of lists of revoked certificates.")] = "",
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="UTC.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say who signed a file, at present or at an instant; exits with 1 saying what is wrong.

    What is left out is as in CONSULT_ESIGN_… .
    """
    known = Settings()
    folders = {"esign_roots": roots or known.esign_roots, "esign_crls": crls or known.esign_crls}
    if not folders["esign_roots"]:
        sys.exit("consult: --roots or CONSULT_ESIGN_ROOTS must name a folder of trusted issuers.")
    verifier = cms_verifier(known.model_copy(update=folders))
    signed, sent = _content(file), _content(signature)
    try:
        signer = verifier.signer_of(signed, sent, at.replace(tzinfo=UTC) if at else utc_now())
    except DomainError as wrong:
        typer.echo(
            json.dumps({"holds": False, "wrong": str(wrong)}) if as_json else f"FAIL  {wrong}"
        )
        raise typer.Exit(1) from wrong
    if as_json:
        typer.echo(json.dumps({"holds": True, **asdict(signer)}, ensure_ascii=False))
        return
    typer.echo(f"Signed by {signer.called or 'somebody without a name'}, number {signer.subject}.")
    typer.echo(f"Certificate {signer.serial}, by {signer.issuer}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        sys.exit(f"consult: {file}: {error.strerror}")
