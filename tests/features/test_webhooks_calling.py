"""Calling over the network: a real server that is slow, hostile, or not who it says it is."""

import ssl
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import anyio
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from consult.webhooks import calling
from consult.webhooks.calling import ANSWER_BYTES, Answer, Outgoing, call
from tests import hooked
from tests.hooked import Hooked, answering, listening

NAME = "hooks.example.org"


@pytest.fixture
def server() -> Iterator[Hooked]:
    with listening() as server:
        yield server


class Names:
    """Names lead where the test says; each time the next, and it is known how often was asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def make(url: str, names: Names | None = None, **more: object) -> Answer:
    """One call, as the worker makes it."""
    outgoing = Outgoing(url, {"webhook-id": "msg_1"}, b'{"type":"x"}')
    if names is not None:
        more["resolve"] = names

    async def run() -> Answer:
        return await call(outgoing, **more)  # type: ignore[arg-type]

    return anyio.run(run)


def try_out(url: str, names: Names | None = None, **more: object) -> Answer:
    return make(url, names, allow_private=True, **more)


def test_a_call_is_posted_with_its_headers_and_its_body(server: Hooked) -> None:
    assert try_out(f"{server.url}?a=1") == Answer(200, "")
    (taken,) = server.taken
    assert taken.line == "POST /hook?a=1 HTTP/1.1"
    assert taken.headers["webhook-id"] == "msg_1"
    assert taken.headers["host"] == f"127.0.0.1:{server.port}"
    assert taken.body == b'{"type":"x"}'


@pytest.mark.parametrize(
    ("status", "error"), [(204, ""), (302, "redirected"), (404, "refused"), (410, "gone")]
)
def test_the_status_says_what_came_of_it(server: Hooked, status: int, error: str) -> None:
    server.behave = answering(status)
    assert try_out(server.url) == Answer(status, error)


def test_a_redirect_is_not_followed(server: Hooked) -> None:
    with listening() as inside:
        for status in (301, 302, 303, 307, 308):
            server.behave = answering(status, f"Location: {inside.url}")
            assert try_out(server.url) == Answer(status, "redirected")
        assert inside.connected == 0


@pytest.mark.parametrize("behaviour", [hooked.silent, hooked.dripping])
def test_whoever_is_slow_is_left_in_time(
    server: Hooked, behaviour: hooked.Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "WHOLE_SECONDS", 0.5)
    server.behave, begun = behaviour, time.monotonic()
    assert try_out(server.url) == Answer(None, "timed_out")
    assert time.monotonic() - begun < 3


def test_of_an_endless_answer_little_is_read(server: Hooked) -> None:
    server.behave, begun = hooked.endless, time.monotonic()
    assert try_out(server.url) == Answer(200, "")
    assert time.monotonic() - begun < 3
    assert ANSWER_BYTES == 65536


@pytest.mark.parametrize("behaviour", [hooked.breaking_off, hooked.nonsense])
def test_a_broken_answer_is_none(server: Hooked, behaviour: hooked.Behaviour) -> None:
    server.behave = behaviour
    assert try_out(server.url) == Answer(None, "broken_off")


def test_where_nobody_listens_nobody_is_reached(server: Hooked) -> None:
    with listening() as gone:
        url = gone.url
    assert try_out(url) == Answer(None, "not_reached")


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.0.0.7", "169.254.169.254", "100.64.0.1", "::1", "::ffff:8.8.8.8", "fe80::1"],
)
def test_a_name_that_leads_inside_is_not_called_even_by_one_address_of_several(
    server: Hooked, inside: str
) -> None:
    for found in ([inside], ["8.8.8.8", inside], [inside, "8.8.8.8"]):
        answer = make(f"http://{NAME}:{server.port}/", Names(found))
        assert answer == Answer(None, "no_public_address")
    assert server.connected == 0


def test_a_name_that_leads_nowhere_is_told_like_one_that_leads_inside() -> None:
    class Nowhere(Names):
        async def __call__(self, host: str, _port: int) -> Sequence[str]:
            raise OSError("no such name")

    assert make(f"https://{NAME}/", Nowhere()) == Answer(None, "no_public_address")
    assert make(f"https://{NAME}/", Names([])) == Answer(None, "no_public_address")


def test_the_own_machine_is_not_called_by_its_real_name(server: Hooked) -> None:
    assert make(f"http://localhost:{server.port}/") == Answer(None, "no_public_address")
    assert server.connected == 0


def test_a_name_is_looked_up_once_and_the_checked_address_is_called(server: Hooked) -> None:
    """DNS rebinding: a second look-up would be answered with another address."""
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    assert try_out(f"http://{NAME}:{server.port}/", names) == Answer(200, "")
    assert names.asked == [NAME]
    assert server.taken[0].headers["host"] == f"{NAME}:{server.port}"


def test_an_address_that_takes_no_connection_gives_way_to_the_next(server: Hooked) -> None:
    names = Names(["::1", "127.0.0.1"])  # nobody listens at the first
    assert try_out(f"http://{NAME}:{server.port}/", names) == Answer(200, "")


def test_a_proxy_of_the_environment_is_not_asked(
    server: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert try_out(server.url) == Answer(200, "")
        assert proxy.connected == 0


# --- certificates


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(the server's, one that trusts it) with a certificate of a name or an IP address."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
    is_name = any(letter.isalpha() for letter in name)
    names = [x509.DNSName(name) if is_name else x509.IPAddress(ip_address(name))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "both.pem").write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


def test_a_certificate_is_checked_against_the_name_not_the_address(tmp_path: Path) -> None:
    context, trusting = certificate(tmp_path, NAME)
    with listening(context) as server:
        url, names = f"https://{NAME}:{server.port}/", Names(["127.0.0.1"])
        assert try_out(url, names, context=trusting) == Answer(200, "")
        other = f"https://other.example.org:{server.port}/"
        assert try_out(other, names, context=trusting) == Answer(None, "not_trusted")
        assert len(server.taken) == 1, "nothing was sent to whoever is not trusted"


def test_a_certificate_of_the_address_is_none_of_the_name(tmp_path: Path) -> None:
    context, trusting = certificate(tmp_path, "127.0.0.1")
    with listening(context) as server:
        url, names = f"https://{NAME}:{server.port}/", Names(["127.0.0.1"])
        assert try_out(url, names, context=trusting) == Answer(None, "not_trusted")
        plain = f"https://127.0.0.1:{server.port}/"
        assert try_out(plain, names, context=trusting) == Answer(200, "")


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, NAME)
    with listening(context) as server:
        url, names = f"https://{NAME}:{server.port}/", Names(["127.0.0.1"])
        assert try_out(url, names) == Answer(None, "not_trusted")
        assert server.taken == []
