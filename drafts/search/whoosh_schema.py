"""How a document stands in a Whoosh index. Whoosh analyses nothing: it is given lists of words.

A draft, with all its provisions, has fields of its own in each language, so that drafts are found
without looking at provisions; so have comments. Of all texts:

- title, head: folded stems of the title of a draft, of the heading of a provision
- own: of a draft, folded stems of title and summary in their order
- whole, text, said: folded stems in their order: of all provisions of a draft, of a provision with
  its heading, of a comment
- ..._exact: the same as spelt; only ranks
- ..._begins: beginnings of the words of titles and headings; Whoosh takes seconds for a prefix
- words: of a draft with its provisions, all words, not stemmed
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields as fields_of
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from whoosh import analysis, fields, formats
from whoosh.columns import NumericColumn, RefBytesColumn

from drafts.search.analyzers import Token, tokens
from drafts.search.asked import beginnings
from drafts.search.interface import Document

SEPARATOR = "\x1f"
BREAK = "¶"  # stands between two texts, so that no phrase spans both
IN_ORDER = ("title", "own", "whole", "head", "text", "said")
SCORED = ("own", "whole", "text", "said")
RANKED = ("title", "head", "whole_exact", "text_exact", "said_exact")
NAMED = ("title_begins", "whole_begins", "head_begins", "words")

_as_kept = attrgetter(*(field.name for field in fields_of(Document)))

Words = dict[str, list[str]]  # by field
Said = tuple[list[Token], list[Token]]  # the words of a heading, and of what stands beneath it
Posting = tuple[bytes, int, float, bytes]  # a word, how often, its weight, where


class InOrder(fields.FieldType):  # type: ignore[misc]
    """Words with their places, taken as they are: an analyzer would take half of a rebuild."""

    def index(self, value: Sequence[str], **_options: Any) -> Iterator[Posting]:
        """What is written of them."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(value):
            places[word].append(place)
        places.pop(BREAK, None)  # only parts those beside it
        for word, at in places.items():
            yield word.encode(), len(at), float(len(at)), self.format.encode(at)


class Named(fields.FieldType):  # type: ignore[misc]
    """Words of which it only counts that they are there."""

    def index(self, value: Sequence[str], **_options: Any) -> Iterator[Posting]:
        """What is written of them."""
        for word in dict.fromkeys(value):
            yield word.encode(), 1, 1.0, b""


def schema() -> fields.Schema:
    """The fields of an index."""
    words = {
        name: InOrder(formats.Positions(), analysis.IDAnalyzer(), scorable=name in SCORED)
        if name in IN_ORDER
        else Named(formats.Existence(), analysis.IDAnalyzer(), scorable=False)
        for name in dict.fromkeys((*IN_ORDER, *RANKED, *NAMED))
    }
    return fields.Schema(
        **words,
        group=fields.ID(),
        draft=fields.ID(),
        kind=fields.ID(),
        number=fields.COLUMN(NumericColumn("q")),  # of the draft
        part=fields.COLUMN(NumericColumn("q")),  # number of a comment, mark of a provision
        at=fields.COLUMN(NumericColumn("q")),
        facets=fields.COLUMN(RefBytesColumn()),
        source=fields.STORED(),  # the document itself
    )


def entries(documents: Sequence[Document]) -> Iterator[dict[str, Any]]:
    """What Whoosh is given for all documents of one group, in all its languages."""
    said = {(document.id, document.lang): _said(document) for document in documents}
    for document in documents:
        told = [document]
        if document.kind == "draft":
            told += [one for one in documents if one.kind != "draft" and one.lang == document.lang]
        yield _facts(document) | _words(document.kind, told, said)


def original(stored: dict[str, Any]) -> Document:
    """The document an entry was made from."""
    return Document(*stored["source"])


def _facts(document: Document) -> dict[str, Any]:
    return {
        "group": document.group,
        "draft": str(document.draft_id),
        "kind": document.kind,
        "number": document.draft_id,
        "part": document.comment_id or _mark(document.wid),
        "at": document.at,
        "facets": SEPARATOR.join(document.facet_values()).encode(),
        "source": _as_kept(document),
    }


def _mark(wid: str) -> int:
    """A number for a wid: a column of names would be read whole by every search."""
    return int.from_bytes(blake2b(wid.encode(), digest_size=7).digest())


def _said(document: Document) -> Said:
    heading = document.title if document.kind == "draft" else document.heading
    return list(tokens(heading, document.lang)), list(tokens(document.body, document.lang))


def _words(kind: str, told: Iterable[Document], said: Mapping[tuple[str, str], Said]) -> Words:
    """The words of one entry: those of a draft come from it and from its provisions."""
    text = {"draft": "whole", "provision": "text", "comment": "said"}[kind]
    exact: set[str] = set()
    used: set[str] = set()
    found: Words = {text: []}
    for document in told:
        head, body = said[document.id, document.lang]
        exact.update(token.exact for token in (*head, *body))
        used.update(token.word for token in (*head, *body))
        in_order = [*(one.folded for one in head), BREAK, *(one.folded for one in body), BREAK]
        if document.kind == "draft":
            found |= {"title": [one.folded for one in head], "own": in_order}
            found["title_begins"] = _beginnings(head)
            continue
        found[text] += in_order
        if kind == "draft":
            found.setdefault("whole_begins", []).extend(_beginnings(head))
        elif kind == "provision":
            found |= {"head": [one.folded for one in head], "head_begins": _beginnings(head)}
    found[f"{text}_exact"] = list(exact)
    if kind == "draft":
        found["words"] = list(used)
    return found


def _beginnings(head: Iterable[Token]) -> list[str]:
    return [start for token in head for start in beginnings(token.word)]
