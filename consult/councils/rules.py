"""[pure] What an opinion of a council has to say, and which way it goes; how members vote.

Quorum and majority are data: consult/procedure/deciding.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from consult.errors import Conflict, Invalid, NotAllowed

# Asked for, written by a member, before the members; in the end given, or without a majority.
STATES = ("asked", "drafted", "voting", "given", "failed")
WRITABLE = frozenset({"asked", "drafted"})
CLOSED = frozenset({"given", "failed"})
CONCLUSIONS = ("for", "for_with_remarks", "against")
VOTES = ("for", "against", "abstained")
ABSENT = "absent"
TAKEN = ("all", "part", "none")  # what the agency took up

NAME_MAX = 120
FIELD_MAX = 120  # of an expert: what they know about
TEXT_MAX = 20_000
POINT_MAX = 2000
POINTS_MOST = 3  # each brings a list of all provisions
DISSENT_MAX = 5000
ANSWER_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Point:
    """What a council proposes about one provision; `n` is its place in the form."""

    n: int
    wid: str
    words: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion as a member writes it: words by language, a conclusion, what is proposed where."""

    words: Mapping[str, str]
    conclusion: str
    points: Sequence[Point] = ()


def check_opinion(said: Opinion, langs: Sequence[str], wids: Collection[str]) -> None:
    """Refuse an opinion without words or a conclusion, or about provisions the text has not."""
    if said.conclusion not in CONCLUSIONS:
        raise Invalid("Please choose one of the options.", field="conclusion")
    if not any(said.words.get(lang, "").strip() for lang in langs):
        raise Invalid("Please write the opinion.", field=f"words_{langs[0]}")
    for lang in langs:
        _check_length(said.words.get(lang, ""), TEXT_MAX, f"words_{lang}")
    for point in said.points:
        if point.wid not in wids:
            raise Invalid("There is no such provision in this text.", field=f"wid_{point.n}")
        if not point.words.strip():
            raise Invalid("Please say what the council proposes here.", field=f"point_{point.n}")
        _check_length(point.words, POINT_MAX, f"point_{point.n}")


def check_writable(state: str) -> None:
    """Refuse to change what is before the members already, or was decided; raises Conflict."""
    if state not in WRITABLE:
        raise Conflict("This opinion is before the members already: it stays as it is.")


def check_puttable(state: str) -> None:
    """Refuse a vote on nothing, or a second one; raises Conflict."""
    if state == "asked":
        raise Conflict("Nobody has written the opinion yet.")
    if state != "drafted":
        raise Conflict("The members vote already, or have voted.")


def check_vote(state: str, before: str, vote: str, dissent: str) -> None:
    """A vote is cast once, while the vote is open; who votes in favour dissents from nothing."""
    if state != "voting":
        raise Conflict("The members do not vote on this now.")
    if before:
        raise Conflict("You have voted already. A vote is cast once.")
    if vote not in VOTES:
        raise Invalid("Please choose one of the options.", field="vote")
    if dissent and vote == "for":
        raise Invalid("Who votes in favour has no dissenting opinion.", field="dissent")
    _check_length(dissent, DISSENT_MAX, "dissent")


def check_closable(state: str, *, chairs: bool) -> None:
    """Only who chairs the council closes a vote, and only one that runs."""
    if not chairs:
        raise NotAllowed("This is done by who chairs the council.")
    if state != "voting":
        raise Conflict("The members do not vote on this now.")


def check_answer(text: str, taken: str) -> None:
    """Refuse an answer that does not say what was taken up, and why."""
    if taken not in TAKEN:
        raise Invalid("Please choose one of the options.", field="taken")
    if not text.strip():
        raise Invalid("Please write what was taken up, and why not the rest.", field="answer")
    _check_length(text, ANSWER_MAX, "answer")


def check_second_person(written_by: int | None, publishes: int) -> None:
    """An answer is published by another person than the one who wrote it."""
    if written_by == publishes:
        raise NotAllowed("Another person has to approve what you wrote.")


def check_member(name: str, field: str) -> None:
    """Refuse a member without a name: members of a council act in public."""
    if not name:
        raise Invalid("Please enter the name under which they act.", field="name")
    _check_length(name, NAME_MAX, "name")
    _check_length(field, FIELD_MAX, "field")


def _check_length(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise Invalid("This is too long: at most {most} characters.", field=field, most=most)
