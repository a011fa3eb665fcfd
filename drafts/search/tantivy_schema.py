"""How drafts, provisions and comments stand in a tantivy index: one entry for each, whatever its
languages, so that what is found is counted by the index itself.

Each unit has fields of its own for each language: `draft_ky_text`. Tantivy analyses nothing: it is
given the words with spaces between them.

- head: folded stems of the title (of a draft) or of the heading (of a provision)
- own: on a draft, folded stems of title and summary in their order
- text: folded stems in their order: of all provisions of a draft, of a provision with its heading,
  of a comment
- exact: stems as spelt, of all of them; only ranks
- begins: beginnings of the words of `head`
- parts_begin: on a draft, of the words of the headings of its provisions
- words: on a draft, all its words in all languages, not stemmed
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import tantivy

from drafts.search.analyzers import LANGUAGES, Token, tokens
from drafts.search.asked import beginnings
from drafts.search.interface import FACETS, UNITS, Document

BREAK = "¶"  # stands between two texts, so that no phrase spans both
ANALYZER = "words"
IN_ORDER = ("head", "own", "text")
FIELDS_OF = {
    "draft": ("head", "own", "text", "exact", "begins", "parts_begin"),
    "provision": ("head", "text", "exact", "begins"),
    "comment": ("text", "exact"),
}
COUNTED = tuple(facet for facet in FACETS if facet != "lang")

_as_kept = attrgetter(*(field.name for field in fields(Document)))

Fields = dict[str, list[str]]  # words by field
Said = tuple[list[Token], list[Token]]  # the words of a heading, and of what stands beneath it


def field(unit: str, lang: str, name: str) -> str:
    """The field of one unit in one language."""
    return f"{unit}_{lang}_{name}"


@cache
def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    for unit in UNITS:
        for lang in LANGUAGES:
            for name in FIELDS_OF[unit]:
                order = "position" if name in IN_ORDER else "basic"
                builder.add_text_field(
                    field(unit, lang, name), tokenizer_name=ANALYZER, index_option=order
                )
    builder.add_text_field("words", tokenizer_name=ANALYZER, index_option="basic")
    for name in ("group", "kind", "lang"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for facet in COUNTED:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("draft", indexed=True, fast=True)
    builder.add_unsigned_field("age", fast=True)  # the larger, the newer
    builder.add_bytes_field("source", stored=True)
    return builder.build()


def analyzer() -> tantivy.TextAnalyzer:
    """Cuts at spaces, and drops no word for its length."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def word(text: str) -> str:
    """A word as it stands in the index: some letters are written with a space when normalised."""
    return "_".join(text.split())


def entries(documents: Sequence[Document]) -> Iterator[tantivy.Document]:
    """What tantivy is given for all documents of one group, in all its languages."""
    said = {document: _said(document) for document in documents}
    for unit in UNITS:
        of_unit = [document for document in documents if document.kind == unit]
        parts: dict[str, list[Document]] = {}
        for document in of_unit:
            parts.setdefault(document.wid if unit == "provision" else "", []).append(document)
        for same in parts.values():
            yield _entry(unit, same, documents if unit == "draft" else same, said)


def originals(entry: tantivy.Document) -> dict[str, Document]:
    """The documents an entry was made from, by language."""
    rows: list[list[Any]] = json.loads(entry.get_first("source"))  # type: ignore[arg-type]
    return {document.lang: document for document in (Document(*row) for row in rows)}


def _said(document: Document) -> Said:
    heading = document.title if document.kind == "draft" else document.heading
    return list(tokens(heading, document.lang)), list(tokens(document.body, document.lang))


def _entry(
    unit: str, shown: Sequence[Document], told: Iterable[Document], said: Mapping[Document, Said]
) -> tantivy.Document:
    """One of `unit`: `shown` are what it is in each language, `told` all its words come from."""
    entry, first = tantivy.Document(), shown[0]
    entry.add_text("group", first.group)
    entry.add_text("kind", unit)
    entry.add_unsigned("draft", first.draft_id)
    entry.add_unsigned("age", (max(first.at, 0) << 31) + (first.comment_id or first.draft_id))
    for facet, value in zip(FACETS, first.facet_values(), strict=True):
        if value and facet != "lang":
            entry.add_text(facet, value)
    words: set[str] = set()
    by_lang = sorted(told, key=lambda document: document.lang)
    for lang, documents in groupby(by_lang, key=lambda document: document.lang):
        entry.add_text("lang", lang)
        if lang in LANGUAGES:
            for name, text in _fields(unit, documents, words, said).items():
                entry.add_text(field(unit, lang, name), _joined(text))
    if unit == "draft":
        entry.add_text("words", _joined(words))
    source = json.dumps([_as_kept(document) for document in shown], ensure_ascii=False)
    entry.add_bytes("source", source.encode())
    return entry


def _joined(text: Collection[str]) -> str:
    """Words with spaces between them; hardly ever one holds a space itself."""
    joined = " ".join(text)
    return joined if joined.count(" ") < len(text) else " ".join(map(word, text))


def _fields(
    unit: str, documents: Iterable[Document], words: set[str], said: Mapping[Document, Said]
) -> Mapping[str, list[str]]:
    fields: Fields = {name: [] for name in FIELDS_OF[unit]}
    for document in documents:
        head, body = said[document]
        words.update(token.word for token in (*head, *body))
        in_order = [*(one.folded for one in head), BREAK, *(one.folded for one in body), BREAK]
        fields["own" if document.kind == "draft" else "text"] += in_order
        fields["exact"] += [token.exact for token in (*head, *body)]
        starts = [start for token in head for start in beginnings(token.word)]
        if unit == "comment":
            continue
        if document.kind != unit:
            fields["parts_begin"] += starts
            continue
        fields["head"] += [token.folded for token in head]
        fields["begins"] += starts
    return fields
