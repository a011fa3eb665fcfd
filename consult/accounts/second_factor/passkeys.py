"""Passkeys: what a device is asked to sign, and whether it did (W3C Web Authentication, level 3).

Challenges are taken (and so used up) before the answer is looked at: by the route, whose refusal is
a page and keeps that, not an error that would undo it.
"""

import hashlib
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import delete, update
from sqlmodel import Session, col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from consult.access import Actor
from consult.accounts.models import Person, SignIn
from consult.accounts.second_factor.actions import (
    check_may_remove,
    removed,
    renew_codes,
    set_up,
    shown,
)
from consult.accounts.second_factor.models import Passkey
from consult.accounts.second_factor.queries import check_may_change
from consult.accounts.second_factor.rules import PASSKEYS_MAX, clean_key_name
from consult.accounts.secrets import token_hash
from consult.db import affected
from consult.errors import N_, Conflict, Invalid, NotFound

NOT_TAKEN = N_("This passkey was not recognised. Please try again.")
ANSWER_MAX = 20_000  # characters; an attestation with its certificates has some thousand
# What the library raises at an answer that no browser would make.
REFUSALS = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def origin_of(base_url: str) -> tuple[str, str]:
    """(origin, relying party) of the site: passkeys belong to its name, so it must have one."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}", parts.hostname or ""


def are_possible(base_url: str) -> bool:
    """Whether browsers make passkeys for this address: for a name, not for a number."""
    try:
        ip_address(origin_of(base_url)[1])
    except ValueError:
        return True
    return False


def options_to_add(
    session: Session, *, actor: Actor, token: str, base_url: str, site: str, now: datetime
) -> str:
    """What a new passkey is to be made of, as JSON for the browser; sets the challenge."""
    factors = check_may_change(session, actor, token, now)
    if len(factors.passkeys) >= PASSKEYS_MAX:
        raise Conflict("There are as many passkeys as may be: {most}.", most=PASSKEYS_MAX)
    person = session.get_one(Person, actor.person_id)
    options = generate_registration_options(
        rp_id=origin_of(base_url)[1],
        rp_name=site,
        user_name=person.email or person.name,
        user_display_name=person.name,
        # Devices keep it: it says nothing of the person elsewhere.
        user_id=hashlib.sha256(f"{base_url} {person.id}".encode()).digest(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,  # asked for beside a password
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_known(factors.passkeys),
    )
    _set_challenge(session, actor, token, options.challenge)
    return options_to_json(options)


def options_to_show(session: Session, *, actor: Actor, token: str, base_url: str) -> str:
    """Which passkeys the browser may ask, as JSON; sets the challenge. Raises NotFound if none."""
    known = session.exec(select(Passkey).where(Passkey.person_id == actor.person_id)).all()
    if not known:
        raise NotFound("There is no such page.")
    options = generate_authentication_options(
        rp_id=origin_of(base_url)[1],
        allow_credentials=_known(tuple(known)),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _set_challenge(session, actor, token, options.challenge)
    return options_to_json(options)


def take_challenge(session: Session, token: str) -> str:
    """The challenge of this browser, which nobody else gets: empty if it was used, or never set."""
    here = col(SignIn.token_hash) == token_hash(token)
    challenge = session.exec(select(SignIn.challenge).where(here)).one_or_none() or ""
    used = update(SignIn).where(here, col(SignIn.challenge) == challenge).values(challenge="")
    return challenge if affected(session.execute(used)) else ""


def add_passkey(
    session: Session,
    *,
    actor: Actor,
    token: str,
    answer: str,
    challenge: str,
    name: str,
    base_url: str,
    secret_key: str,
    now: datetime,
) -> list[str]:
    """Take a new passkey into use; returns recovery codes if there were none. Raises Invalid."""
    factors = check_may_change(session, actor, token, now)
    name = clean_key_name(name)
    origin, site = origin_of(base_url)
    try:
        verified = verify_registration_response(
            credential=_checked(answer, challenge),
            expected_challenge=base64url_to_bytes(challenge),
            expected_origin=origin,
            expected_rp_id=site,
        )
    except REFUSALS as error:
        raise Invalid(NOT_TAKEN) from error
    key_id = bytes_to_base64url(verified.credential_id)
    if session.exec(select(Passkey.id).where(Passkey.credential_id == key_id)).first():
        raise Conflict("This passkey is in use already.")
    session.add(
        Passkey(
            person_id=actor.person_id,
            credential_id=key_id,
            public_key=bytes_to_base64url(verified.credential_public_key),
            sign_count=verified.sign_count,
            name=name,
            created_at=now,
        )
    )
    session.flush()
    set_up(session, actor, token, "passkey", now)
    return [] if factors.codes_left else renew_codes(session, actor.person_id, secret_key, now)


def use_passkey(
    session: Session,
    *,
    actor: Actor,
    token: str,
    answer: str,
    challenge: str,
    base_url: str,
    now: datetime,
) -> None:
    """Show a passkey; raises Invalid, also when its counter went back, as that of a copy would."""
    origin, site = origin_of(base_url)
    try:
        parsed = parse_authentication_credential_json(_checked(answer, challenge))
        key = session.exec(
            select(Passkey).where(
                Passkey.credential_id == bytes_to_base64url(parsed.raw_id),
                Passkey.person_id == actor.person_id,
            )
        ).one_or_none()
        if key is None:
            raise Invalid(NOT_TAKEN)
        verified = verify_authentication_response(
            credential=parsed,
            expected_challenge=base64url_to_bytes(challenge),
            expected_origin=origin,
            expected_rp_id=site,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
        )
    except REFUSALS as error:
        raise Invalid(NOT_TAKEN) from error
    counted = (
        update(Passkey)
        .where(col(Passkey.id) == key.id, col(Passkey.sign_count) == key.sign_count)
        .values(sign_count=verified.new_sign_count, used_at=now)
    )
    if not affected(session.execute(counted)):
        raise Invalid(NOT_TAKEN)
    shown(session, actor, token, now)


def remove_passkey(
    session: Session, *, actor: Actor, token: str, key_id: int, staff_must: bool, now: datetime
) -> None:
    """Forget one passkey; raises NotFound, and Conflict if it is the last factor of staff."""
    check_may_change(session, actor, token, now)
    own = col(Passkey.id) == key_id, col(Passkey.person_id) == actor.person_id
    if session.exec(select(Passkey.id).where(*own)).first() is None:
        raise NotFound("There is no such page.")
    check_may_remove(session, actor, token, staff_must=staff_must, now=now)
    session.execute(delete(Passkey).where(*own))
    removed(session, actor, "passkey", now)


def _known(passkeys: tuple[Passkey, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in passkeys
    ]


def _set_challenge(session: Session, actor: Actor, token: str, challenge: bytes) -> None:
    session.execute(
        update(SignIn)
        .where(
            col(SignIn.token_hash) == token_hash(token), col(SignIn.person_id) == actor.person_id
        )
        .values(challenge=bytes_to_base64url(challenge))
    )


def _checked(answer: str, challenge: str) -> str:
    """An answer worth looking at; raises Invalid, above all for one to no challenge."""
    if not challenge or not answer or len(answer) > ANSWER_MAX:
        raise Invalid(NOT_TAKEN)
    return answer
