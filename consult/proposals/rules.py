"""[pure] What a proposal needs, how it stands, when two are one, when enough people support it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from consult.access import Actor
from consult.answers.alike import words_of
from consult.answers.rules import check_reason
from consult.campaigns.rules import alike, text_of
from consult.errors import N_, Conflict, Invalid, NotAllowed
from drafts.search.analyzers import fold, tokens
from drafts.search.function_words import FUNCTION_WORDS

KINDS = ("change", "problem")
COUNTS = ("identified", "all")
OUTCOMES = ("accepted", "accepted_in_part", "already_provided", "rejected")
ACCEPTING = frozenset({"accepted", "accepted_in_part"})
ANSWER_STATES = ("submitted", "returned", "published")
TITLE_MAX = 150
BODY_MAX = 10_000
LEAST_WORDS = 5  # of what should change and why: fewer tell nobody what is meant
SIMILAR = 0.4  # share of the words of the shorter one that both have
SHARED_LEAST = 3
SHOWN = 5  # similar ones before posting
COMPARED = 500  # open proposals a new one is compared with, the newest first
COPY = N_("This was proposed already: you can support it.")


class State(StrEnum):
    """How a proposal stands; derived, never stored."""

    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    GATHERING = "gathering"
    LAPSED = "lapsed"  # the term ran out, and too few supported it
    REACHED = "reached"  # an answer is owed
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a proposal says how it stands."""

    gathers_until: datetime
    supported_at: datetime | None = None
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    hidden_at: datetime | None = None
    joined_at: datetime | None = None

    def state(self, now: datetime) -> State:
        """How it stands at `now`; what was taken away comes first."""
        for at, state in (
            (self.hidden_at, State.HIDDEN),
            (self.withdrawn_at, State.WITHDRAWN),
            (self.joined_at, State.JOINED),
            (self.answered_at, State.ANSWERED),
            (self.supported_at, State.REACHED),
        ):
            if at is not None:
                return state
        return State.GATHERING if now < self.gathers_until else State.LAPSED


@dataclass(frozen=True, slots=True)
class Said:
    """A proposal in words: `title`, the problem (`body`), what should change and why (`wanted`)."""

    kind: str
    title: str
    body: str
    wanted: str
    lang: str

    @property
    def whole(self) -> str:
        return "\n".join((self.title, self.body, self.wanted))


def check_said(said: Said) -> None:
    """Refuse a proposal without the words it needs: a problem may leave open what should change."""
    if said.kind not in KINDS:
        raise Invalid("Please choose one of the options.", field="kind")
    if not words_of(said.title):
        raise Invalid("Please write in one line what it is about.", field="title")
    if len(said.title) > TITLE_MAX:
        raise Invalid("This is too long: at most {most} characters.", field="title", most=TITLE_MAX)
    if len(words_of(said.body)) < LEAST_WORDS:
        raise Invalid("Please describe the problem in a few words.", field="body")
    if said.kind == "change" and len(words_of(said.wanted)) < LEAST_WORDS:
        raise Invalid("Please say what should change, and why.", field="wanted")
    for field in ("body", "wanted"):
        if len(getattr(said, field)) > BODY_MAX:
            raise Invalid(
                "This is too long: at most {most} characters.", field=field, most=BODY_MAX
            )


def check_known(actor: Actor) -> None:
    """Refuse a proposal of whom it is not known who they are; they may support others'."""
    if not actor.is_identified:
        raise NotAllowed("To propose something, please identify yourself first.")


def is_enough(counts: str, needed: int, supporters: int, identified: int) -> bool:
    """Whether so many people, so many of them identified, are as many as the law asks for."""
    return (identified if counts == "identified" else supporters) >= needed


def check_gathering(state: State) -> None:
    """Refuse support, and taking it back, once there is nothing more to gather."""
    if state is State.LAPSED:
        raise Conflict("The time to support this is over.")
    if state in {State.REACHED, State.ANSWERED}:
        raise Conflict("Enough people have supported this already.")
    if state is not State.GATHERING:
        raise Conflict("This proposal is not open any more.")


def is_copy(one: Said, other: Said) -> bool:
    """Whether two proposals are one text but for some words (campaigns/rules.py)."""
    return alike(text_of(one.whole), text_of(other.whole))


@lru_cache(maxsize=2 * COMPARED)
def _stems(whole: str, lang: str) -> frozenset[str]:
    """What a proposal speaks of: its words without their endings, and none that every text has."""
    said = (token for token in tokens(whole, lang) if fold(token.word) not in FUNCTION_WORDS)
    return frozenset(token.folded for token in said)


def likeness(one: Said, other: Said) -> float:
    """0…1: the share of the words of the shorter one that stand in the other too.

    Of texts in two languages 0: no machine here says whether they mean the same.
    """
    if one.lang != other.lang:
        return 0.0
    mine, theirs = _stems(one.whole, one.lang), _stems(other.whole, other.lang)
    shared = len(mine & theirs)
    if shared < SHARED_LEAST:
        return 0.0
    return shared / min(len(mine), len(theirs))


@dataclass(frozen=True, slots=True)
class Similar:
    """Open proposals like a new one, the likest first; the first is a copy if `is_copy`."""

    ids: tuple[int, ...] = ()
    is_copy: bool = False

    def unseen(self, seen: Iterable[int]) -> bool:
        """Whether somebody has yet to look at one of them."""
        return bool(set(self.ids) - set(seen))


def similar_to(new: Said, known: Mapping[int, Said]) -> Similar:
    """Which of those that are known a new one is like, or a copy of."""
    ranked = sorted(((likeness(new, one), id_) for id_, one in known.items()), reverse=True)
    near = [id_ for share, id_ in ranked if share >= SIMILAR][:SHOWN]
    copies = [id_ for id_ in near if is_copy(new, known[id_])]
    if not copies:  # the words of a short text may be too few to be near
        copies = [id_ for id_, one in known.items() if text_of(one.whole) == text_of(new.whole)]
    if copies:
        return Similar((copies[0], *(id_ for id_ in near if id_ != copies[0])), is_copy=True)
    return Similar(tuple(near))


def check_answer(outcome: str, text: str) -> None:
    """Refuse an answer on the merits that decides nothing, or gives no reason."""
    if outcome not in OUTCOMES:
        raise Invalid("Please choose what was decided.", field="outcome")
    check_reason(text)


def check_link(outcome: str, *, same_agency: bool) -> None:
    """Refuse to link a draft with what was not accepted, or one of another agency."""
    if outcome not in ACCEPTING:
        raise Conflict("Only a proposal that was accepted leads to a draft.")
    if not same_agency:
        raise Invalid("Please choose a draft of this agency.", field="draft")


def check_joining(one: State, other: State, *, same: bool, same_agency: bool) -> None:
    """Refuse to join proposals that are not both gathering support from the same body."""
    if same:
        raise Invalid("A proposal cannot be joined with itself.", field="into")
    if not same_agency:
        raise Invalid("Both must be addressed to the same agency.", field="into")
    if one is not State.GATHERING or other is not State.GATHERING:
        raise Conflict("Both must still be gathering support.", field="into")
