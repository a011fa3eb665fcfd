"""The judged set: what is searched, what is asked, and what an engine finds of it.

Beside the drafts of the demonstration stand short ones that exist only to be judged.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from consult.demo.scenario import FOLDER, Draft, load_scenario
from drafts.importing.preview import import_bytes
from drafts.search.asking import MOST_WORDS, answer
from drafts.search.indexing import NOT_SEARCHED
from drafts.search.interface import Batch, Document, Query, SearchEngine
from drafts.search.judging import Judged
from drafts.search.spelling import Words
from drafts.search.widening import Thesaurus

FILE = FOLDER / "relevance.toml"
MOST = 100  # drafts looked at for a query: more than there are

Answers = list[tuple[Judged, Sequence[str]]]  # with the drafts found, best first


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """The documents of each draft by its slug, and the queries."""

    drafts: dict[str, list[Document]]
    queries: tuple[Judged, ...]


@cache
def judged_set() -> JudgedSet:
    """As it is shipped."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    shown = [draft for draft in load_scenario().draft if draft.slug in told["demonstration"]]
    drafts: dict[str, list[Document]] = {}
    for number, draft in enumerate(shown, start=1):
        drafts[draft.slug] = list(_of_demonstration(number, draft))
    for number, told_draft in enumerate(told["draft"], start=len(shown) + 1):
        drafts[told_draft["key"]] = list(_only_judged(number, told_draft))
    queries = tuple(
        Judged(text, lang, kind, grades, *never)
        for lang, kinds in told["queries"].items()
        for kind, listed in kinds.items()
        for text, grades, *never in listed
    )
    return JudgedSet(drafts, queries)


def fill(engine: SearchEngine, judged: JudgedSet) -> None:
    """Index the drafts of the set and nothing else."""
    groups = {documents[0].group: documents for documents in judged.drafts.values()}
    engine.rebuild(lambda _mark: [Batch(groups, mark="all", place="")], anew=True)


def ask_all(engine: SearchEngine, judged: JudgedSet, thesaurus: Thesaurus) -> Answers:
    """What is found by each query, asked as a person would ask it."""
    keys = {documents[0].draft_id: key for key, documents in judged.drafts.items()}
    words = Words(engine.words(MOST_WORDS))
    answers: Answers = []
    for query in judged.queries:
        asked = Query(query.text, query.lang, limit=MOST)
        page = answer(engine, asked, thesaurus, lambda: words)
        answers.append((query, [keys[hit.draft_id] for hit in page.hits]))
    return answers


def _of_demonstration(number: int, draft: Draft) -> Iterator[Document]:
    """As the index has it: itself in every language it has a title in, its newest text."""
    newest = max(draft.versions, key=lambda version: version.n)
    for lang, title in draft.titles.items():
        facts: dict[str, Any] = {"draft_id": number, "lang": lang, "title": title}
        yield Document(id=f"draft:{number}:{lang}", body=draft.summaries.get(lang, ""), **facts)
        if lang not in newest.files:
            continue
        name = newest.files[lang]
        tree = import_bytes((FOLDER / "drafts" / name).read_bytes(), name, lang).tree
        for node in tree.walk():
            if node.kind not in NOT_SEARCHED and (node.text or node.heading):
                yield Document(
                    id=f"provision:{number}:{lang}:{node.wid}",
                    wid=node.wid,
                    heading=f"{node.label} {node.heading}".strip(),
                    body=node.text,
                    **facts,
                )


def _only_judged(number: int, draft: dict[str, Any]) -> Iterator[Document]:
    titles, texts = draft["titles"], draft["text"]
    for lang in dict.fromkeys((*texts, *titles)):
        title = titles.get(lang) or next(iter(titles.values()))
        facts: dict[str, Any] = {"draft_id": number, "lang": lang, "title": title}
        yield Document(id=f"draft:{number}:{lang}", **facts)
        for n, (heading, body) in enumerate(texts.get(lang, ()), start=1):
            place = f"provision:{number}:{lang}:art_{n}"
            yield Document(id=place, wid=f"art_{n}", heading=heading, body=body, **facts)
