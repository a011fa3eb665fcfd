"""What an export is given: the text of a version, and what the public says of it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Agency, Person
from consult.accounts.shown import who
from consult.anchors.queries import standings
from consult.answers.models import Disposition
from consult.answers.queries import published_for
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.db import text_in
from consult.errors import N_, NotFound
from consult.i18n.catalogues import translations
from consult.marks import PERSONAL_DATA, spoken
from consult.platform import Platform
from drafts.exporting.document import Document, Remark
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, load_tree, versions

BATCH = 20_000  # ids asked for at once: fewer than a database takes in one statement
OUTCOMES = {
    "accepted": N_("Accepted"),
    "accepted_in_part": N_("Accepted in part"),
    "already_provided": N_("Already provided for"),
    "rejected": N_("Not accepted"),
    "answered": N_("Question answered"),
    "out_of_scope": N_("Out of scope"),
    "forwarded": N_("Forwarded"),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a draft in one of its languages."""

    draft: Draft
    version: DraftVersion
    lang: str

    @property
    def path(self) -> str:
        """The address of the version, for ever."""
        return f"/drafts/{self.draft.id}/versions/{self.version.n}"

    @property
    def title(self) -> str:
        """What the draft is called in this version."""
        return text_in({**self.draft.titles, **self.version.titles}, self.lang)[0]


def readable_versions(session: Session, draft: Draft, actor: Actor) -> list[DraftVersion]:
    """The versions of a draft this person may read, the first first."""
    own = actor.may_for("desk", draft.agency_id)
    return [each for each in versions(session, draft.id or 0) if own or each.published_at]


def edition_for(
    session: Session, draft_id: int, actor: Actor, n: int | None = None, lang: str = ""
) -> Edition:
    """A version (the newest when none is named) in a language (else its first).

    Raises NotFound for what there is not, or what this person may not read.
    """
    draft = draft_for(session, draft_id, actor)
    found = [each for each in readable_versions(session, draft, actor) if n in (None, each.n)]
    if not found:
        raise NotFound("There is no such version of this draft.")
    version = found[-1]
    if lang and lang not in version.langs:
        raise NotFound("This version has no text in that language.")
    return Edition(draft, version, lang or version.langs[0])


def document_of(session: Session, edition: Edition, platform: Platform) -> Document:
    """The text with what is known of it, in three queries; its times are those of the country."""
    draft, version, zone = edition.draft, edition.version, platform.pack.tz
    agency = session.get_one(Agency, draft.agency_id)
    return Document(
        tree=load_tree(session, version.id or 0, edition.lang),
        title=edition.title,
        draft_id=draft.id or 0,
        version=version.n,
        agency=text_in(agency.names, edition.lang)[0],
        act_type=draft.act_type,
        jurisdiction=platform.pack.country.lower(),
        created_at=draft.created_at.astimezone(zone),
        published_at=version.published_at.astimezone(zone) if version.published_at else None,
        address=base_url(platform) + edition.path,
    )


def base_url(platform: Platform) -> str:
    """The public address of the installation, without a slash at its end."""
    return platform.settings.base_url.rstrip("/")


def remarks_on(session: Session, edition: Edition, platform: Platform) -> list[Remark]:
    """What the public has said up to this version, the first first; in five queries.

    Withdrawn and hidden comments are left out. What was said of an earlier version stands where
    its words stand in this one, as far as that has been settled.
    """
    rows = _public_comments(session, edition)
    where = _Places(session, edition, rows)
    answers = _answers(session, [row.id for row in rows])
    say = translations(edition.lang).gettext
    removed = say(PERSONAL_DATA)
    site = base_url(platform)

    def remark(row: Row[Any]) -> Remark:
        answer = answers.get(row.id)
        return Remark(
            id=row.id,
            receipt=row.receipt,
            author=row.who.said(say),
            created_at=row.created_at,
            lang=row.lang,
            body=spoken(row.body, removed),
            proposed=spoken(row.proposed, removed),
            outcome=say(OUTCOMES[answer.outcome]) if answer else "",
            reason=answer.reason if answer else "",
            address=f"{site}/comments/{row.id}",
            parent_id=row.root_id,  # Word knows replies to a comment, not to a reply
            **where.of(row),
        )

    return [remark(row) for row in rows]


def count_remarks(session: Session, draft_id: int, shown: Sequence[DraftVersion]) -> dict[int, int]:
    """How many public comments and replies there are up to each version, by its number."""
    rows = session.execute(
        select(DraftVersion.n, func.count())
        .join(Comment, col(Comment.version_id) == col(DraftVersion.id))
        .where(Comment.draft_id == draft_id, *public())
        .group_by(col(DraftVersion.n))
    ).all()
    counts = dict(rows)
    numbers = sorted({version.n for version in shown} | set(counts))
    return dict(zip(numbers, accumulate(counts.get(n, 0) for n in numbers), strict=True))


def _public_comments(session: Session, edition: Edition) -> Sequence[Row[Any]]:
    return session.execute(
        select(  # type: ignore[call-overload]
            *(Comment.id, Comment.receipt, Comment.root_id, Comment.version_id, Comment.wid),
            *(Comment.anchor_lang, Comment.quote, Comment.quote_prefix, Comment.quote_suffix),
            *(Comment.quote_start, Comment.lang, Comment.body, Comment.proposed),
            *(Comment.created_at, who(Comment)),
        )
        .join(Person, col(Person.id) == col(Comment.author_id))
        .join(DraftVersion, col(DraftVersion.id) == col(Comment.version_id))
        .where(Comment.draft_id == edition.draft.id, DraftVersion.n <= edition.version.n)
        .where(*public())
        .order_by(col(Comment.id))
    ).all()


def _answers(session: Session, ids: Sequence[int]) -> dict[int, Disposition]:
    found: dict[int, Disposition] = {}
    for at in range(0, len(ids), BATCH):
        found |= published_for(session, ids[at : at + BATCH])
    return found


class _Places:
    """Where each comment stands in one version."""

    def __init__(self, session: Session, edition: Edition, rows: Sequence[Row[Any]]) -> None:
        self.version, self.lang = edition.version, edition.lang
        self.standings = standings(session, self.version.id or 0)
        self.rows = {row.id: row for row in rows}

    def of(self, row: Row[Any]) -> dict[str, Any]:
        """The part of a remark that tells its place; a reply stands where its comment does."""
        asked = self.rows.get(row.root_id, row)
        told = {
            "quote": asked.quote,
            "prefix": asked.quote_prefix,
            "suffix": asked.quote_suffix,
        }
        settled = self.standings.get(row.root_id or row.id)
        if asked.version_id == self.version.id:
            start = asked.quote_start if asked.quote else None
            end = start + len(asked.quote) if start is not None else None
            told |= {"wid": asked.wid, "start": start, "end": end}
        elif settled:
            told |= {"wid": settled.wid, "start": settled.start, "end": settled.end}
            told["state"] = settled.state
        else:  # of the draft as a whole, or of a text whose comments are still to be found in it
            told["wid"] = asked.wid
        if asked.anchor_lang != self.lang:
            told |= {"start": None, "end": None}
        return told
