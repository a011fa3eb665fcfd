"""Limits: which requests are of which kind, whose buckets they spend, what a proxy is believed."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.limits.rules import (
    KINDS,
    Limit,
    Pressed,
    hidden,
    kind_of,
    network_of,
    sealed,
    spent,
    trusted,
    unsealed,
    wait_of,
)
from consult.limits.store import read_table

TABLE = read_table()
PROXIES = trusted("10.0.0.0/8, ::1")
WHOSE = ("account", "browser", "entry", "name", "network", "site")
addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


@pytest.mark.parametrize(
    ("method", "path", "holds_file", "kind"),
    [
        ("GET", "/drafts/7", False, "read"),
        ("HEAD", "/drafts/7", False, "read"),
        ("GET", "/search", False, "search"),
        ("HEAD", "/search", False, "search"),
        ("GET", "/searching", False, "read"),
        ("GET", "/drafts/7/commitments.csv", False, "download"),
        ("GET", "/attachments/1/a", False, "download"),
        ("POST", "/sign-in", False, "sign_in"),
        ("POST", "/sign-in/", False, "sign_in"),
        ("GET", "/sign-in", False, "read"),
        ("POST", "/sign-out", False, "write"),
        ("POST", "/reset/abc", False, "sign_in"),
        ("POST", "/forgot", False, "mail"),
        ("POST", "/drafts/7/comments", False, "write"),
        ("POST", "/drafts/7/comments", True, "upload"),
        ("DELETE", "/anything", False, "write"),
        ("POST", "/unsubscribe/abc", False, "free"),
    ],
)
def test_a_request_is_of_a_kind(method: str, path: str, holds_file: bool, kind: str) -> None:
    assert kind_of(TABLE, method, path, holds_file=holds_file) == kind


@given(st.sampled_from(KINDS), st.sets(st.sampled_from(WHOSE)))
def test_who_is_known_spends_nothing_strangers_can_fill(kind: str, has: set[str]) -> None:
    limits = list(spent(TABLE, kind, dict.fromkeys(has, "x")))  # type: ignore[misc]
    assert {limit.whose for limit in limits} <= has
    own = {limit.whose for limit in TABLE.limits[kind]} & {"account", "browser"} & has
    if own:
        assert [limit.whose for limit in limits] == [limits[0].whose]
        assert limits[0].whose in own


def test_no_bucket_that_a_stranger_fills_for_somebody_else_makes_them_wait() -> None:
    """An address, a network and the whole site are shared with strangers: a proof opens them."""
    for kind in ("sign_in", "mail"):
        for limit in TABLE.limits[kind]:
            assert limit.proves == (limit.whose not in {"account", "browser"})


@given(addresses, st.lists(addresses, max_size=4))
def test_only_proxies_are_believed(peer: IPv4Address, said: list[IPv4Address]) -> None:
    believed = network_of(str(peer), [str(address) for address in said], PROXIES)
    if not any(peer in network for network in PROXIES):
        assert believed == network_of(str(peer), [], ())


@given(addresses, st.text(max_size=40))
def test_what_a_visitor_invents_to_the_left_changes_nothing(seen: IPv4Address, lie: str) -> None:
    honest = network_of("10.0.0.1", [str(seen)], PROXIES)
    if not any(seen in network for network in PROXIES):
        assert network_of("10.0.0.1", [lie, str(seen)], PROXIES) == honest
        assert network_of("10.0.0.1", [f"{lie},{seen}, 10.9.9.9"], PROXIES) == honest


@given(st.ip_addresses(v=6), st.integers(0, 2**72 - 1))
def test_a_household_is_one_network(address: IPv6Address, host: int) -> None:
    network = network_of(str(address), [], ())
    if address.ipv4_mapped is not None:
        assert network == str(address.ipv4_mapped)
        return
    other = ip_network(network)[host]
    assert network_of(f"[{other}]:443", [], ()) in {network, str(other.ipv4_mapped)}


@given(st.ip_addresses(v=4), st.ip_addresses(v=4))
def test_two_ipv4_addresses_are_two_networks(one: IPv4Address, other: IPv4Address) -> None:
    networks = {network_of(str(a), [], ()) for a in (one, other)}
    assert len(networks) == len({one, other})
    assert network_of(f"::ffff:{one}", [], ()) == network_of(f"{one}:8080", [], ()) == str(one)


@given(st.text())
def test_no_peer_is_too_odd(peer: str) -> None:
    known = network_of(peer, [peer], PROXIES)
    assert known == "nowhere" or ip_network(known, strict=False)


def test_a_setting_that_names_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="somewhere"):
        trusted("10.0.0.0/8,somewhere")
    assert ip_address("::1") in trusted("::1")[0]


@given(st.one_of(st.none(), st.integers(0, 10**9)))
def test_a_wait_is_whole_seconds_and_long_enough(milliseconds: int | None) -> None:
    limit = Limit("write", "network", 5, 60)
    seconds = wait_of(milliseconds, limit)
    assert seconds >= 1
    if milliseconds is not None:
        assert seconds * 1000 >= milliseconds
        assert Pressed(limit, seconds, posted=True).headers == {
            "Retry-After": str(seconds),
            "RateLimit-Policy": '"write";q=5;w=60',
            "RateLimit": f'"write";r=0;t={seconds}',
        }


@given(st.text(), st.text(), st.text())
def test_a_seal_is_for_one_value_one_purpose_one_installation(a: str, b: str, c: str) -> None:
    value = a.encode("utf-8", "replace").decode()
    token = sealed("secret", "known", value)
    assert unsealed("secret", "known", token) == value
    assert unsealed("secret", "ticket", token) is None
    assert unsealed("another", "known", token) is None
    assert unsealed("secret", "known", f"x{token}") is None
    assert value not in hidden("secret", value) or len(value) < 3
