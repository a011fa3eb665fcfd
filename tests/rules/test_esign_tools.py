"""Signatures as people's tools make them: by OpenSSL in its several ways, and without lengths."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.esign.ber import definite, with_length
from consult.accounts.esign.rules import as_signed
from consult.errors import Invalid
from tests.certificates import Owner, aizada, person_named, root, rsa_key, signature_by, verifier
from tests.conftest import START

OPENSSL = shutil.which("openssl")
TEXT = as_signed("Мен ушул сайттагы 17-эсептин ээсимин.\nКод: 1234").encode()
CONSTRUCTED = [b"\x30", b"\x31", b"\xa0", b"\xbf\x8f\x05"]
primitives = st.builds(with_length, st.sampled_from([b"\4", b"\2", b"\x80"]), st.binary())
elements = st.recursive(
    primitives,
    lambda inner: st.builds(
        lambda tag, parts: with_length(tag, b"".join(parts)),
        st.sampled_from(CONSTRUCTED),
        st.lists(inner, max_size=4),
    ),
)


def openssl(folder: Path, owner: Owner, *options: str) -> bytes:
    """Sign TEXT as a person would on the command line."""
    assert OPENSSL
    key = owner.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(key)
    (folder / "own.pem").write_bytes(owner.certificate.public_bytes(Encoding.PEM))
    (folder / "text.txt").write_bytes(TEXT)
    given = ("-in", "text.txt", "-signer", "own.pem", "-inkey", "key.pem", "-out", "signature")
    subprocess.run([OPENSSL, "cms", "-sign", *given, *options], cwd=folder, check=True)
    return (folder / "signature").read_bytes()


@pytest.mark.skipif(OPENSSL is None, reason="openssl")
@pytest.mark.parametrize("form", ["DER", "PEM"])
@pytest.mark.parametrize(
    "options",
    [
        ("-binary",),
        (),  # as a mail
        ("-binary", "-nodetach"),
        ("-binary", "-stream", "-nodetach"),  # without lengths, the text in parts
        ("-binary", "-cades"),
        ("-binary", "-keyid"),
        ("-binary", "-md", "sha512"),
        ("-binary", "-keyopt", "rsa_padding_mode:pss"),
        ("-binary", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:0"),
    ],
    ids=" ".join,
)
def test_a_signature_by_openssl_is_taken(
    tmp_path: Path, options: tuple[str, ...], form: str
) -> None:
    elder = person_named("ELDER", root(), key=rsa_key("elder"))
    owners = [elder] if "-keyopt" in options else [elder, aizada()]
    for owner in owners:
        sent = openssl(tmp_path, owner, *options, "-outform", form)
        found = verifier().signer_of(TEXT, sent, START)
        assert found.serial == f"{owner.certificate.serial_number:x}"


@pytest.mark.skipif(OPENSSL is None, reason="openssl")
def test_a_weak_digest_is_refused_by_name(tmp_path: Path) -> None:
    sent = openssl(tmp_path, aizada(), "-binary", "-md", "sha1", "-outform", "DER")
    with pytest.raises(Invalid, match="not taken here: SHA-1"):
        verifier().signer_of(TEXT, sent, START)


@given(elements)
def test_what_has_its_lengths_stays_as_it_is(element: bytes) -> None:
    assert definite(element) == element


def test_a_signature_without_lengths_is_the_same_signature() -> None:
    sent = signature_by(aizada(), TEXT)
    content = sent[4:] + b"\0\0"
    assert definite(b"\x30\x80" + content) == sent


def test_a_text_in_parts_is_one_text() -> None:
    assert definite(b"\x24\x80\x04\x01a\x24\x03\x04\x01b\0\0") == b"\x04\x02ab"


@given(st.binary(max_size=60))
def test_what_is_cut_off_or_goes_on_is_refused(sent: bytes) -> None:
    whole = with_length(b"\x30", with_length(b"\4", sent))
    for wrong in (whole[:-1], whole + b"\0", b"\x04\x80" + sent, b"\x30\x02\x04\x7f" + sent):
        with pytest.raises(ValueError, match=r"cut off|after the end|without a length|longer than"):
            definite(wrong)
