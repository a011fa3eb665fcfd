"""What a comment's card and page say of where its words stand now, from rows read at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from consult.anchors.queries import Told, parts_of, told_of
from consult.anchors.rules import Excerpt, Line, marked
from consult.comments.models import Comment
from consult.comments.queries import CommentView
from consult.site.views import DraftPage
from drafts.models import DraftVersion
from drafts.queries import places
from drafts.versions.diffing import word_pieces


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where the comments of a page stand in its version. `places` names provisions by wid."""

    page: DraftPage
    told: Mapping[int, Sequence[Told]]
    places: Mapping[str, str]

    def of(self, comment: Comment) -> dict[str, Any]:
        """What the card says (components/comment.html); empty for a reply.

        `n` is the version the comment was made on, 0 when that is the one shown; `state` is ""
        when it is not known (yet) where it stands.
        """
        if comment.parent_id is not None:
            return {}
        made_on = next((v.n for v in self.page.versions if v.id == comment.version_id), 0)
        card: dict[str, Any] = {
            "n": made_on if comment.version_id != self.page.version.id else 0,
            "state": "",
            "then_url": f"/comments/{comment.id}#then" if comment.wid else "",
        }
        shown = [t for t in self.told.get(comment.id or 0, ()) if t.n <= self.page.version.n]
        if shown and shown[-1].n == self.page.version.n:
            row = shown[-1].resolution
            card["state"] = row.state
            card["place"] = self.places.get(row.wid, "")
            card["place_url"] = f"/drafts/{comment.draft_id}/provisions/{row.wid}"
            card["missing"] = comment.anchor_lang not in self.page.version.langs
        for one in reversed(shown):
            if one.resolution.relevance:
                card["relevance"] = one.resolution.relevance
                card["relevance_at"] = one.resolution.relevance_at
                card["relevance_n"] = one.n
                break
        return card

    def spans(self, wid: str, comments: Iterable[Comment]) -> list[tuple[int, int]]:
        """Where words some comments quote stand in a provision of the text that is shown."""
        found = []
        for comment in comments:
            if comment.anchor_lang != self.page.lang or comment.quote_start is None:
                continue
            if comment.version_id == self.page.version.id and comment.wid == wid:
                found.append((comment.quote_start, comment.quote_start + len(comment.quote)))
            for one in self.told.get(comment.id or 0, ()):
                row = one.resolution
                if row.version_id == self.page.version.id and row.wid == wid:
                    found.append((row.start or 0, row.end or 0))
        return found


def anchors_of(
    session: Session, page: DraftPage, views: Iterable[CommentView], wids: Iterable[str] = ()
) -> Anchors:
    """The same for a page of comments, in one query, and two more if provisions are to be named.

    `wids` are further provisions whose names are wanted.
    """
    comments = [view.comment for view in views if view.comment.wid]
    anchored = [comment.root_id or comment.id or 0 for comment in comments]  # as its thread is
    several = page.versions[0].n < page.version.n
    told = told_of(session, anchored) if several and anchored else {}
    now = {
        one.resolution.wid
        for rows in told.values()
        for one in rows
        if one.n == page.version.n and one.resolution.wid
    }
    wanted = sorted({*wids, *now} - {""})
    named = places(session, page.version.id or 0, page.lang, wanted) if wanted else {}
    return Anchors(page, told, named)


@dataclass(frozen=True, slots=True)
class Passage:
    """The passage a comment is about: as it was, with the quote marked, and as it reads now.

    `now` is the difference between both, cut where the words stand now; None when the comment was
    made on the newest public `version`, when the provision is gone, or not yet looked up.
    """

    made_on: int
    then: Excerpt
    version: DraftVersion
    state: str = ""
    wid: str = ""
    place: str = ""
    now: Excerpt | None = None
    same: bool = False
    missing: bool = False


def passage(session: Session, anchors: Anchors, comment: Comment) -> Passage | None:
    """The passage of a comment beside the newest text, in three queries at most; None for none."""
    page, lang, quoted = anchors.page, comment.anchor_lang, comment.quote_start is not None
    if not comment.wid:
        return None
    newest = [version for version in page.versions if version.published_at][-1]
    told = anchors.told.get(comment.root_id or comment.id or 0, ())
    row = next((one.resolution for one in told if one.n == newest.n), None)
    then, now = (comment.version_id, comment.wid), (newest.id or 0, row.wid if row else "")
    parts = parts_of(session, lang, {then, now})
    if then not in parts:
        return None
    before = _read(parts[then], quoted)
    span = _span(parts[then], comment.quote_start, len(comment.quote))
    found = Passage(
        made_on=next((v.n for v in page.versions if v.id == comment.version_id), 0),
        then=marked([("same", before)], *span),
        version=newest,
        state=row.state if row else "",
        wid=now[1],
        missing=lang not in newest.langs,
    )
    if row is None or now not in parts:
        return found
    after = _read(parts[now], quoted)
    span = _span(parts[now], row.start, (row.end or 0) - (row.start or 0))
    named = anchors.places if newest.id == page.version.id else None
    return replace(
        found,
        place=(named or places(session, newest.id or 0, page.lang, [row.wid])).get(row.wid, ""),
        now=marked(word_pieces(before, after), *span),
        same=before == after,
    )


def _read(lines: Sequence[Line], quoted: bool) -> str:
    """A quote is read in its own provision; a comment without one is on all from there down."""
    return "\n".join(map(_line, lines[:1] if quoted else lines))


def _line(line: Line) -> str:
    head = " ".join(filter(None, (line.label, line.heading)))
    between = "\n" if line.heading else " "
    return between.join(filter(None, (head, line.text)))


def _span(lines: Sequence[Line], start: int | None, length: int) -> tuple[int | None, int | None]:
    """Where words of the text stand in what `_read` gives: the text comes last in its line."""
    if start is None:
        return None, None
    first = len(_line(lines[0])) - len(lines[0].text) + start
    return first, first + length
