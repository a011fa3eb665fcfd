"""How a document stands in a Whoosh index. Whoosh analyses nothing: it is given lists of words.

- head: folded stems of the title (of a draft) or of the heading (of a provision)
- text: folded stems of head and body in their order, for words and phrases
- exact: the same stems as spelt; only ranks
- whole: on a draft, folded stems of all its provisions, so that words may stand far apart
- begins: beginnings of the words of `head`; Whoosh takes seconds for a prefix of `text`
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import Any

from whoosh import analysis, fields, formats
from whoosh.columns import NumericColumn, RefBytesColumn

from drafts.search.analyzers import fold, tokens
from drafts.search.interface import Document

SHORTEST_BEGINNING, LONGEST_BEGINNING = 2, 12
SEPARATOR = "\x1f"
BREAK = "¶"  # stands between head and body, so that no phrase spans both


def _words(form: formats.Format, *, counted: bool = False) -> fields.FieldType:
    return fields.FieldType(form, analysis.IDAnalyzer(), scorable=counted)


def schema() -> fields.Schema:
    """The fields of an index."""
    return fields.Schema(
        head=_words(formats.Existence()),
        text=_words(formats.Positions(), counted=True),
        exact=_words(formats.Existence()),
        whole=_words(formats.Existence()),
        begins=_words(formats.Existence()),
        draft=fields.ID(),
        kind=fields.ID(),
        number=fields.COLUMN(NumericColumn("q")),  # of the draft
        facets=fields.COLUMN(RefBytesColumn()),
        source=fields.STORED(),  # the document itself
    )


def entries(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """What Whoosh is given for all documents of one draft, in all its languages."""
    made = [(document, _entry(document)) for document in documents]
    whole: dict[str, set[str]] = {}
    for document, entry in made:
        whole.setdefault(document.lang, set()).update(entry["text"])
    for document, entry in made:
        yield entry | {"whole": list(whole[document.lang]) if document.kind == "draft" else []}


def original(stored: dict[str, Any]) -> Document:
    """The document an entry was made from."""
    return Document(*stored["source"])


def _entry(document: Document) -> dict[str, Any]:
    heading = document.title if document.kind == "draft" else document.heading
    head, body = (list(tokens(text, document.lang)) for text in (heading, document.body))
    return {
        "head": [token.folded for token in head],
        "text": [*(token.folded for token in head), BREAK, *(token.folded for token in body)],
        "exact": [token.exact for token in head + body],
        "begins": [start for token in head for start in _beginnings(token.word)],
        "draft": str(document.draft_id),
        "kind": document.kind,
        "number": document.draft_id,
        "facets": SEPARATOR.join(document.facet_values()).encode(),
        "source": astuple(document),
    }


def _beginnings(word: str) -> list[str]:
    """What a person may have typed of a word so far, on any keyboard."""
    longest = min(len(word), LONGEST_BEGINNING)
    return [fold(word[:length]) for length in range(SHORTEST_BEGINNING, longest + 1)]
