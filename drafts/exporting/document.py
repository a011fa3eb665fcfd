"""[pure] What every format of export is given: a text, what is known of it, what is said."""

from dataclasses import dataclass
from datetime import datetime

from drafts.tree import Tree


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a draft in one language.

    `tree` has its eids and wids. `address` is the permanent address of this version, without a
    slash at its end; `jurisdiction` is the code of the rule pack (a country's, in ISO 3166-1).
    `created_at` is when the draft was begun, the same for each of its versions; `published_at` is
    when this version became public.
    """

    tree: Tree
    title: str
    draft_id: int
    version: int
    agency: str
    act_type: str
    jurisdiction: str
    created_at: datetime
    published_at: datetime | None
    address: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A public comment on a place of the text.

    `wid` is the provision it stands at in this version, "" for the draft as a whole; `start` and
    `end` are offsets in that provision's text, when it is about quoted words that still stand
    there. `quote` with its surroundings is as it was when the comment was made. `outcome` and
    `reason` are the published answer, in words; empty while there is none. `state` says what
    became of the words, as in drafts/versions/anchoring.py. `parent_id` is the comment this one
    replies to.
    """

    id: int
    receipt: str
    author: str
    created_at: datetime
    lang: str
    body: str
    proposed: str = ""
    wid: str = ""
    state: str = "exact"
    start: int | None = None
    end: int | None = None
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    outcome: str = ""
    reason: str = ""
    address: str = ""
    parent_id: int | None = None
