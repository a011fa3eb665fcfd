"""[pure] What the grammar must be told about a language, and the way to the languages it knows.

A language is one file beside this one, named by its code and holding `GRAMMAR`; nothing else has
to be touched to add one.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from consult.errors import Invalid
from drafts.tree import Kind

LATIN = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Head:
    """A noun that names a provision ("Статья", "берене") and how high it stands: 1 is highest."""

    noun: str
    kind: Kind
    rank: int


@dataclass(frozen=True, slots=True)
class Language:
    """The words and letters of legal drafting in one language."""

    code: str
    number_first: bool  # «5-берене» rather than «Статья 5»
    heads: tuple[Head, ...]
    annexes: tuple[str, ...]  # nouns, in every form a head may take
    annex_of: str  # pattern of what may join an annex to its act: words after it, or endings before
    tables: tuple[str, ...]  # the noun of a table's caption
    notes: tuple[str, ...]  # words that open a note, as patterns
    contents: tuple[str, ...]  # headings of a table of contents
    alphabets: tuple[str, ...]  # orders in which letters count provisions


@cache
def grammar_of(code: str) -> Language:
    """The grammar of a language. Raises Invalid where there is none."""
    if re.fullmatch(r"[a-z]{2,3}", code):
        try:
            language = import_module(f"{__package__}.{code}").GRAMMAR
        except ModuleNotFoundError:
            language = None
        if isinstance(language, Language):
            return language
    raise Invalid("Texts in the language “{code}” cannot be read yet.", field="lang", code=code)
