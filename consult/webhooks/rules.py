"""[pure] Webhooks: what can be had, what a call holds, which addresses may be called, when again.

The scheme is Standard Webhooks (standardwebhooks.com): ids, signatures, what a call looks like.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from standardwebhooks import Webhook as Signer

from consult.errors import N_, Invalid

TRIAL = "webhook.trial"
OF_DRAFT = ("draft_id", "titles", "agency", "url")
OF_VOICE = ("agency", "url")
OF_HEARING = (*OF_VOICE, "hearing_id", "kind", "titles", "state", "starts_at", "ends_at")
# Each kind of event with what its `data` holds. Only what everybody can read, and of nobody.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "draft.published": (*OF_DRAFT, "version"),
    "consultation.opened": (*OF_DRAFT, "consultation_id", "round", "opens_at", "closes_at"),
    "consultation.extended": (*OF_DRAFT, "consultation_id", "round", "opens_at", "closes_at"),
    "consultation.closed": (*OF_DRAFT, "consultation_id", "round", "opens_at", "closes_at"),
    "comment.received": (*OF_DRAFT, "consultation_id", "receipt", "wid", "kind", "lang"),
    "report.published": (*OF_DRAFT, "consultation_id", "round"),
    "outcome.recorded": (*OF_DRAFT, "outcome", "number", "decided_on"),
    "proposal.reached": (*OF_VOICE, "proposal_id", "draft_id"),
    "proposal.answered": (*OF_VOICE, "proposal_id", "draft_id"),
    "question.asked": (*OF_VOICE, "question_id", "kind", "draft_id"),
    "question.answered": (*OF_VOICE, "question_id", "kind", "draft_id"),
    "hearing.announced": OF_HEARING,
    "hearing.changed": OF_HEARING,
    "opinion.published": (*OF_DRAFT, "opinion_id", "council"),
    "roll_call.published": (*OF_DRAFT, "roll_call_id"),
    "duty.overdue": ("duty_id", "duty", "names", "agency", "due_on", "draft_id", "subject", "url"),
}
KINDS = tuple(FIELDS)
# Thousands a day: only for who names them.
QUIET = frozenset({"comment.received"})
MEANINGS: Mapping[str, str] = {
    "draft.published": N_("A draft was published, or a new version of its text."),
    "consultation.opened": N_("A discussion opened: comments are taken."),
    "consultation.extended": N_("A discussion closes later than was announced."),
    "consultation.closed": N_("A discussion closed."),
    "comment.received": N_("Somebody commented on a draft. It is told only if you choose it."),
    "report.published": N_("The report on a discussion was published, with all answers."),
    "outcome.recorded": N_("A draft became an act, or it is known that it will not."),
    "proposal.reached": N_("Enough people support a proposal: an answer is owed."),
    "proposal.answered": N_("A proposal was answered."),
    "question.asked": N_("A body was asked a question."),
    "question.answered": N_("A question was answered."),
    "hearing.announced": N_("A hearing was announced."),
    "hearing.changed": N_("A hearing was changed or called off."),
    "opinion.published": N_("A supervisory council published its opinion on a draft."),
    "roll_call.published": N_("How each deputy voted on a draft was published."),
    "duty.overdue": N_("A duty came onto the public list of overdue duties."),
    TRIAL: N_("A trial call, sent when you ask for it."),
}

# Why a call failed. One code says both "no such name" and "a private address", so that nobody
# learns from it which names there are inside the network.
ERRORS: Mapping[str, str] = {
    "no_public_address": N_("Its name leads to no public address."),
    "not_reached": N_("It could not be reached."),
    "not_trusted": N_("Its certificate is not valid for its name."),
    "timed_out": N_("It did not answer in time."),
    "broken_off": N_("It broke off before its answer was complete."),
    "redirected": N_("It answered with a redirect, which is not followed."),
    "refused": N_("It refused the call."),
    "gone": N_("It answered that it is gone (410)."),
    "switched_off": N_("The address was switched off."),
}

URL_MAX = 500
MOST_OF_ONE = 10  # addresses one person may have called
ATTEMPTS = 8
OFF_AFTER = 3  # calls given up in a row
PAUSES = tuple(  # between the attempts: two days in all
    timedelta(minutes=minutes) for minutes in (0.5, 5, 30, 120, 360, 840, 1440)
)

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# What Python calls global, and is none of others: protocol assignments (RFC 6890), relays of 6to4
# (RFC 7526), and the address by which a machine in Azure asks about itself and its secrets.
_NOT_OF_OTHERS = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
)
_HOLDING_IPV4 = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))

NOT_ADDRESS = N_("This is not an address that can be called.")
NOT_HTTPS = N_("The address must begin with https://.")
NOT_PUBLIC = N_("Only addresses on the public internet can be called.")


def is_public(address: str) -> bool:
    """Whether an IP address is one of a single machine on the public internet.

    Of IPv6 only global unicast, and none that holds an IPv4 address (mapped, 6to4, Teredo, NAT64):
    a gateway might lead such a one into the network.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _NOT_OF_OTHERS)
    return (
        ip.scope_id is None
        and ip in _GLOBAL_UNICAST
        and not any(ip in network for network in _HOLDING_IPV4)
    )


