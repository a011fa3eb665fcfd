"""Reads of papers: one with its parts, and how the provisions of a version are called."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.comments.queries import CommentView, with_author
from consult.errors import NotFound
from consult.papers.models import Paper
from consult.papers.naming import Named, Names
from drafts.models import DraftVersion, Provision
from drafts.queries import place_names, provisions
from drafts.tree import HEADED

FEW = 150  # provisions that one can choose among in a list; of more only those with headings


@dataclass(frozen=True, slots=True)
class Provisions:
    """The provisions of a version as a paper may name them, and as one chooses among them.

    `choices` are (wid, the place in words) in reading order.
    """

    names: Names
    places: dict[str, str]
    choices: list[tuple[str, str]]


def provisions_of(session: Session, version_id: int, lang: str) -> Provisions:
    """In all languages of the version; the places in `lang`, if it has a text in that."""
    version = session.get_one(DraftVersion, version_id)
    named: list[Named] = []
    places: dict[str, str] = {}
    for code in sorted(version.langs, key=lambda code: code != lang):
        rows = provisions(session, version_id, code)
        lines: dict[str, tuple[str, ...]] = {"": ()}  # eid → wids from the outermost to it
        for row in rows:
            above = lines.get(row.parent_eid, ())
            lines[row.eid] = (*above, row.wid)
            named.append(Named(row.wid, code, row.kind, row.number, row.label, row.heading, above))
        places |= {wid: name for wid, name in place_names(rows).items() if wid not in places}
    headed = {one.wid for one in named if one.kind in HEADED}
    choices = [(wid, place) for wid, place in places.items() if wid in headed or len(places) <= FEW]
    return Provisions(Names(named), places, choices)


def langs_of_provisions(session: Session, version_id: int, lang: str) -> dict[str, str]:
    """For each provision of a version a language that has it: `lang`, if it does."""
    rows = session.execute(
        select(Provision.wid, Provision.lang).where(Provision.version_id == version_id)
    ).all()
    found = dict(sorted(((wid, code) for wid, code in rows), key=lambda row: row[1]))
    return found | {wid: code for wid, code in rows if code == lang}


def paper_by_id(session: Session, paper_id: int) -> Paper:
    """One paper; raises NotFound."""
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise NotFound("There is no such paper.")
    return paper


def parts_of(session: Session, paper_id: int) -> list[CommentView]:
    """The comments of a paper in the order of its parts."""
    rows = session.execute(
        with_author().where(col(Comment.paper_id) == paper_id).order_by(col(Comment.id))
    ).all()
    return [CommentView(*row) for row in rows]
