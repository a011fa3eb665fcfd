"""Proofs asked of strangers while pressure is high: a calculation (ALTCHA) or a minute's patience.

Each opens one door once. Whether one is asked for is decided by rules.py; no third party hears of
any of it.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha.v2 import Payload, create_challenge, verify_solution
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from consult.db import affected
from consult.limits.models import SpentChallenge
from consult.limits.rules import hidden, sealed, unsealed

# A second or two on an old phone, less than a millisecond here: a browser tries one counter after
# another, each of which costs a derivation, and whoever asks knows the answer.
ALGORITHM = "PBKDF2/SHA-256"
COST = 1000  # rounds of one derivation
COUNTERS = range(200, 600)
PATIENCE = timedelta(seconds=60)
LIFE = timedelta(minutes=20)
LONGEST = 4000  # letters of a solution


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown, by a name that is spent with it."""

    name: str
    expires_at: datetime


def new_challenge(secret: str, kind: str, now: datetime) -> dict[str, Any]:
    """A calculation for a browser, good for one request of this kind."""
    challenge = create_challenge(
        ALGORITHM,
        COST,
        counter=secrets.choice(COUNTERS),
        data={"kind": kind, "until": int((now + LIFE).timestamp())},
        hmac_secret=hidden(secret, "challenge"),
        hmac_key_secret=hidden(secret, "solution"),
    )
    made: dict[str, Any] = challenge.to_dict()
    return made


def new_ticket(secret: str, kind: str, now: datetime) -> str:
    """A ticket that is good for one request of this kind, from a minute from now on."""
    since = int((now + PATIENCE).timestamp())
    return sealed(secret, "ticket", f"{kind}.{since}.{secrets.token_hex(8)}")


def seconds_left(secret: str, kind: str, ticket: str, now: datetime) -> int | None:
    """How long a ticket still has to wait (0: it is good); None if it is good for nothing."""
    value = unsealed(secret, "ticket", ticket)
    if value is None:
        return None
    of, since, _ = value.split(".")
    begins = datetime.fromtimestamp(int(since), UTC)
    if of != kind or now >= begins + LIFE:
        return None
    return max(0, int((begins - now).total_seconds()))


def proof_in(secret: str, kind: str, posted: Mapping[str, Any], now: datetime) -> Proof | None:
    """The proof among what was posted, if it is one; whether it was spent is for `spend` to say."""
    solution, ticket = str(posted.get("altcha", "")), str(posted.get("ticket", ""))
    if solution and len(solution) <= LONGEST and (proof := _solved(secret, kind, solution, now)):
        return proof
    if ticket and seconds_left(secret, kind, ticket, now) == 0:
        return Proof(_name(ticket), now + LIFE)
    return None


def _solved(secret: str, kind: str, solution: str, now: datetime) -> Proof | None:
    checked = verify_solution(
        solution, hidden(secret, "challenge"), hmac_key_secret=hidden(secret, "solution")
    )
    if not checked.verified:
        return None
    challenge = Payload.from_base64(solution).challenge  # signed: it is as we made it
    said = challenge.parameters.data or {}
    until = datetime.fromtimestamp(said.get("until", 0), UTC)
    if said.get("kind") != kind or now >= until:
        return None
    return Proof(_name(challenge.signature or ""), until)


def _name(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()


def spend(session: Session, proof: Proof) -> bool:
    """Whether a proof had not been shown before; from now on it has."""
    try:
        with session.begin_nested():
            session.add(SpentChallenge(challenge_hash=proof.name, expires_at=proof.expires_at))
    except IntegrityError:
        return False
    return True


def has_run_out(session: Session, now: datetime) -> bool:
    """Whether there are spent proofs that nobody could show again anyway."""
    query = select(SpentChallenge.challenge_hash).where(col(SpentChallenge.expires_at) <= now)
    return session.exec(query.limit(1)).first() is not None


def forget_run_out(session: Session, now: datetime) -> int:
    """Forget them; returns how many."""
    old = delete(SpentChallenge).where(col(SpentChallenge.expires_at) <= now)
    return affected(session.execute(old))
