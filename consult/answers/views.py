"""What the pages of answering show of a text: the quoted passage, a proposal as a difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from consult.access import Actor
from consult.anchors.queries import told_of
from consult.answers.bench import Bench
from consult.answers.worklist import WorkRow
from consult.attachments.models import Attachment
from consult.attachments.queries import attachments_of, may_open
from consult.campaigns.queries import Campaign, campaign_of, residue
from consult.comments.models import Comment
from consult.comments.rules import OWN_CHANNELS
from consult.intake.models import Provenance
from consult.intake.queries import provenances
from drafts.models import DraftVersion
from drafts.queries import latest_version, place_names, places, provisions, with_parts
from drafts.versions.anchoring import find_quote
from drafts.versions.diffing import word_pieces
from drafts.versions.proposing import pieces

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
        proposal=proposal(text, comment),
    )


def marked(text: str, quote: str, near: int) -> Pieces | None:
    """The text with the quoted words marked; None when they do not stand in it."""
    found = find_quote(text, quote, near=near) if quote else None
    if found is None:
        return None
    parts = [
        ("same", text[: found.start]),
        ("mark", text[found.start : found.end]),
        ("same", text[found.end :]),
    ]
    return [part for part in parts if part[1]]


def proposal(text: str, comment: Comment) -> Pieces | None:
    """What is proposed as a difference from the quoted words or the provision; None if nothing."""
    near = comment.quote_start or 0
    return list(pieces(comment.change, comment.proposed, text, comment.quote, near)) or None


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


@dataclass(frozen=True, slots=True)
class Sent:
    """The campaign a comment belongs to, and what its author added of their own to its text."""

    campaign: Campaign
    own: list[str]


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a comment besides its words.

    `anchor`: where they stand in the newest version (as components/comment_anchor.html takes it),
    empty when there is none since; `files` those this person may open; `came` how it came, if an
    officer entered it; `sent`: it is one of many that say the same.
    """

    anchor: Mapping[str, Any]
    files: list[Attachment]
    came: Provenance | None
    sent: Sent | None


def around(session: Session, bench: Bench, actor: Actor, row: WorkRow) -> Around:
    """What stands beside a comment on the page of its answer, in six queries at most."""
    id_, is_own = row.comment.id or 0, row.comment.channel in OWN_CHANNELS
    files = attachments_of(session, [id_]).get(id_, [])
    return Around(
        anchor=_anchor(session, bench, row.comment),
        files=[one for one in files if may_open(actor, one, bench.draft.agency_id)],
        came=None if is_own else provenances(session, [id_]).get(id_),
        sent=_sent(session, row.comment),
    )


def _sent(session: Session, comment: Comment) -> Sent | None:
    campaign = campaign_of(session, comment.id or 0)
    return Sent(campaign, residue(campaign, comment)) if campaign else None


def _anchor(session: Session, bench: Bench, comment: Comment) -> dict[str, Any]:
    told = told_of(session, [comment.root_id or comment.id or 0])
    steps = told.get(comment.root_id or comment.id or 0, [])
    if not steps:
        return {}
    now = steps[-1].resolution
    version = session.get_one(DraftVersion, now.version_id)
    lang = bench.lang if bench.lang in version.langs else version.langs[0]
    card: dict[str, Any] = {
        "n": steps[-1].made_on,
        "state": now.state,
        "place": places(session, now.version_id, lang, [now.wid]).get(now.wid, ""),
        "place_url": f"/drafts/{comment.draft_id}/provisions/{now.wid}",
        "missing": comment.anchor_lang not in version.langs,
        "then_url": f"/comments/{comment.id}#then",
    }
    for one in reversed(steps):
        if one.resolution.relevance:
            said = one.resolution
            return card | {
                "relevance": said.relevance,
                "relevance_at": said.relevance_at,
                "relevance_n": one.n,
            }
    return card
