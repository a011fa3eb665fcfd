"""Talking to the eID: what it says of itself, where to send a person, whom it identified.

Asynchronous, so that a slow eID keeps no thread from the readers. Knows no database.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import anyio
import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from consult.accounts.eid.rules import (
    ALGORITHMS,
    UNCONFIRMED,
    Metadata,
    Question,
    Unreachable,
    check_sender,
    read_metadata,
    subject_of,
)
from consult.config import Settings
from consult.errors import NotAllowed

log = logging.getLogger(__name__)
METADATA_LIFE = timedelta(hours=1)
PATIENCE = 8.0  # seconds for all that is asked of the eID at once
WELL_KNOWN = "/.well-known/openid-configuration"
RETURN_PATH = "/eid/return"

# By issuer: when it was read, and what it said. A process has one issuer.
_known: dict[str, tuple[datetime, Metadata]] = {}


async def metadata_of(issuer: str, now: datetime) -> Metadata:
    """What the eID says of itself, asked for again after a while; raises Unreachable."""
    read_at, metadata = _known.get(issuer, (None, None))
    if read_at is None or metadata is None or not read_at <= now < read_at + METADATA_LIFE:
        async with _in_time():
            said = await _json(issuer.rstrip("/") + WELL_KNOWN)
            metadata = read_metadata(said, issuer)
        _known[issuer] = (now, metadata)
    return metadata


async def where_to(settings: Settings, question: Question, now: datetime) -> str:
    """The address at the eID to which a person is sent; raises Unreachable."""
    metadata = await metadata_of(settings.oidc_issuer, now)
    async with _client(settings, metadata) as client:
        address, _ = client.create_authorization_url(
            metadata.authorization,
            state=question.state,
            nonce=question.nonce,
            code_verifier=question.verifier,
            **({"acr_values": settings.oidc_levels} if settings.oidc_levels else {}),
        )
    return str(address)


async def subject_by_code(
    settings: Settings, *, code: str, sender: str, nonce: str, verifier: str, now: datetime
) -> str:
    """Whom the eID identified; `sender` is the issuer as named beside the code, if it was.

    Raises Unreachable, and NotAllowed if anything about the answer is not as it must be.
    """
    issuer = settings.oidc_issuer
    metadata = await metadata_of(issuer, now)
    check_sender(sender, issuer, names_itself=metadata.names_itself)
    async with _in_time(), _client(settings, metadata) as client:
        token = await client.fetch_token(
            metadata.token, code=code, code_verifier=verifier, grant_type="authorization_code"
        )
        # Asked for each time: a key that was withdrawn confirms nobody from that moment.
        known = await _json(metadata.jwks)
        if not isinstance(known.get("keys"), list):
            raise Unreachable
        keys = KeySet.import_key_set({"keys": known["keys"]})
        signed = jwt.decode(str(token.get("id_token", "")), keys, algorithms=ALGORITHMS)
        return subject_of(
            signed.claims,
            signed.header,
            issuer=issuer,
            client_id=settings.oidc_client_id,
            nonce=nonce,
            access_token=str(token.get("access_token", "")),
            levels=tuple(settings.oidc_levels.split()),
            now=now,
        )


def _client(settings: Settings, metadata: Metadata) -> Any:
    """Authlib's client of this installation; a client without a secret has PKCE alone."""
    by_secret = "client_secret_basic" if metadata.by_header else "client_secret_post"
    return AsyncOAuth2Client(
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        token_endpoint_auth_method=by_secret if settings.oidc_client_secret else "none",
        scope=settings.oidc_scopes,
        redirect_uri=settings.base_url.rstrip("/") + RETURN_PATH,
        code_challenge_method="S256",
        timeout=PATIENCE,
    )


async def _json(address: str) -> dict[str, Any]:
    async with httpx2.AsyncClient(timeout=PATIENCE) as client:
        answer = await client.get(address)
    answer.raise_for_status()
    said = answer.json()
    if not isinstance(said, dict):
        raise Unreachable
    return said


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """What may go wrong with the eID, in our words; why goes to the log, no secret with it."""
    try:
        with anyio.fail_after(PATIENCE):
            yield
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as failure:
        log.warning("the eID does not answer: %s", type(failure).__name__)
        raise Unreachable from failure
    except (OAuthError, JoseError, ValueError) as failure:
        log.warning("the eID's answer is refused: %s", getattr(failure, "error", "") or failure)
        raise NotAllowed(UNCONFIRMED) from failure
