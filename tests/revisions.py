"""Versions that follow one another as after an import: aligned, with permanent ids and the list."""

from collections.abc import Mapping

from sqlmodel import Session

from consult.accounts.models import Agency
from drafts.models import Draft, DraftVersion
from drafts.queries import latest_version
from drafts.storing import store_text
from drafts.tree import Tree
from tests.conftest import START
from tests.factories import open_consultation


def begin(session: Session, agency: Agency, *trees: Tree, title: str = "On fees") -> Draft:
    """A draft under discussion whose first version is this text, in one language or more."""
    titles = {tree.lang: title for tree in trees}
    draft = Draft(agency_id=agency.id or 0, act_type="law", titles=titles, created_at=START)
    session.add(draft)
    session.flush()
    revise(session, draft, *trees, published=False)
    open_consultation(session, draft)
    return draft


def revise(
    session: Session,
    draft: Draft,
    *trees: Tree,
    published: bool = True,
    note: Mapping[str, str] | None = None,
) -> DraftVersion:
    """The next version, public whether or not a person confirmed what is doubtful in it."""
    before = latest_version(session, draft.id or 0)
    version = DraftVersion(
        draft_id=draft.id or 0,
        n=before.n + 1 if before else 1,
        langs=[],
        note=dict(note or {}),
        created_at=START,
    )
    session.add(version)
    session.flush()
    for tree in trees:
        version.langs = [*version.langs, tree.lang]
        store_text(session, version, tree, own_wids=False, now=START)
    version.published_at = START if published else None
    session.flush()
    return version
