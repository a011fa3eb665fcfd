"""[pure] How English legal texts name and number their provisions. Words only, no rules."""

from drafts.grammar.language import Head, Language

GRAMMAR = Language(
    code="en",
    number_first=False,
    heads=(
        Head("part", "part", 1),
        Head("section", "section", 2),
        Head("subsection", "section", 3),
        Head("chapter", "chapter", 4),
        Head("article", "article", 6),
    ),
    annexes=("annex", "appendix", "schedule"),
    annex_of=r"(?:to|of)\b",
    tables=("table",),
    notes=(r"footnotes?", r"notes?", r"editor(?:'|’)s\s+notes?"),
    contents=("contents", "table of contents"),
    alphabets=(),
)
