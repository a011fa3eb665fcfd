"""How long large texts take: `python -m tests.bench.large`. The numbers are this machine's.

A law of 1,000 provisions and 250,000 words is read, aligned with its revision, compared, cut into
parts, written out and read again.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from drafts.exporting.akn import writing as akn
from drafts.exporting.document import Document
from drafts.exporting.docx import writing as docx
from drafts.importing.preview import import_bytes
from drafts.versions.aligning import align, carry_wids
from tests.bench.report import table
from tests.bench.texts import as_text, bare, law, revised

PROVISIONS, WORDS = 1_000, 250_000
NOW = datetime(2026, 9, 7, tzinfo=UTC)


def measure() -> str:
    """A table: what is done with the law, and the seconds of computing it takes."""
    old = law(PROVISIONS, WORDS)
    text, new = as_text(old).encode(), bare(revised(old))
    document = Document(
        *(old, "A law", 1, 1, "Ministry", "law", "KG"),
        created_at=NOW,
        published_at=NOW,
        address="https://example.org/drafts/1/versions/1",
    )
    in_xml, in_word = akn.write(document), docx.write(document)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("read from .txt", lambda: import_bytes(text, "law.txt", old.lang)),
        ("read from .docx", lambda: import_bytes(in_word, "law.docx", old.lang)),
        ("read from Akoma Ntoso", lambda: import_bytes(in_xml, "law.xml", old.lang)),
        ("align with its revision", lambda: carry_wids(new, align(old, new))),
        ("write as .docx", lambda: docx.write(document)),
        ("write as Akoma Ntoso", lambda: akn.write(document)),
    )
    head = (f"{PROVISIONS:,} provisions, {WORDS:,} words", "CPU s")
    return table(head, [(name, f"{_seconds(step):.2f}") for name, step in steps])


def _seconds(step: Callable[[], object]) -> float:
    begun = process_time()
    step()
    return process_time() - begun


if __name__ == "__main__":
    print(measure())
