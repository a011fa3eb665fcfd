"""What was found, with what the database says of it now: whatever is shown is public now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult.accounts.models import Agency, Person
from consult.accounts.shown import who
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.marks import spoken
from consult.naming import PublicName
from consult.templating import place_url
from drafts.models import Draft, DraftVersion
from drafts.queries import PUBLIC_STAGES, places_in
from drafts.search.interface import Hit, Pieces

BEGINNING = 240  # characters of a comment whose words the index does not know yet
NUMBER = 12  # characters of a heading that is hardly more than a number
NOWHERE = (0, "", "")


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as it is shown. `url` leads to the very place, which is called `place`."""

    hit: Hit
    draft: Draft
    agency: Agency
    url: str
    snippet: Pieces
    place: str
    who: PublicName | None = None
    comment: Comment | None = None

    @property
    def name(self) -> str:
        """What a provision is called: by its heading, or by where it stands if it has none."""
        heading = self.hit.heading
        return heading if len(heading) > NUMBER else self.place or heading

    @property
    def at(self) -> datetime | None:
        """When it became public."""
        return self.comment.created_at if self.comment else self.draft.published_at


def found(session: Session, hits: Sequence[Hit], bodies: Mapping[int, Agency]) -> list[Found]:
    """The hits that are public, in their order. Five queries at most, however many there are."""
    drafts = _drafts(session, {hit.draft_id for hit in hits})
    said = _comments(session, [hit.comment_id for hit in hits if hit.comment_id])
    texts = _newest_texts(session, {hit.draft_id for hit in hits if hit.kind == "provision"})
    standing = {hit: _standing(hit, said, texts) for hit in hits if hit.wid}
    named = places_in(session, {*standing.values()}) if standing else {}
    shown = []
    for hit in hits:
        draft, place = drafts.get(hit.draft_id), named.get(standing.get(hit, NOWHERE), "")
        if draft is None or (hit.comment_id and hit.comment_id not in said):
            continue
        agency = bodies[draft.agency_id]
        if hit.comment_id:
            comment, name = said[hit.comment_id]
            words, url = _still_said(hit.snippet, comment), f"/comments/{comment.id}"
            shown.append(Found(hit, draft, agency, url, words, place, name, comment))
        else:
            url = place_url(hit.draft_id, hit.wid, text=hit.lang)
            shown.append(Found(hit, draft, agency, url, hit.snippet, place))
    return shown


def _drafts(session: Session, ids: Iterable[int]) -> dict[int, Draft]:
    query = select(Draft).where(col(Draft.id).in_(ids), col(Draft.stage).in_(PUBLIC_STAGES))
    return {draft.id or 0: draft for draft in session.exec(query).all()} if ids else {}


def _comments(session: Session, ids: Sequence[int]) -> dict[int, tuple[Comment, PublicName]]:
    if not ids:
        return {}
    rows: Any = select(Comment, who(Comment)).where(col(Comment.id).in_(ids), *public())
    joined = rows.join(Person, col(Person.id) == col(Comment.author_id))
    return {comment.id: (comment, name) for comment, name in session.execute(joined).all()}


def _newest_texts(session: Session, draft_ids: Iterable[int]) -> dict[int, int]:
    """By draft its newest public version, which is the one that is searched."""
    query = select(DraftVersion.draft_id, DraftVersion.id).where(
        col(DraftVersion.draft_id).in_(draft_ids), col(DraftVersion.published_at).is_not(None)
    )
    rows = session.exec(query.order_by(col(DraftVersion.n))).all() if draft_ids else ()
    return {draft_id: version_id or 0 for draft_id, version_id in rows}


def _standing(
    hit: Hit, said: Mapping[int, tuple[Comment, PublicName]], texts: Mapping[int, int]
) -> tuple[int, str, str]:
    """The version, the language and the provision in which it stands, or was said about."""
    if not hit.comment_id:
        return texts.get(hit.draft_id, 0), hit.lang, hit.wid
    if hit.comment_id not in said:
        return NOWHERE
    comment, _ = said[hit.comment_id]
    return comment.version_id, comment.anchor_lang or comment.lang, comment.wid


def _still_said(snippet: Pieces, comment: Comment) -> Pieces:
    """What the index knows of a comment, as long as it says so still: words may have been removed
    a moment ago. Else its beginning."""
    text = " ".join(spoken(f"{comment.body} {comment.proposed} {comment.quote}", "…").split())
    if all(piece.strip(" …") in text for piece, _ in snippet):
        return snippet
    body = " ".join(spoken(comment.body, "…").split())
    return ((body[:BEGINNING] + ("…" if len(body) > BEGINNING else ""), False),)
