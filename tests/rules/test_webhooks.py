"""Rules of webhooks: which addresses may be called, what a call holds, when it is made again."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from consult.errors import Invalid
from consult.webhooks.rules import (
    ATTEMPTS,
    FIELDS,
    MEANINGS,
    PAUSES,
    body_of,
    error_of,
    headers_of,
    host_of,
    is_public,
    pause_after,
    payload_of,
    read_url,
    secret_of,
)

IPV4 = st.ip_addresses(v=4)
INSIDE = st.one_of(
    *(
        st.ip_addresses(network=network)
        for network in (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/127",
            "64:ff9b:1::/48",
            "100::/64",
            "2001:db8::/32",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        )
    )
)
# Where machines in a cloud ask about themselves: AWS and most others, Alibaba, Oracle, Azure.
METADATA = ("169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254")
REFUSED = (
    "http://example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "//example.org/",
    "example.org",
    "https://",
    "https:///path",
    "https://user@example.org/",
    "https://user:word@example.org/",
    "https://example.org@127.0.0.1/",
    "https://example.org\\@127.0.0.1/",
    "https://example.org:80/",
    "https://example.org:22/",
    "https://example.org:0/",
    "https://example.org:/",
    "https://example.org:65536/",
    "https://example.org:x/",
    "https://localhost/",
    "https://localhost./",
    "https://intranet/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://a.localhost:8443/",
    "https://exa mple.org/",
    "https://example.org/\r\nX-Forwarded-For: 127.0.0.1",
    "https://example.org\r\nHost: 127.0.0.1/",
    "https://example.org/\tpath",
    "https://example.org/\0",
    "https://ex%61mple.org/",
    "https://example..org/",
    "https://-example.org/",
    "https://[::1/",
    "https://[fe80::1%25eth0]/",
    "https://①②⑦.0.0.1/",
    "https://127。0。0。1/",
    f"https://example.org/{'a' * 500}",
    f"https://example.org/{'ы' * 200}",
    f"https://{'a' * 64}.org/",
)
TAKEN = {
    "https://example.org": "https://example.org/",
    "https://EXAMPLE.org:443/hook": "https://example.org/hook",
    "https://example.org:8443/a?b=c&d=%20#part": "https://example.org:8443/a?b=c&d=%20",
    "https://почта.рф/крючок": "https://xn--80a1acny.xn--p1ai/%D0%BA%D1%80%D1%8E%D1%87%D0%BE%D0%BA",
    "https://8.8.8.8/": "https://8.8.8.8/",
    "https://[2606:4700:4700:0:0:0:0:1111]:8443/": "https://[2606:4700:4700::1111]:8443/",
}


def writings(ip: ipaddress.IPv4Address) -> list[str]:
    """An IPv4 address in all the ways that some program or other understands."""
    whole, (a, b, c, d) = int(ip), ip.packed
    return [
        str(ip),
        str(whole),
        hex(whole),
        f"0{whole:o}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a}.{b}.{c * 256 + d}",
        f"{a}.{b * 65536 + c * 256 + d}",
        f"{a}.{b}.{c}.0x{d:x}",
        f"{ip}.",
    ]


@given(INSIDE)
def test_no_address_inside_a_network_may_be_called(ip: ipaddress.IPv4Address) -> None:
    assert not is_public(str(ip))
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    with pytest.raises(Invalid):
        read_url(f"https://{host}/")


@pytest.mark.parametrize("address", METADATA)
def test_no_machine_tells_a_webhook_about_itself(address: str) -> None:
    assert not is_public(address)
    assert not is_public(f"::ffff:{address}")
    with pytest.raises(Invalid):
        read_url(f"https://[{address}]/" if ":" in address else f"https://{address}/")


@given(IPV4 | st.ip_addresses(v=6))
def test_what_is_not_global_is_never_public(ip: ipaddress.IPv4Address) -> None:
    assert ip.is_global or not is_public(str(ip))


@given(INSIDE.filter(lambda ip: ip.version == 4))
def test_an_inside_address_is_refused_however_it_is_written(ip: ipaddress.IPv4Address) -> None:
    for written in writings(ip):
        with pytest.raises(Invalid):
            read_url(f"https://{written}/")


@given(IPV4)
def test_an_ipv6_address_that_holds_an_ipv4_address_is_refused(ip: ipaddress.IPv4Address) -> None:
    high, low = int(ip) >> 16, int(ip) & 0xFFFF
    holding = (
        f"::ffff:{ip}",
        f"::{ip}",
        f"64:ff9b::{ip}",
        f"2002:{high:x}:{low:x}::1",
        f"2001:0:{high:x}:{low:x}::1",
    )
    for written in holding:
        assert not is_public(written)
        with pytest.raises(Invalid):
            read_url(f"https://[{written}]/")


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_public_https_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        read_url(url)


@pytest.mark.parametrize(("typed", "kept"), TAKEN.items())
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert read_url(typed) == kept
    assert read_url(kept) == kept


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_harmless(typed: str) -> None:
    for text in (typed, f"https://{typed}", f"https://example.org/{typed}"):
        try:
            url = read_url(text)
        except Invalid:
            continue
        assert url.startswith("https://")
        assert url.isascii()
        assert url.isprintable()
        assert not set(url) & set(' "<>\\@')
        assert host_of(url) in url


def test_for_trying_out_the_own_machine_may_be_called() -> None:
    assert read_url("http://localhost:8123/x", allow_private=True) == "http://localhost:8123/x"
    assert read_url("http://127.0.0.1:8123/", allow_private=True) == "http://127.0.0.1:8123/"
    for url in ("http://127.0.0.1:22/", "http://0177.0.0.1:8123/", "http://a@127.0.0.1:8123/"):
        with pytest.raises(Invalid):
            read_url(url, allow_private=True)


def test_a_call_is_verified_by_the_library_of_the_scheme() -> None:
    now, secret = datetime.now(UTC), secret_of("key", "seed")
    body = body_of(payload_of("draft.published", now, {"titles": {"ky": "Китепканалар жөнүндө"}}))
    headers = headers_of(7, [secret], body, now)
    assert Verifier(secret).verify(body, headers)["data"]["titles"]["ky"].startswith("Китеп")
    for other in (secret_of("key", "another"), secret_of("another", "seed")):
        with pytest.raises(WebhookVerificationError):
            Verifier(other).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body + b" ", headers)


def test_the_id_stays_and_the_time_moves_when_a_call_is_made_again() -> None:
    now, secret = datetime(2026, 3, 2, tzinfo=UTC), secret_of("key", "seed")
    first, second = (headers_of(7, [secret], b"{}", at) for at in (now, now + timedelta(hours=1)))
    assert first["webhook-id"] == second["webhook-id"] != headers_of(8, [secret], b"{}", now)
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600
    assert first["webhook-signature"] != second["webhook-signature"]


def test_eight_attempts_take_about_two_days() -> None:
    assert len(PAUSES) == ATTEMPTS - 1
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(hours=44) < sum(PAUSES, timedelta()) < timedelta(hours=52)
    assert pause_after(ATTEMPTS - 1) is not None
    assert pause_after(ATTEMPTS) is None
    assert pause_after(ATTEMPTS + 3) is None, "a worker may have died with a call in its hands"


@given(st.integers(100, 599))
def test_only_a_status_of_success_is_one(status: int) -> None:
    assert (error_of(status) == "") == (status // 100 == 2)
    assert error_of(410) == "gone"


def test_every_kind_says_what_it_means_and_holds_nothing_of_people() -> None:
    assert set(FIELDS) < set(MEANINGS)
    said = {name for fields in FIELDS.values() for name in fields}
    assert not {name for name in said if {"person", "author", "email", "body"} & {*name.split("_")}}
