"""One-time codes and recovery codes: which fits, when, and how often."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.second_factor.rules import (
    CODES,
    FRESH,
    LETTERS,
    app_address,
    clean_key_name,
    clean_recovery_code,
    code_at,
    forbids_last,
    is_fresh,
    new_recovery_codes,
    new_secret,
    spaced,
    step_of,
    step_of_code,
)
from consult.accounts.second_factor.sealing import code_hash, seal, unseal
from consult.errors import Invalid

# The secret of the test vectors of RFC 6238, appendix B; its last six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
moments = st.integers(1_577_836_800, 4_102_444_800).map(  # 2020 to 2100
    lambda at: datetime.fromtimestamp(at, UTC)
)


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    now = datetime.fromtimestamp(at, UTC)
    assert code_at(RFC_SECRET, step_of(now)) == code
    assert step_of_code(RFC_SECRET, code, now=now, last_step=0) == at // 30


@given(moments, st.integers(-3, 3))
def test_a_code_fits_one_half_minute_before_and_after(now: datetime, late: int) -> None:
    typed = code_at(RFC_SECRET, step_of(now) + late)
    near = {code_at(RFC_SECRET, step_of(now) + n) for n in (-1, 0, 1)}
    found = step_of_code(RFC_SECRET, typed, now=now, last_step=0)
    assert (found is not None) == (typed in near)
    if abs(late) <= 1 and len(near) == 3:
        assert found == step_of(now) + late


@given(moments, st.integers(-1, 1), st.integers(-90, 90))
def test_a_code_is_taken_once(now: datetime, late: int, seconds: int) -> None:
    typed = code_at(RFC_SECRET, step_of(now) + late)
    taken = step_of_code(RFC_SECRET, typed, now=now, last_step=0)
    assert taken is not None
    again = step_of_code(RFC_SECRET, typed, now=now + timedelta(seconds=seconds), last_step=taken)
    assert again is None or (again > taken and code_at(RFC_SECRET, again) == typed)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_code_or_is_not(typed: str) -> None:
    found = step_of_code(RFC_SECRET, typed, now=datetime(2026, 9, 7, tzinfo=UTC), last_step=0)
    assert found is None or code_at(RFC_SECRET, found) == "".join(typed.split())


def test_a_code_may_be_typed_in_two_halves() -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert step_of_code(RFC_SECRET, " 287 082 ", now=now, last_step=0) == 1
    assert (
        step_of_code(RFC_SECRET, "\u0662\u0668\u0667\u0660\u0668\u0662", now=now, last_step=0)
        is None
    )


def test_the_app_is_told_site_and_account() -> None:
    secret = new_secret()
    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    assert secret != new_secret()
    assert spaced(secret).replace(" ", "") == secret
    address = app_address(secret, account="olga@example.org", site="Kenesh")
    assert address.startswith("otpauth://totp/Kenesh:olga%40example.org?")
    assert f"secret={secret}" in address


def test_recovery_codes_are_ten_that_are_hard_to_misread() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == CODES == 10
    assert all(re.fullmatch(f"[{LETTERS}]{{5}}-[{LETTERS}]{{5}}", code) for code in codes)
    assert not set("01OIL") & set(LETTERS)
    assert not set(codes) & set(new_recovery_codes())


@given(st.sampled_from(["", " ", "-", "  -"]), st.booleans())
def test_a_recovery_code_is_known_however_it_is_typed(between: str, small: bool) -> None:
    typed = f" ABCDE{between}FGH23 "
    assert clean_recovery_code(typed.lower() if small else typed) == "ABCDEFGH23"


def test_what_is_kept_of_a_recovery_code_is_of_one_person_and_one_installation() -> None:
    kept = code_hash(1, "ABCDEFGH23", "key")
    assert "ABCDE" not in kept
    assert kept == code_hash(1, "ABCDEFGH23", "key")
    assert len({kept, code_hash(2, "ABCDEFGH23", "key"), code_hash(1, "ABCDEFGH23", "other")}) == 3


@given(st.text(max_size=40))
def test_what_is_sealed_opens_with_the_same_key_only(secret: str) -> None:
    sealed = seal(secret, "key")
    assert unseal(sealed, "key") == secret
    assert unseal(sealed, "another key") == ""
    assert unseal(f"A{sealed}", "key") == ""


def test_the_name_of_a_key_can_be_seen() -> None:
    assert clean_key_name("  my \u202e phone ") == "my phone"
    with pytest.raises(Invalid):
        clean_key_name("\u200b ")


@given(moments, st.timedeltas(timedelta(), timedelta(hours=1)))
def test_who_was_asked_lately_is_not_asked_again(now: datetime, since: timedelta) -> None:
    assert is_fresh(now - since, now) == (since <= FRESH)
    assert not is_fresh(None, now)


@pytest.mark.parametrize(("factors", "forbidden"), [(1, True), (2, False), (0, True)])
def test_staff_keep_their_last_factor(factors: int, forbidden: bool) -> None:
    assert forbids_last(factors, must_have=True) == forbidden
    assert not forbids_last(factors, must_have=False)
