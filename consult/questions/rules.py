"""[pure] Who may put which question to whom, what an answer needs, which questions are alike."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from consult.access import Actor
from consult.errors import Conflict, Invalid, NotAllowed
from consult.procedure.duties import Per
from drafts.search.analyzers import tokens

KINDS = ("person", "deputy", "council")
ANSWER_STATES = ("draft", "submitted", "published")
# The right by which each kind is put, and what its answer is owed as.
RIGHTS: Mapping[str, str] = {"person": "ask", "deputy": "inquire", "council": "counsel"}
OWED: Mapping[str, Per] = {
    "person": Per.QUESTION,
    "deputy": Per.DEPUTY_QUESTION,
    "council": Per.INFORMATION,
}

TITLE_MAX = 200
ANSWER_MAX = 10_000
REASON_MAX = 1000
NOTE_MAX = 1000

SHORTEST = 3  # letters of a word that says something
ENOUGH = 2  # words that two questions must have in common
NEAR = 0.5  # of the words of the shorter one


class State(StrEnum):
    """How a question stands, as everybody sees it."""

    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


def kinds_open_to(actor: Actor) -> list[str]:
    """The kinds of question somebody may put; several for who holds several roles."""
    return [kind for kind in KINDS if actor.may(RIGHTS[kind])]


def check_kind(actor: Actor, kind: str) -> None:
    """Refuse a kind of question that is not theirs to put; raises Invalid, NotAllowed."""
    if kind not in KINDS:
        raise Invalid("Please choose one of the options.", field="kind")
    if not actor.may(RIGHTS[kind]):
        raise NotAllowed("Your role does not allow this.")


def check_question(title: str, body: str, *, most: int) -> None:
    """Refuse a question without words, or with more than `most` characters."""
    if not any(c.isalnum() for c in title):
        raise Invalid("Please say in a few words what you ask.", field="title")
    _check_length(title, TITLE_MAX, "title")
    if not any(c.isalnum() for c in body):
        raise Invalid("Please write your question.", field="body")
    _check_length(body, most, "body")


def check_room(waiting: int, most: int) -> None:
    """Refuse one more question to a body that owes this person `most` answers already."""
    if waiting >= most:
        raise Conflict(
            "You have {count} questions there that wait for an answer. Please wait for one first.",
            count=waiting,
        )


def check_answer(body: str) -> None:
    """Refuse an answer without words, or with more than ANSWER_MAX characters."""
    if not body:
        raise Invalid("Please write the answer.", field="body")
    _check_length(body, ANSWER_MAX, "body")


def check_return(note: str) -> None:
    """Refuse giving an answer back without saying why."""
    if not note:
        raise Invalid("Please say what has to be changed.", field="note")
    _check_length(note, NOTE_MAX, "note")


def check_move(kind: str, reason: str, *, same: bool) -> None:
    """Refuse passing a question on to where it is, without a reason, or a council's at all."""
    if kind == "council":
        raise Conflict("A council asks the body it watches over: nobody else can answer it.")
    if same:
        raise Invalid("The question is there already. Please choose another body.", field="agency")
    if not reason:
        raise Invalid("Please give the reason: everybody can read it.", field="reason")
    _check_length(reason, REASON_MAX, "reason")


def _check_length(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise Invalid("This is too long: at most {most} characters.", field=field, most=most)


def words_of(title: str, body: str, lang: str) -> frozenset[str]:
    """The words a question is compared by, as their stems; short ones say nothing."""
    return frozenset(
        token.folded for token in tokens(f"{title}\n{body}", lang) if len(token.word) > SHORTEST
    )


def nearness(one: frozenset[str], other: frozenset[str]) -> float:
    """0…1: how much of the shorter question stands in the other; 0 where it may be chance."""
    common = len(one & other)
    if common < ENOUGH:
        return 0.0
    return common / min(len(one), len(other))


def nearest(
    asked: frozenset[str], known: Iterable[tuple[int, frozenset[str]]], most: int
) -> list[int]:
    """The numbers of the questions that come near one, the nearest first; of equals, the newest."""
    scored = ((nearness(asked, words), number) for number, words in known)
    near = sorted(((score, number) for score, number in scored if score >= NEAR), reverse=True)
    return [number for _, number in near[:most]]
