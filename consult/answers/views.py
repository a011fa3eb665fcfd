"""What the pages of answering show of a text: the quoted passage, a proposal as a difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from consult.answers.bench import Bench
from consult.comments.models import Comment
from drafts.queries import latest_version, place_names, provisions, with_parts
from drafts.versions.anchoring import find_quote
from drafts.versions.diffing import similarity, word_pieces, words

SHOWN = 30  # provisions of a commented chapter that are shown before the rest is left to a link
NOT_CHOSEN = frozenset({"note", "row"})  # kinds no answer names as changed

Pieces = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Passage:
    """What a comment is about: the provision with its parts, the quoted words marked in it.

    `marked` is the text of the first row in pieces, `proposal` the proposed wording as a
    difference from what it replaces; either may be None. `whole`: nothing was left out.
    """

    lang: str
    rows: Sequence[Row[Any]]
    whole: bool
    marked: Pieces | None
    proposal: Pieces | None


def passage(session: Session, bench: Bench, comment: Comment) -> Passage:
    """The passage a comment speaks of, in the language it was read in."""
    lang = comment.anchor_lang if comment.anchor_lang in bench.version.langs else bench.lang
    rows = bench.rows
    if lang != bench.lang:
        rows = provisions(session, bench.version.id or 0, lang)
    parts = with_parts(rows, comment.wid)
    text = parts[0].text if parts else ""
    return Passage(
        lang=lang,
        rows=parts[:SHOWN],
        whole=len(parts) <= SHOWN,
        marked=marked(text, comment.quote, comment.quote_start or 0),
        proposal=proposal(text, comment.quote, comment.proposed),
    )


def marked(text: str, quote: str, near: int) -> Pieces | None:
    """The text with the quoted words marked; None when they do not stand in it."""
    found = find_quote(text, quote, near=near) if quote else None
    if found is None:
        return None
    pieces = [
        ("same", text[: found.start]),
        ("mark", text[found.start : found.end]),
        ("same", text[found.end :]),
    ]
    return [piece for piece in pieces if piece[1]]


def proposal(text: str, quote: str, proposed: str) -> Pieces | None:
    """The proposed wording as a difference from the quoted words or the provision, the nearer."""
    if not proposed:
        return None
    bases = [base for base in (text, quote) if base]
    said = words(proposed)
    base = max(bases, key=lambda one: similarity(words(one), said), default="")
    return difference(base, proposed)


def difference(before: str, after: str) -> Pieces:
    """How one wording becomes the other, as components/provision.html draws it."""
    return word_pieces(before, after)


def changeable(session: Session, bench: Bench) -> list[tuple[str, str]]:
    """(wid, name) of the provisions an answer may name: of the newest text, then those gone."""
    newest = latest_version(session, bench.draft.id or 0) or bench.version
    rows, names = bench.rows, bench.places
    if newest.id != bench.version.id:
        lang = bench.lang if bench.lang in newest.langs else newest.langs[0]
        rows = provisions(session, newest.id or 0, lang)
        names = place_names(rows)
    gone = [(wid, name) for wid, name in bench.places.items() if wid not in names]
    return [(row.wid, names[row.wid]) for row in rows if row.kind not in NOT_CHOSEN] + gone
