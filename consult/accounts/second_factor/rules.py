"""[pure] Rules of the second factor: which one-time code fits, what a recovery code looks like.

How often somebody may try is decided elsewhere (consult/limits); what is kept, in actions.py.
"""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from pyotp import TOTP, random_base32

from consult.accounts.rules import clean_line
from consult.errors import N_, Invalid

STEP = 30  # seconds (RFC 6238, 5.2)
SLACK = 1  # steps before and after the present one: clocks differ, and people type slowly
DIGITS = 6
CODES = 10
CODE_LENGTH = 10
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L; ten of them are 49 bits
PASSKEYS_MAX = 10
FRESH = timedelta(minutes=15)  # how long after being asked somebody may change their factors

WRONG_CODE = N_("This code is not right, or was used before. Each works once.")


def new_secret() -> str:
    """A secret of 160 bits in base32, as the apps take it (RFC 4226, 4)."""
    return random_base32()


def spaced(secret: str) -> str:
    """The secret in fours, to be typed by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def app_address(secret: str, *, account: str, site: str) -> str:
    """What the QR code holds: otpauth://totp/…"""
    return TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def step_of(now: datetime) -> int:
    """The number of the half-minute that `now` is in."""
    return int(now.timestamp()) // STEP


def code_at(secret: str, step: int) -> str:
    """The code of one half-minute."""
    return TOTP(secret).generate_otp(step)


def step_of_code(secret: str, typed: str, *, now: datetime, last_step: int) -> int | None:
    """The half-minute whose code was typed, if it is near and later than the last one taken."""
    code = "".join(typed.split())
    if not (code.isascii() and code.isdecimal() and len(code) == DIGITS):
        return None
    middle = step_of(now)
    fitting = [
        step
        for step in range(middle - SLACK, middle + SLACK + 1)
        if step > last_step and compare_digest(code_at(secret, step), code)
    ]
    return fitting[0] if fitting else None


def new_recovery_codes() -> list[str]:
    """Ten codes as they are shown: "ABCDE-FGH23"."""
    codes: set[str] = set()
    while len(codes) < CODES:
        letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        codes.add(f"{letters[:5]}-{letters[5:]}")
    return sorted(codes)


def clean_recovery_code(typed: str) -> str:
    """A recovery code without what people add or leave out: "abcde fgh23" is "ABCDEFGH23"."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def clean_key_name(typed: str) -> str:
    """What a person calls a passkey; raises Invalid if nothing of it can be seen."""
    name = clean_line(typed)
    if not name:
        raise Invalid("Please fill this in.", field="name")
    return name


def is_fresh(asked_at: datetime | None, now: datetime) -> bool:
    """Whether the second factor was asked for so lately that it need not be asked again."""
    return asked_at is not None and now - asked_at <= FRESH


def forbids_last(factors: int, *, must_have: bool) -> bool:
    """Whether taking one of so many factors away would leave none to who must have one."""
    return must_have and factors <= 1
