"""What a signature must prove: of the text, by a key, of a person whom a trusted issuer knows."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7EnvelopeBuilder,
    PKCS7Options,
)
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.esign.cms import read
from consult.accounts.esign.rules import SIGNATURE_MAX, as_signed
from consult.errors import Invalid, TooLarge
from tests.certificates import (
    DETACHED,
    PIN,
    Owner,
    aizada,
    issuer_named,
    list_by,
    name_of,
    person_named,
    root,
    rsa_key,
    signature_by,
    usage,
    verifier,
)
from tests.conftest import START

TEXT = "Мен 17-эсептин ээсимин.\r\n".encode()


@cache
def elder() -> Owner:
    """Somebody with a key of the older kind."""
    return person_named("ELDER", root(), key=rsa_key("elder"))


@cache
def signed() -> bytes:
    return signature_by(aizada(), TEXT)


def refusal(
    sent: bytes, *, text: bytes = TEXT, roots: tuple[Owner, ...] = (), lists: Any = None
) -> str:
    with pytest.raises(Invalid) as refused:
        verifier(*roots, lists=lists).signer_of(text, sent, START)
    assert refused.value.field == "signature"
    return str(refused.value)


@pytest.mark.parametrize(
    ("owner", "how"),
    [
        (aizada, {}),
        (aizada, {"digest": hashes.SHA384()}),
        (aizada, {"encoding": Encoding.PEM}),
        (aizada, {"options": (PKCS7Options.Binary,)}),  # the text within
        (elder, {}),
        (elder, {"digest": hashes.SHA512()}),
        (elder, {"pss": True}),
        (elder, {"pss": True, "digest": hashes.SHA512()}),
    ],
)
def test_a_signature_by_a_person_says_who_they_are(owner: Any, how: dict[str, Any]) -> None:
    found = verifier().signer_of(TEXT, signature_by(owner(), TEXT, **how), START)
    assert (found.subject, found.issuer) == (PIN, "CN=Root of trust")
    assert found.called == name_in(owner())
    assert found.serial == f"{owner().certificate.serial_number:x}"


def name_in(owner: Owner) -> str:
    return str(owner.certificate.subject.rdns[0].rfc4514_string()).removeprefix("CN=")


def test_between_a_person_and_a_root_may_stand_others() -> None:
    middle = issuer_named("Middle", root())
    person = person_named("CHILD", middle)
    alone, whole = (
        signature_by(person, TEXT, others=others) for others in ((), (middle.certificate,))
    )
    assert verifier().signer_of(TEXT, whole, START).issuer == "CN=Middle"
    assert verifier(middle, root()).signer_of(TEXT, alone, START).called == "CHILD"
    assert "not trusted here: CN=Middle." in refusal(alone)


def test_a_signature_of_another_text_is_refused() -> None:
    for text in (b"", TEXT + b" ", TEXT.replace(b"17", b"18"), TEXT.replace(b"\r\n", b"\n")):
        assert refusal(signed(), text=text) == "This is a signature of another text."
    within = signature_by(aizada(), b"another", options=(PKCS7Options.Binary,))
    assert refusal(within) == "This is a signature of another text."


def test_a_certificate_is_good_in_its_time_only() -> None:
    old = person_named("OLD", root(), ends=START - timedelta(seconds=1))
    new = person_named("NEW", root(), begins=START + timedelta(days=1))
    assert "has expired: it was good until" in refusal(signature_by(old, TEXT))
    assert "is not good yet: it begins on" in refusal(signature_by(new, TEXT))
    ended = issuer_named("Ended", ends=START - timedelta(days=1))
    assert "not trusted here" in refusal(
        signature_by(person_named("LATE", ended), TEXT), roots=(ended,)
    )


def test_an_issuer_nobody_trusts_vouches_for_nobody() -> None:
    disguised = issuer_named("Root of trust", key=rsa_key("thief"))
    person = person_named("THIEF", disguised)
    for others in ((), (disguised.certificate,)):
        sent = signature_by(person, TEXT, others=others)
        assert "not trusted here: CN=Root of trust." in refusal(sent)
    itself = issuer_named("Myself")
    assert "not meant for signatures" in refusal(signature_by(itself, TEXT))
    vouched = person_named("VOUCHED", aizada())
    sent = signature_by(vouched, TEXT, others=(aizada().certificate,))
    assert "not trusted here: " in refusal(sent)


@pytest.mark.parametrize(
    "how",
    [
        {"use": usage(key_encipherment=True)},
        {"extra": ((x509.BasicConstraints(ca=True, path_length=None), True),)},
        {"extra": ((x509.ExtendedKeyUsage([Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH]), False),)},
        {"extra": ((x509.ExtendedKeyUsage([Purpose.TIME_STAMPING]), True),)},
        {"extra": ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\5\0"), True),)},
    ],
)
def test_a_certificate_says_that_its_owner_signs_with_it(how: dict[str, Any]) -> None:
    assert "not meant for signatures" in refusal(
        signature_by(person_named("USED", root(), **how), TEXT)
    )


@pytest.mark.parametrize(
    "purposes",
    [
        [Purpose.CLIENT_AUTH],
        [Purpose.EMAIL_PROTECTION, Purpose.SERVER_AUTH],
        [x509.ObjectIdentifier("1.2.398.3.3.4.1.1")],
    ],
)
def test_a_purpose_of_people_among_others_is_enough(purposes: list[x509.ObjectIdentifier]) -> None:
    person = person_named("USED", root(), extra=((x509.ExtendedKeyUsage(purposes), False),))
    assert verifier().signer_of(TEXT, signature_by(person, TEXT), START).called == "USED"


def part_at(*places: str, **more: bool) -> tuple[x509.ExtensionType, bool]:
    """That a list holds a part of what its issuer revoked."""
    flags = {"only_contains_user_certs": False, "only_contains_ca_certs": False}
    flags |= {"only_contains_attribute_certs": False, "indirect_crl": False} | more
    names = [x509.UniformResourceIdentifier(place) for place in places] or None
    said = x509.IssuingDistributionPoint(names, None, only_some_reasons=None, **flags)
    return said, True


def test_a_list_of_a_part_of_the_certificates_vouches_for_no_others() -> None:
    mine, other = "http://crl.example/1.crl", "http://crl.example/2.crl"
    names = [x509.UniformResourceIdentifier(mine)]
    points = x509.CRLDistributionPoints([x509.DistributionPoint(names, None, None, None)])
    person = person_named("PART", root(), extra=((points, False),))
    sent = signature_by(person, TEXT)
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\5\0")
    for said in (part_at(other), part_at(only_contains_ca_certs=True), (unknown, True)):
        lists = [list_by(root(), extra=(said,))]
        assert "cannot be seen just now" in refusal(sent, lists=lists)
        assert "cannot be seen just now" in refusal(signed(), lists=lists)
    for said in (part_at(mine, other), part_at(only_contains_user_certs=True), (unknown, False)):
        assert verifier(lists=[list_by(root(), extra=(said,))]).signer_of(TEXT, sent, START)
    revoked = [list_by(root(), person, extra=(part_at(other),))]
    assert "was revoked on" in refusal(sent, lists=revoked)


def test_what_was_revoked_identifies_nobody() -> None:
    lists = [list_by(root(), aizada())]
    assert "was revoked on" in refusal(signed(), lists=lists)
    assert verifier(lists=[list_by(root())]).signer_of(TEXT, signed(), START)
    forged = issuer_named("Root of trust", key=rsa_key("thief"))
    late = list_by(root(), ends=START - timedelta(days=1))
    for unknown in ([], [list_by(forged, aizada())], [late]):
        assert "cannot be seen just now" in refusal(signed(), lists=unknown)
    assert "was revoked on" in refusal(
        signed(), lists=[list_by(root(), aizada(), ends=START - timedelta(days=1))]
    )


def test_an_issuer_in_between_can_be_revoked_too() -> None:
    middle = issuer_named("Middle", root())
    sent = signature_by(person_named("CHILD", middle), TEXT, others=(middle.certificate,))
    lists = [list_by(middle)]
    assert verifier(lists=lists).signer_of(TEXT, sent, START)
    assert "was revoked on" in refusal(sent, lists=[*lists, list_by(root(), middle)])


def test_methods_that_are_not_safe_are_refused_by_name() -> None:
    short = person_named("SHORT", root(), key=rsa_key("short", 1024))
    assert "not taken here: RSA 1024." in refusal(signature_by(short, TEXT))
    with pytest.raises(Invalid, match="not taken here: ES256"):
        type(verifier())(verifier().trusted, ["RS256"], "2.5.4.5").signer_of(TEXT, signed(), START)


def test_a_certificate_must_number_its_owner() -> None:
    nobody = person_named("NOBODY", root(), number="")
    assert "does not say who its owner is" in refusal(signature_by(nobody, TEXT))
    assert name_of("A", "1") != name_of("A")


def test_what_is_no_signature_by_one_person_is_refused() -> None:
    two = signature_by(aizada(), TEXT, also=elder())
    assert refusal(two) == "One person must have signed this, not 2."
    envelope = PKCS7EnvelopeBuilder().set_data(TEXT).add_recipient(elder().certificate)
    encrypted = envelope.encrypt(Encoding.DER, [PKCS7Options.Binary])
    assert refusal(encrypted) == "This file is encrypted. A signature is needed."
    bare = signature_by(aizada(), TEXT, options=(*DETACHED, PKCS7Options.NoAttributes))
    assert "does not hold" in refusal(bare)
    alone = signature_by(aizada(), TEXT, options=(*DETACHED, PKCS7Options.NoCerts))
    assert "does not hold the certificate" in refusal(alone)
    for garbage in (b"", b"hello", TEXT, signed()[:-1], signed() + b"\0", b"\x30\x80" * 500):
        assert "is not an electronic signature" in refusal(garbage)
    certificate = aizada().certificate.public_bytes(Encoding.DER)
    assert "is not an electronic signature" in refusal(certificate)
    with pytest.raises(TooLarge):
        verifier().signer_of(TEXT, b"\0" * (SIGNATURE_MAX + 1), START)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(st.data())
def test_no_changed_byte_makes_anybody_else_the_signer(data: st.DataObject) -> None:
    """Some bytes say nothing, such as which version of the standard it is."""
    at = data.draw(st.integers(0, len(signed()) - 1))
    changed = bytearray(signed())
    changed[at] ^= data.draw(st.integers(1, 255))
    right = verifier().signer_of(TEXT, signed(), START)
    try:
        found = verifier().signer_of(TEXT, bytes(changed), START)
    except Invalid:
        return
    assert found == right


@given(st.data())
def test_no_changed_byte_of_what_is_signed_or_of_the_signature_passes(data: st.DataObject) -> None:
    parts = read(signed())
    where = data.draw(st.sampled_from([parts.attributes[2:], parts.signature]))
    at = signed().index(where) + data.draw(st.integers(0, len(where) - 1))
    changed = bytearray(signed())
    changed[at] ^= data.draw(st.integers(1, 255))
    assert refusal(bytes(changed))


@given(st.data())
def test_no_changed_byte_of_the_text_passes(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TEXT) - 1))
    changed = bytearray(TEXT)
    changed[at] ^= data.draw(st.integers(1, 255))
    assert refusal(signed(), text=bytes(changed)) == "This is a signature of another text."


@given(st.binary(max_size=300))
def test_anything_may_be_sent(sent: bytes) -> None:
    assert refusal(sent)


@given(st.text())
def test_lines_end_as_mail_programs_sign_them(text: str) -> None:
    once = as_signed(text)
    assert once.endswith("\r\n")
    assert as_signed(once) == once
    assert "\n" not in once.replace("\r\n", "")
