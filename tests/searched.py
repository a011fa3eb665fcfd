"""Drafts and comments for a search engine, and how a test puts them in: no database is needed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from drafts.search.interface import Batch, Document, Groups, Query, SearchEngine

BASE = Document("", 0, agency="MOJ", act_type="law", topic="justice", stage="open", year=2026)


def draft(draft_id: int, title: str, *provisions: str, **facets: str | int) -> list[Document]:
    """A draft in one language with its provisions, as an indexer hands it over."""
    base = replace(BASE, draft_id=draft_id, title=title, **facets)
    parts = [
        replace(base, id=f"provision:{draft_id}{n}", wid=f"art_{n}", heading=f"Art. {n}", body=body)
        for n, body in enumerate(provisions, start=1)
    ]
    return [replace(base, id=f"draft:{draft_id}:{base.lang}"), *parts]


def comment(comment_id: int, body: str, **facets: str | int) -> list[Document]:
    """A comment on draft 1, as an indexer hands it over."""
    base = replace(BASE, id=f"comment:{comment_id}", draft_id=1, stage="", at=comment_id)
    return [replace(base, body=body, **{"comment_kind": "question", **facets})]


def grouped(*groups: list[Document]) -> Groups:
    return {documents[0].group: documents for documents in groups}


def read(*groups: list[Document]) -> Callable[[str], Iterator[Batch]]:
    """All there is, two groups at a time; a mark says how many batches came before."""

    def batches(mark: str) -> Iterator[Batch]:
        for n in range(int(mark or 0), (len(groups) + 1) // 2):
            yield Batch(grouped(*groups[2 * n : 2 * n + 2]), str(n + 1), "")

    return batches


def fill(engine: SearchEngine, *groups: list[Document]) -> None:
    engine.rebuild(read(*groups), anew=True)


def put(engine: SearchEngine, *groups: list[Document]) -> None:
    engine.replace(grouped(*groups))


def take(engine: SearchEngine, *draft_ids: int) -> None:
    engine.replace({f"draft:{draft_id}": () for draft_id in draft_ids})


def found(engine: SearchEngine, text: str, **query: object) -> list[int]:
    return [hit.draft_id for hit in engine.search(Query(text, **query)).hits]
