"""The brief of a bill as PDF, one page: made when asked for, and kept while nothing changes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.consultations.queries import rounds_by_draft
from consult.errors import N_, Invalid
from consult.i18n.catalogues import LANGUAGES
from consult.kept import KEPT, digest_of
from consult.law.queries import law_of
from consult.parliament.wording import Bill, paper_of
from consult.platform import Platform
from consult.statistics.brief import Brief, brief_of
from consult.typesetting import pdf_of
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, places, versions

SHEET = Path(__file__).with_name("brief.typ")
CODE = digest_of(
    (
        *("consult/i18n/*.po", "consult/parliament/*.py", "consult/parliament/*.typ"),
        *("consult/statistics/*.py", "consult/statistics/**/*.toml", "consult/typesetting.py"),
    )
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A brief in a language. `content` is None while the file is not made."""

    title: str
    stamp: str
    content: bytes | None


def brief_paper(
    session: Session, draft_id: int, actor: Actor, lang: str, platform: Platform, now: datetime
) -> dict[str, Any]:
    """The words of the page. Raises NotFound for a draft this person may not see."""
    check_lang(lang)
    draft = draft_for(session, draft_id, actor)
    rounds = rounds_by_draft(session, draft_id)
    law = law_of(session, platform.pack)
    brief = brief_of(session, draft, rounds, law=law, now=now, whole=False)
    bill = _bill(session, draft, brief, actor, lang, platform)
    return paper_of(brief, bill, lang, pack=platform.pack, now=now)


def check_lang(lang: str) -> None:
    """Raise Invalid for what is no language of the site."""
    if lang not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        message = N_("There is no such language. There are: {languages}.")
        raise Invalid(message, field="lang", languages=known)


def _bill(
    session: Session, draft: Draft, brief: Brief, actor: Actor, lang: str, platform: Platform
) -> Bill:
    every = versions(session, draft.id or 0)
    public = [one for one in every if one.published_at or actor.may_for("desk", draft.agency_id)]
    wids = [place.wid for place in brief.counts.places if place.wid]
    wids += [change.wid for change in brief.changes]
    return Bill(
        titles=draft.titles,
        agency=session.get_one(Agency, draft.agency_id).names,
        act_type=draft.act_type,
        stage=draft.stage,
        places=_places(session, public, wids, lang),
        url=f"{platform.settings.base_url.rstrip('/')}/drafts/{draft.id}/brief",
    )


def _places(
    session: Session, public: Sequence[DraftVersion], wids: Sequence[str], lang: str
) -> dict[str, str]:
    """What provisions are called in the newest text that has them."""
    named: dict[str, str] = {}
    for version in reversed(public):
        missing = [wid for wid in dict.fromkeys(wids) if wid not in named]
        if missing and version.langs:
            spoken = lang if lang in version.langs else version.langs[0]
            named |= places(session, version.id or 0, spoken, missing)
    return named


def edition_of(
    session: Session,
    draft_id: int,
    actor: Actor,
    lang: str,
    platform: Platform,
    *,
    now: datetime,
    make: bool = True,
) -> Edition:
    """The file as far as it is kept, or made and kept; the database is let go of before that."""
    paper = brief_paper(session, draft_id, actor, lang, platform, now)
    session.close()
    words = json.dumps([CODE, paper], ensure_ascii=False)
    stamp = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]
    content = KEPT.get((platform.database, "brief", stamp))
    if content is None and make:
        day = now.astimezone(platform.pack.tz).replace(hour=0, minute=0, second=0, microsecond=0)
        content = pdf_of(SHEET, paper, day)
        KEPT.put((platform.database, "brief", stamp), content)
    return Edition(paper["title"], stamp, content)
