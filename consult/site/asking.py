"""What a list of drafts or the results of a search offer to follow; its feed and its calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.procedure.packs import RulePack
from notifications.followed import is_following, is_following_search
from notifications.forms import SEARCH
from notifications.searching import KEPT, TOLD, kept_search

# What a feed is narrowed by too, as it calls it.
OF_FEED = {"agency": "agency", "act_type": "act_type", "topic": "topic", "lang": "text"}


@dataclass(frozen=True, slots=True)
class Offer:
    """`ask`: the hidden fields of the form; `following`: what of it is followed already, or "".

    `kind` says how the button is called: "agency", "topic", "act_type", "search", "all".
    """

    kind: str
    ask: Mapping[str, str]
    following: str
    query: str  # of its feed and its calendar

    @property
    def feed(self) -> str:
        return f"/feeds/drafts.atom?{self.query}"

    @property
    def calendar(self) -> str:
        return f"/feeds/drafts.ics?{self.query}"


def offer(
    session: Session,
    actor: Actor,
    pack: RulePack,
    bodies: Mapping[int, Agency],
    *,
    lang: str,
    words: str,
    chosen: Mapping[str, str],
) -> Offer | None:
    """What can be followed of what is shown; None where nothing of the kind exists."""
    ids = {body.code: body.id for body in bodies.values()}
    wanted = {name: chosen[name] for name in KEPT if chosen.get(name)}
    if wanted.get("stage", TOLD[0]) not in TOLD:  # nobody is told of drafts that come to it
        del wanted["stage"]
    known = {"agency": ids, "act_type": pack.act_types, "topic": pack.topics}
    if any(wanted[name] not in known[name] for name in wanted if name in known):
        return None
    narrowed = {OF_FEED[name]: value for name, value in wanted.items() if name in OF_FEED}
    query = urlencode({**({"q": words} if words else {}), **narrowed, "lang": lang})
    # Who follows an agency is told of what opens, and of what becomes of it.
    single = {name: value for name, value in wanted.items() if (name, value) != ("stage", TOLD[0])}
    if words or len(single) > 1 or any(name in single for name in ("stage", "lang", "year")):
        ask = {"target": SEARCH, "q": words, **wanted}
        return Offer(
            SEARCH, ask, is_following_search(session, actor, kept_search(words, wanted)), query
        )
    kind, code = next(iter(single.items()), ("all", ""))
    target = {"all": "all", "agency": f"agency:{ids.get(code)}"}.get(kind, f"{kind}:{code}")
    followed = target if is_following(session, actor, target) else ""
    return Offer(kind, {"target": target}, followed, query)
