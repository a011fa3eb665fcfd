"""Reads of following: what there is to follow, what it is called, who follows what."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, literal
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Agency, Person
from consult.db import text_in
from consult.errors import N_
from consult.i18n.catalogues import LANGUAGES, translations
from consult.plans.models import PlanItem
from consult.plans.rules import PUBLIC, State
from consult.procedure.packs import RulePack
from consult.proposals.models import Proposal
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES
from notifications.models import MailChoice, SavedSearch, Subscription
from notifications.rules import CADENCES, CATEGORIES, parts_of
from notifications.searching import read_search, search_path

PLAN = N_("Plan of law-making")
EVERYTHING = N_("All drafts and the plan of law-making")
STAGES = {  # that a search can ask for
    "open": N_("Open for comment"),
    "reported": N_("Report published"),
    "adopted": N_("Adopted"),
    "rejected": N_("Rejected"),
}


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that can be followed: its names {lang: text} and where it is."""

    target: str
    names: Mapping[str, Any]
    path: str


def followed(session: Session, pack: RulePack, targets: Iterable[str]) -> list[Followed]:
    """What these targets stand for, in their order; what is no longer public is left out."""
    wanted = list(targets)
    keys = defaultdict(list)
    for target in wanted:
        kind, key = parts_of(target)
        keys[kind].append(key)
    found = {
        thing.target: thing
        for kind, some in keys.items()
        for thing in FIND[kind](session, pack, some)
    }
    return [found[target] for target in wanted if target in found]


def _drafts(session: Session, _pack: RulePack, keys: Sequence[str]) -> list[Followed]:
    public = col(Draft.stage).in_(PUBLIC_STAGES)
    rows = session.exec(select(Draft).where(col(Draft.id).in_(map(int, keys)), public)).all()
    return [Followed(f"draft:{row.id}", row.titles, f"/drafts/{row.id}") for row in rows]


def _agencies(session: Session, _pack: RulePack, keys: Sequence[str]) -> list[Followed]:
    rows = session.exec(select(Agency).where(col(Agency.id).in_(map(int, keys)))).all()
    return [Followed(f"agency:{row.id}", row.names, f"/drafts?agency={row.code}") for row in rows]


def _plan(session: Session, _pack: RulePack, keys: Sequence[str]) -> list[Followed]:
    whole = [Followed("plan", _said(PLAN), "/plan")] if "" in keys else []
    numbers = [int(key) for key in keys if key]
    if not numbers:
        return whole
    public = col(PlanItem.state).in_(PUBLIC)
    rows = session.exec(select(PlanItem).where(col(PlanItem.id).in_(numbers), public)).all()
    return whole + [Followed(f"plan:{row.id}", row.titles, f"/plan/{row.id}") for row in rows]


def _topics(_session: Session, pack: RulePack, keys: Sequence[str]) -> list[Followed]:
    return [
        Followed(f"topic:{key}", pack.topics[key].model_dump(), f"/drafts?topic={key}")
        for key in keys
        if key in pack.topics
    ]


def _act_types(_session: Session, pack: RulePack, keys: Sequence[str]) -> list[Followed]:
    return [
        Followed(f"act_type:{key}", pack.act_types[key].model_dump(), f"/drafts?act_type={key}")
        for key in keys
        if key in pack.act_types
    ]


def _proposals(session: Session, _pack: RulePack, keys: Sequence[str]) -> list[Followed]:
    shown = col(Proposal.hidden_at).is_(None)
    rows = session.exec(select(Proposal).where(col(Proposal.id).in_(map(int, keys)), shown)).all()
    return [
        Followed(f"proposal:{row.id}", {row.lang: row.title}, f"/proposals/{row.id}")
        for row in rows
    ]


def _everything(_session: Session, _pack: RulePack, _keys: Sequence[str]) -> list[Followed]:
    return [Followed("all", _said(EVERYTHING), "/drafts")]


def _searches(session: Session, pack: RulePack, keys: Sequence[str]) -> list[Followed]:
    rows = session.exec(select(SavedSearch).where(col(SavedSearch.id).in_(map(int, keys)))).all()
    return named_searches(session, pack, {f"search:{row.id}": row.asked for row in rows})


