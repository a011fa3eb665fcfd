"""Links that work without signing in: only this installation can make one, for one purpose."""

from hypothesis import assume, given
from hypothesis import strategies as st

from notifications.links import sign, unsign


@given(st.text(), st.text(), st.text())
def test_what_was_signed_comes_back(secret: str, purpose: str, value: str) -> None:
    assert unsign(secret, purpose, sign(secret, purpose, value)) == value


@given(st.text(), st.text(), st.text())
def test_another_installation_cannot_sign(secret: str, other: str, value: str) -> None:
    assume(secret != other and secret.rstrip("\0") != other.rstrip("\0"))
    assert unsign(secret, "unsubscribe", sign(other, "unsubscribe", value)) is None


@given(st.text(), st.text(), st.text())
def test_a_link_for_one_purpose_serves_no_other(purpose: str, other: str, value: str) -> None:
    assume(purpose != other)
    assert unsign("secret", purpose, sign("secret", other, value)) is None


@given(st.text(), st.text())
def test_a_changed_value_no_longer_fits_its_signature(value: str, other: str) -> None:
    assume(value != other)
    _, _, signature = sign("secret", "unsubscribe", value).rpartition(".")
    assert unsign("secret", "unsubscribe", f"{other}.{signature}") is None


@given(st.text())
def test_nonsense_is_no_link(token: str) -> None:
    assert unsign("secret", "unsubscribe", token) is None
