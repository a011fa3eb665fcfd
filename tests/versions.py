"""Later versions of a draft made as an import makes them: aligned, with wids carried on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session

from drafts.actions import publish_version
from drafts.confirmation.actions import confirm_all
from drafts.models import Draft, DraftVersion, Provision
from drafts.queries import latest_version
from drafts.storing import provision_rows, store_text
from drafts.tree import Node, Tree, identify
from tests.conftest import START
from tests.factories import OPERATOR, make_agency, make_draft, make_tree, open_consultation


def open_law(session: Session, tree: Tree) -> Draft:
    """A draft under discussion with any tree as its first version."""
    draft = make_draft(session, make_agency(session))
    version = latest_version(session, draft.id or 0)
    assert version is not None
    session.execute(delete(Provision))
    session.execute(insert(Provision), provision_rows(identify(tree), version.id or 0))
    version.langs, draft.titles = [tree.lang], {tree.lang: "On libraries"}
    open_consultation(session, draft)
    return draft


def publish_next(
    session: Session,
    draft: Draft,
    text: Tree | Sequence[str],
    *,
    now: datetime = START,
) -> DraftVersion:
    """The next version of a draft in one language, made public."""
    tree = text if isinstance(text, Tree) else make_tree(text)
    before = latest_version(session, draft.id or 0)
    assert before is not None
    version = DraftVersion(
        draft_id=draft.id or 0, n=before.n + 1, langs=[tree.lang], created_at=now
    )
    session.add(version)
    session.flush()
    store_text(session, version, tree, own_wids=False, now=now)
    confirm_all(session, actor=OPERATOR, draft=draft, version=version, now=now)
    publish_version(session, draft, version, now)
    session.flush()
    return version


def article(number: str, text: str = "", *parts: str) -> Node:
    """An article, with numbered paragraphs if there are any."""
    below = tuple(
        Node("paragraph", number=str(n), label=f"{n}.", text=part)
        for n, part in enumerate(parts, start=1)
    )
    return Node("article", number=number, label=f"Article {number}", text=text, children=below)