def named_searches(session: Session, pack: RulePack, kept: Mapping[str, str]) -> list[Followed]:
    """Searches as things to follow. `kept`: what each asks (searching.py), by its target."""
    asked = {target: read_search(one) for target, one in kept.items()}
    codes = {one["agency"] for one in asked.values() if "agency" in one}
    query = select(Agency).where(col(Agency.code).in_(codes))
    bodies = {body.code: body.names for body in session.exec(query).all()} if codes else {}
    return [
        Followed(target, _words(asked[target], pack, bodies), search_path(one))
        for target, one in kept.items()
    ]


def _words(
    asked: Mapping[str, str], pack: RulePack, bodies: Mapping[str, dict[str, Any]]
) -> dict[str, str]:
    """A search in words: «land lease», Ministry of Justice, Adopted, 2026."""
    coded = (pack.act_types.get(asked.get("act_type", "")), pack.topics.get(asked.get("topic", "")))
    names = [bodies.get(asked.get("agency", "")), *(one and one.model_dump() for one in coded)]
    words = [f"«{asked['q']}»"] if "q" in asked else []
    names.append(_said(STAGES[asked["stage"]]) if asked.get("stage") in STAGES else None)
    spoken = [LANGUAGES[asked["lang"]]] if asked.get("lang") in LANGUAGES else []
    year = [asked["year"]] if "year" in asked else []
    return {
        lang: ", ".join([*words, *(text_in(one, lang)[0] for one in names if one), *spoken, *year])
        for lang in LANGUAGES
    }


def _said(sentence: str) -> dict[str, str]:
    return {lang: translations(lang).gettext(sentence) for lang in LANGUAGES}


# How the things of each kind that may be followed (rules.FOLLOWED) are found by their keys.
FIND: Mapping[str, Callable[[Session, RulePack, Sequence[str]], list[Followed]]] = {
    "draft": _drafts,
    "agency": _agencies,
    "plan": _plan,
    "topic": _topics,
    "act_type": _act_types,
    "search": _searches,
    "proposal": _proposals,
    "all": _everything,
}


def what_became_of(session: Session, target: str) -> str:
    """The target itself; of a planned act that has a text by now, the draft: it goes on there."""
    kind, key = parts_of(target)
    item = session.get(PlanItem, int(key)) if kind == "plan" and key else None
    return f"draft:{item.draft_id}" if item and item.state == State.STARTED.value else target


def is_following(session: Session, actor: Actor, target: str) -> bool:
    """Whether a person follows something; no visitor does, and none is asked about."""
    if actor.id is None:
        return False
    query = select(Subscription.id).where(
        Subscription.person_id == actor.id, Subscription.target == target
    )
    return session.exec(query).first() is not None


def is_following_search(session: Session, actor: Actor, asked: str) -> str:
    """The target ("search:5") if a person follows this search, else ""."""
    if actor.id is None:
        return ""
    number = session.exec(select(SavedSearch.id).where(SavedSearch.asked == asked)).first()
    target = f"search:{number}"
    return target if number and is_following(session, actor, target) else ""


def has_followers() -> ColumnElement[bool]:
    """The clause that somebody follows a saved search."""
    target = literal("search:").concat(cast(col(SavedSearch.id), String))
    return exists().where(col(Subscription.target) == target)


def subscriptions_of(session: Session, person_id: int) -> list[Subscription]:
    """What a person follows, in the order they began to."""
    query = select(Subscription).where(Subscription.person_id == person_id)
    return list(session.exec(query.order_by(col(Subscription.id))).all())


def choices_of(session: Session, person_id: int) -> tuple[Person, dict[str, str]]:
    """A person with how often they want mail of each category; what was not chosen, at once."""
    query = select(MailChoice).where(MailChoice.person_id == person_id)
    chosen = {row.category: row.cadence for row in session.exec(query).all()}
    choices = {category: chosen.get(category, CADENCES[0]) for category in CATEGORIES}
    return session.get_one(Person, person_id), choices
