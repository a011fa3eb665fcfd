"""`consult verify-signature`: who signed a file, with no installation at all."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from consult.checks import unfit_signing
from consult.cli.main import main
from consult.config import Settings
from tests.certificates import PIN, aizada, list_by, root, signature_by

TEXT = b"I agree.\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in a folder with a text, its signature and a trusted root."""
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots/root.der").write_bytes(root().certificate.public_bytes(Encoding.DER))
    (tmp_path / "text").write_bytes(TEXT)
    (tmp_path / "text.p7s").write_bytes(signature_by(aizada(), TEXT))
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["consult", "verify-signature", *words])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        code = end.value.code
        return code if isinstance(code, int) else 1, said.out, said.err or str(code)

    return command


def test_it_says_who_signed(run: Run) -> None:
    code, said, _ = run("text", "text.p7s", "--roots", "roots")
    assert (code, said.splitlines()[0]) == (0, f"Signed by AIZADA, number {PIN}.")
    code, said, _ = run("text", "text.p7s", "--roots", "roots", "--at", "2026-09-07", "--json")
    found = json.loads(said)
    assert (code, found["holds"], found["subject"]) == (0, True, PIN)
    assert found["serial"] == f"{aizada().certificate.serial_number:x}"


def test_it_says_what_is_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"I do not agree.\n")
    code, said, _ = run("other", "text.p7s", "--roots", "roots")
    assert (code, said) == (1, "FAIL  This is a signature of another text.\n")
    code, said, _ = run("text", "text.p7s", "--roots", "roots", "--at", "2099-01-01", "--json")
    found = json.loads(said)
    assert (code, found["holds"]) == (1, False)
    assert "has expired" in found["wrong"]
    (tmp_path / "lists").mkdir()
    revoked = list_by(root(), aizada()).public_bytes(Encoding.PEM)
    (tmp_path / "lists/root.crl").write_bytes(revoked)
    code, said, _ = run("text", "text.p7s", "--roots", "roots", "--crls", "lists")
    assert (code, "was revoked on" in said) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("text", "text.p7s"), "CONSULT_ESIGN_ROOTS"),
        (("text", "text.p7s", "--roots", "nowhere"), "nowhere is no folder"),
        (("text", "text.p7s", "--roots", "."), ". holds no certificates"),
        (("text", "nothing.p7s", "--roots", "roots"), "nothing.p7s: No such file"),
    ],
)
def test_what_cannot_be_read_is_named(run: Run, words: tuple[str, ...], said: str) -> None:
    code, _, error = run(*words)
    assert code == 1
    assert said in error


def test_the_check_of_an_installation_names_what_is_not_set_up(run: Run, tmp_path: Path) -> None:
    roots = tmp_path / "roots"
    assert unfit_signing(Settings()) == unfit_signing(Settings(esign_roots=str(roots))) == []
    (found,) = unfit_signing(Settings(esign_roots=str(roots), esign_provider="nobody"))
    assert "CONSULT_ESIGN_PROVIDER" in found.text
    (roots / "bad.pem").write_bytes(b"-----BEGIN CERTIFICATE-----")
    (found,) = unfit_signing(Settings(esign_roots=str(roots)))
    assert "bad.pem cannot be read" in found.text
