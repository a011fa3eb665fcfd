"""[pure] How the way of a draft may end; how far an agency is with what it accepted; problems.

The yearly review of what people met with: practice/rules.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from consult.errors import Conflict, Invalid

OUTCOMES = ("adopted", "rejected")
COMMITMENT_STATES = ("planned", "in_progress", "done", "not_done")
ENDED = frozenset({"done", "not_done"})
# How somebody found an act to be when it was applied; what works needs no answer.
PRACTICE = ("problem", "unclear", "burden", "works")
ANSWERED_FOR = frozenset({"problem", "unclear", "burden"})
FOLLOWS = ("nothing", "explained", "practice", "act")  # what follows from it, says the agency

# What is ended goes on only by way of "in progress", and with a reason.
MOVES: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"in_progress", "done", "not_done"}),
    "in_progress": frozenset({"done", "not_done"}),
    "done": frozenset({"in_progress"}),
    "not_done": frozenset({"in_progress"}),
}

NUMBER_MAX = 80
URL_MAX = 500
REASON_MAX = 2000
NOTE_MAX = 2000
EVIDENCE_MAX = 1000
ANSWER_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Decided:
    """What an officer says of the end: `number` of the act, or of the paper that rejects it."""

    outcome: str
    decided_on: date
    number: str = ""
    in_force_on: date | None = None
    url: str = ""
    reason: str = ""


def check_outcome(said: Decided, *, reported_on: date, today: date) -> None:
    """Refuse an end without what makes it one, or on a day that cannot be.

    `reported_on` is the day of the last report, `today` the day it is where the law runs.
    """
    if said.outcome not in OUTCOMES:
        raise Invalid("Please choose one of the options.", field="outcome")
    if said.decided_on > today:
        raise Invalid("This day has not come yet.", field="decided_on")
    if said.decided_on < reported_on:
        raise Invalid(
            "This is before the report on the discussion, which is of {day}.",
            field="decided_on",
            day=reported_on,
        )
    if said.in_force_on and said.in_force_on < said.decided_on:
        raise Invalid("An act is not in force before it is adopted.", field="in_force_on")
    if said.outcome == "adopted" and not said.number:
        raise Invalid("Please enter the number of the act.", field="number")
    if said.outcome == "rejected" and not said.reason:
        raise Invalid("Please give the reason: everybody can read it.", field="reason")
    check_lengths({"number": NUMBER_MAX, "url": URL_MAX, "reason": REASON_MAX}, said)
    if said.url and not is_link(said.url):
        raise Invalid("Please enter an address that begins with https://.", field="url")


def check_lengths(most: Mapping[str, int], said: object) -> None:
    """Refuse a field of `said` with more characters than it may have."""
    for field, limit in most.items():
        if len(getattr(said, field)) > limit:
            raise Invalid("This is too long: at most {most} characters.", field=field, most=limit)


def is_link(text: str) -> bool:
    """Whether this is the address of a page elsewhere: http or https with a host, on one line."""
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a commitment goes next: `note` says why or how, `evidence` shows that it is done."""

    state: str
    note: str = ""
    evidence: str = ""


def check_step(old: str, step: Step) -> None:
    """Refuse a step that is none, or lacks what it needs.

    Done needs evidence, not done a reason, and so does taking up again what was ended.
    """
    if step.state not in COMMITMENT_STATES:
        raise Invalid("Please choose one of the options.", field="state")
    if step.state not in MOVES[old]:
        raise Conflict("From there it cannot go on like this. Please look again.", field="state")
    if step.state == "done" and not step.evidence:
        raise Invalid("Please show that it is done: by a link or in words.", field="evidence")
    if step.state == "not_done" and not step.note:
        raise Invalid("Please give the reason: the person will read it.", field="note")
    if old in ENDED and not step.note:
        raise Invalid("Please say why it is taken up again.", field="note")
    check_lengths({"note": NOTE_MAX, "evidence": EVIDENCE_MAX}, step)


def is_kept_by_text(changed_wid: str, before: str, after: str) -> bool:
    """Whether the text published with the report already does what an answer promised."""
    return bool(changed_wid) and before != after


def evidence_parts(evidence: str) -> list[tuple[str, str]]:
    """What shows a thing to be done, line by line, as (text, address to follow or "")."""
    lines = (line.strip() for line in evidence.splitlines())
    return [(line, line if leads_somewhere(line) else "") for line in lines if line]


def leads_somewhere(text: str) -> bool:
    """Whether this is an address: of a page elsewhere, or of a text here."""
    return is_link(text) or (text.startswith("/drafts/") and text.isprintable())


@dataclass(frozen=True, slots=True)
class Met:
    """What somebody met with, in words; `wid` is a provision of the act, "" for none.

    One report speaks of one provision, so that what is counted by provision adds up.
    """

    body: str
    lang: str
    wid: str = ""
    kind: str = "problem"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the agency says to it, and what follows; `link` leads to where that is seen."""

    text: str
    lang: str
    follows: str = "explained"
    link: str = ""


def check_met(met: Met, *, most: int) -> None:
    """Refuse to take a problem without words, or with more than `most` characters."""
    if met.kind not in PRACTICE:
        raise Invalid("Please choose one of the options.", field="kind")
    body = met.body
    if not any(c.isprintable() and not c.isspace() for c in body):
        raise Invalid("Please describe the problem.", field="body")
    if len(body) > most:
        raise Invalid("This is too long: at most {most} characters.", field="body", most=most)


def check_reply(reply: Reply) -> None:
    """Refuse an answer without words or with too many, or a change nobody can go and look at."""
    if not reply.text:
        raise Invalid("Please write the answer.", field="answer")
    if len(reply.text) > ANSWER_MAX:
        raise Invalid(
            "This is too long: at most {most} characters.", field="answer", most=ANSWER_MAX
        )
    if reply.follows not in FOLLOWS:
        raise Invalid("Please choose one of the options.", field="follows")
    check_lengths({"link": URL_MAX}, reply)
    if reply.follows == "act" and not reply.link:
        raise Invalid("Please give a link to the draft or to the plan.", field="link")
    if reply.link and not is_link(reply.link) and not is_page_here(reply.link):
        raise Invalid(
            "Please enter an address that begins with https://, /drafts/ or /plan/.", field="link"
        )


def is_page_here(text: str) -> bool:
    """Whether this is the address of a draft here, or of an item of the plan."""
    return text.startswith(("/drafts/", "/plan/")) and text.isprintable() and " " not in text