def read_url(typed: str, *, allow_private: bool = False) -> str:
    """The address in one unambiguous form; raises Invalid for one that may not be called.

    Where its name leads is asked when it is called, each time anew (calling.py).
    `allow_private` lets plain HTTP and addresses inside the network through, for trying things out.
    """
    if len(typed) > URL_MAX:
        raise Invalid("This is too long: at most {max_length} characters.", max_length=URL_MAX)
    if not typed.isprintable() or any(sign in typed for sign in " \\@"):
        raise Invalid(NOT_ADDRESS)
    try:
        parts = urlsplit(typed)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError as error:  # also of an IPv6 address, a port, a name that are none
        raise Invalid(NOT_ADDRESS) from error
    if parts.scheme not in {"https", "http"} or parts.netloc.endswith(":"):
        raise Invalid(NOT_ADDRESS)
    if parts.scheme != "https" and not allow_private:
        raise Invalid(NOT_HTTPS)
    standard = 443 if parts.scheme == "https" else 80
    if port not in {None, standard} and not 1024 <= (port or 0) <= 65535:
        raise Invalid("The port must be 443, or above 1023.")
    if not allow_private and not _may_be_public(host):
        raise Invalid(NOT_PUBLIC)
    path = quote(parts.path or "/", safe="/%:!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:!$&'()*+,;=~-._?")
    url = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}"
    url += "" if port in {None, standard} else f":{port}"
    url += path + (f"?{query}" if query else "")
    if len(url) > URL_MAX:
        raise Invalid("This is too long: at most {max_length} characters.", max_length=URL_MAX)
    return url


def _host(named: str) -> str:
    """A name in ASCII, or an IP address in its usual form; raises ValueError.

    What ends in a number is an IPv4 address to some programs (0177.1, 0x7f000001, 2130706433), so
    it must be one in the usual form.
    """
    if ":" in named:
        if "%" in named:  # a zone of one machine
            raise ValueError(named)
        return str(ipaddress.IPv6Address(named))
    name = named.encode("idna").decode("ascii").lower()
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return str(ipaddress.IPv4Address(name))
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(named)
    return name


def _may_be_public(host: str) -> bool:
    """Not an address inside the network, nor a name that can only lead there (RFC 6761, 6762)."""
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return is_public(host)
    return "." in host and not f".{host}".endswith((".localhost", ".local", ".internal"))


def host_of(url: str) -> str:
    """The name in an address, for messages."""
    return urlsplit(url).hostname or ""


def secret_of(secret_key: str, seed: str) -> str:
    """The secret of a webhook ("whsec_…"), made of the key of the installation and its seed."""
    key = hmac.new(secret_key.encode(), f"webhook:{seed}".encode(), hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(key).decode()


def body_of(payload: Mapping[str, Any]) -> bytes:
    """What is sent, and signed."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(call_id: int, secrets: Iterable[str], body: bytes, now: datetime) -> dict[str, str]:
    """The headers of an attempt at `now`: the id stays the same however often it is tried.

    Signed with each of the secrets: either may be the one its owner checks with just now.
    """
    name = f"msg_{call_id}"
    signed = (Signer(secret).sign(name, now, body.decode()) for secret in secrets)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Kenesh-Webhooks/1",
        "Accept-Encoding": "identity",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def payload_of(kind: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """A call: what happened, when, and what is to be known of it."""
    return {"type": kind, "timestamp": at.isoformat(), "data": dict(data)}


def error_of(status: int) -> str:
    """The code of what an answer means, "" if the call was taken."""
    if 200 <= status < 300:
        return ""
    if status == 410:
        return "gone"
    return "redirected" if 300 <= status < 400 else "refused"


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None to give up."""
    return PAUSES[attempts - 1] if attempts < ATTEMPTS else None
