"""Following and no longer following, how often one is told. Without an account: by_mail.py."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from consult.access import Actor, check_right
from consult.accounts.models import Agency, Person
from consult.db import upsert
from consult.errors import N_, Conflict, Invalid, NotFound
from consult.i18n.catalogues import LANGUAGES
from consult.procedure.packs import RulePack
from drafts.queries import draft_for
from drafts.search.syntax import LONGEST_QUERY
from notifications.digests import move_digests
from notifications.followed import followed, has_followers, what_became_of
from notifications.models import SEARCH_MAX, MailChoice, SavedSearch, Subscription
from notifications.rules import CADENCES, CATEGORIES, MOST_FOLLOWED, parts_of
from notifications.searching import TOLD, YEAR, kept_search

NEVER = "never"
NOBODY_FOLLOWS = timedelta(days=30)  # longer than a mailed link to follow a search is good for


def follow(session: Session, pack: RulePack, *, actor: Actor, target: str, now: datetime) -> None:
    """Follow what can be followed; twice is once. Raises NotFound, Conflict."""
    check_right(actor, "follow")
    target = what_can_be_followed(session, pack, actor, target)
    begin_to_follow(session, actor.person_id, target, now)


def what_can_be_followed(session: Session, pack: RulePack, actor: Actor, target: str) -> str:
    """The target that is followed by this one from now on; raises NotFound."""
    target = what_became_of(session, target)
    kind, key = parts_of(target)
    if kind == "draft":  # one not yet public its own agency may follow
        draft_for(session, int(key), actor)
    elif not followed(session, pack, [target]):
        raise NotFound("There is nothing to follow here.")
    return target


def search_to_follow(
    session: Session, pack: RulePack, *, words: str, filters: Mapping[str, str], now: datetime
) -> str:
    """The target of a search, kept for whoever follows it; raises Invalid, NotFound."""
    return keep_search(session, checked_search(session, pack, words, filters), now)


def checked_search(session: Session, pack: RulePack, words: str, filters: Mapping[str, str]) -> str:
    """A search as it is kept (searching.py); raises Invalid, NotFound."""
    _check_filters(session, pack, filters)
    asked = kept_search(words, filters)
    if len(asked) > SEARCH_MAX:  # only signs that nobody types become so much longer
        message = N_("This is too long: at most {max_length} characters.")
        raise Invalid(message, field="q", max_length=LONGEST_QUERY)
    return asked


def keep_search(session: Session, asked: str, now: datetime) -> str:
    """The target of a search, kept for whoever follows it."""
    found = session.execute(
        upsert(session, SavedSearch)
        .values(asked=asked, asked_at=now)
        .on_conflict_do_update(index_elements=["asked"], set_={"asked_at": now})
        .returning(col(SavedSearch.id))
    )
    return f"search:{found.scalar_one()}"


def _check_filters(session: Session, pack: RulePack, filters: Mapping[str, str]) -> None:
    agency = filters.get("agency")
    known = (
        not filters.get("act_type") or filters["act_type"] in pack.act_types,
        not filters.get("topic") or filters["topic"] in pack.topics,
        not filters.get("stage") or filters["stage"] in TOLD,
        not filters.get("lang") or filters["lang"] in LANGUAGES,
        not filters.get("year") or YEAR.fullmatch(filters["year"]),
        not agency or session.exec(select(Agency.id).where(Agency.code == agency)).first(),
    )
    if not all(known):
        raise NotFound("There is nothing to follow here.")


def begin_to_follow(session: Session, person_id: int, target: str, now: datetime) -> None:
    """A person wants to follow one thing more; raises Conflict if there are very many already."""
    others = select(func.count()).where(
        Subscription.person_id == person_id, Subscription.target != target
    )
    if session.exec(others).one() >= MOST_FOLLOWED:
        raise Conflict(
            "You follow {most} things already. Please stop following one of them first.",
            most=MOST_FOLLOWED,
        )
    subscribe(session, person_id, target, now)


def subscribe(session: Session, person_id: int, target: str, now: datetime) -> None:
    """From now on this person follows it; done twice, the second does nothing."""
    session.execute(
        upsert(session, Subscription)
        .values(person_id=person_id, target=target, created_at=now)
        .on_conflict_do_nothing(index_elements=["person_id", "target"])
    )


def unfollow(session: Session, *, person_id: int, target: str) -> None:
    """Stop following: by its button or by the link in a mail; it may be gone already.

    Whoever followed a planned act was made to follow its draft: an old mail's link ends that too.
    """
    _end(session, person_id, {target, what_became_of(session, target)})


def unfollow_all(session: Session, person_id: int) -> None:
    """Stop following everything."""
    session.execute(delete(Subscription).where(col(Subscription.person_id) == person_id))


def _end(session: Session, person_id: int, targets: Collection[str]) -> None:
    session.execute(delete(Subscription).where(*_one(person_id, targets)))


def _one(person_id: int, targets: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return col(Subscription.person_id) == person_id, col(Subscription.target).in_(targets)


def set_cadence(session: Session, *, person_id: int, target: str, cadence: str) -> None:
    """How often a person is told of one thing they follow; raises Invalid."""
    if cadence not in CADENCES:
        raise Invalid("Please choose one of the options.", field="cadence")
    session.execute(update(Subscription).where(*_one(person_id, {target})).values(cadence=cadence))


def choose_mail(
    session: Session,
    pack: RulePack,
    *,
    person_id: int,
    choices: Mapping[str, str],
    zone: str,
    now: datetime,
) -> None:
    """How often a person wants mail of each category, and in which zone its day begins.

    An empty zone is that of the law. Raises Invalid.
    """
    if zone and zone not in available_timezones():
        raise Invalid("Please choose one of the options.", field="zone")
    for category, cadence in choices.items():
        if category not in CATEGORIES or cadence not in (*CADENCES, NEVER):
            raise Invalid("Please choose one of the options.", field=category)
        session.merge(MailChoice(person_id=person_id, category=category, cadence=cadence))
    person = session.get_one(Person, person_id)
    if person.zone != zone:
        person.zone = zone
        session.flush()
        move_digests(session, person, pack.tz, now)


def sweep_searches(session: Session, now: datetime) -> None:
    """Forget the searches that nobody follows any more."""
    long_ago = col(SavedSearch.asked_at) < now - NOBODY_FOLLOWS
    session.execute(delete(SavedSearch).where(long_ago, ~has_followers()))
