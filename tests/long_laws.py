"""Long laws, and publishing a text in several languages as it stands: for tests of reading."""

import random
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from drafts.models import Draft, DraftVersion, Provision
from drafts.storing import provision_rows
from drafts.tree import Node, Tree, identify
from tests.bench.words import sentence
from tests.conftest import START
from tests.factories import make_agency, open_consultation


def chapters(lang: str, count: int, articles: int, words: int) -> Tree:
    """Chapters of so many articles of so many words each."""
    rng = random.Random(lang)

    def article(n: int) -> Node:
        text = " ".join(sentence(rng, 25) for _ in range(words // 25))
        return Node("article", str(n), f"{n}-берене.", sentence(rng, 4), text)

    return identify(
        Tree(
            lang,
            tuple(
                Node(
                    *("chapter", str(c), f"{c}-глава.", sentence(rng, 4)),
                    children=tuple(article((c - 1) * articles + a + 1) for a in range(articles)),
                )
                for c in range(1, count + 1)
            ),
        )
    )


def publish(session: Session, *trees: Tree, now: datetime = START, code: str = "MOJ") -> Draft:
    """A draft under discussion with this text in each language."""
    draft = Draft(agency_id=make_agency(session, code).id or 0, act_type="law", created_at=now)
    draft.titles = {tree.lang: "A law" for tree in trees}
    session.add(draft)
    session.flush()
    langs = [tree.lang for tree in trees]
    version = DraftVersion(draft_id=draft.id or 0, n=1, langs=langs, created_at=now)
    session.add(version)
    session.flush()
    for tree in trees:
        session.execute(insert(Provision), provision_rows(tree, version.id or 0))
    open_consultation(session, draft, now=now)
    return draft
