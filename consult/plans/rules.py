"""[pure] The states of an item of the plan of law-making, and what may be done with it in each.

Buttons, guards and tests ask these two tables. Who may do it is said in access.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from consult.errors import Conflict, Invalid

TITLE_MAX, SUMMARY_MAX, REASON_MAX = 500, 2000, 1000  # characters
REASON_LEAST = 10  # characters: no reason is given in fewer


class State(StrEnum):
    """Where an item stands. Once published it is public for ever."""

    DRAFT = "draft"
    PUBLISHED = "published"
    STARTED = "started"
    DROPPED = "dropped"


class Verb(StrEnum):
    """What can be done with an item."""

    EDIT = "edit"
    DISCARD = "discard"
    PUBLISH = "publish"
    REWORD = "reword"
    MOVE = "move"
    DROP = "drop"
    RESUME = "resume"
    LINK = "link"
    FOLLOW = "follow"


STATES = tuple(state.value for state in State)
PUBLIC = tuple(state.value for state in State if state is not State.DRAFT)
CHANGES = ("published", "moved", "reworded", "started", "dropped", "resumed")

TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.STARTED, State.DROPPED}),
    State.STARTED: frozenset(),
    State.DROPPED: frozenset({State.PUBLISHED}),
}

FEATURES: Mapping[State, frozenset[Verb]] = {
    State.DRAFT: frozenset({Verb.EDIT, Verb.DISCARD, Verb.PUBLISH}),
    State.PUBLISHED: frozenset({Verb.REWORD, Verb.MOVE, Verb.DROP, Verb.LINK, Verb.FOLLOW}),
    State.STARTED: frozenset(),  # from now on the draft is what is changed and followed
    State.DROPPED: frozenset({Verb.RESUME, Verb.FOLLOW}),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What an item says: {lang: text} without empty texts, and codes of the rule pack."""

    titles: Mapping[str, str] = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)
    act_type: str = ""
    topic: str = ""


def allows(state: State, verb: Verb) -> bool:
    """Whether the verb can be done with an item in this state, by anybody at all."""
    return verb in FEATURES[state]


def check_allowed(state: State, verb: Verb) -> None:
    """Raise Conflict unless the verb can be done with an item in this state."""
    if not allows(state, verb):
        raise Conflict("This item has changed meanwhile, so this is no longer possible.")


def check_transition(old: State, new: State) -> None:
    """Raise Conflict unless an item may go from `old` to `new`."""
    if new not in TRANSITIONS[old]:
        raise Conflict("This item has changed meanwhile, so this is no longer possible.")


def first_of_month(on: date) -> date:
    """The day that stands for the month of a day."""
    return on.replace(day=1)


def check_month(month: date, today: date) -> None:
    """Refuse a month that is over: nothing can be announced for it. Raises Invalid."""
    if first_of_month(month) < first_of_month(today):
        raise Invalid("This month is over. Choose a later one.", field="month")


def is_late(state: State, month: date, today: date) -> bool:
    """Whether an item was to begin in a month that is over, and has not."""
    return state is State.PUBLISHED and month < first_of_month(today)


def check_reason(reason: str) -> str:
    """The reason, if it says something: it is shown to all. Raises Invalid."""
    said = reason.strip()
    if len(said) < REASON_LEAST:
        raise Invalid("Say why in a sentence: everybody reads it.", field="reason")
    return said


def check_titles(titles: Mapping[str, str], official: Collection[str]) -> None:
    """Refuse an item without a title in any official language. Raises Invalid."""
    if not any(titles.get(lang) for lang in official):
        field = f"title_{next(iter(official))}"
        raise Invalid("Give the title in at least one official language.", field=field)


def folded(title: str) -> str:
    """A title as two are compared: the same act must not be announced twice."""
    return " ".join(title.casefold().split())


def rewording(old: Wording, new: Wording) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs, before and after: {"titles": {lang: text}, "topic": code, …}.

    A text that is only on one side is "" on the other; nothing that stayed the same is named.
    """
    before, after = asdict(old), asdict(new)
    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for name in ("titles", "summaries"):
        langs = [
            lang
            for lang in dict.fromkeys((*before[name], *after[name]))
            if before[name].get(lang, "") != after[name].get(lang, "")
        ]
        if langs:
            was[name] = {lang: before[name].get(lang, "") for lang in langs}
            now[name] = {lang: after[name].get(lang, "") for lang in langs}
    for name in ("act_type", "topic"):
        if before[name] != after[name]:
            was[name], now[name] = before[name], after[name]
    return was, now
