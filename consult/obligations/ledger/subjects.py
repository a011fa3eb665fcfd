"""[pure] What a duty is owed for, as its row says it: how that is written and how it is read.

Written it is "comment:7", "issue:3", "problem:12", "period:2026-Q1", or nothing: a duty that is
owed once for a whole consultation, or once for a draft.
"""

from dataclasses import dataclass

# Owed for one of many: thousands, where of the others there is a handful. They come counted, are
# shown as one, and nobody wants four hundred messages about four hundred comments.
SINGLE = ("comment", "issue")


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind and, as `ref`, the number of one of these, or the code of a period; both may be ""."""

    kind: str = ""
    ref: str = ""

    @classmethod
    def read(cls, written: str) -> "Subject":
        """What a row says; a subject without a mark is a kind alone."""
        kind, _, ref = written.partition(":")
        return cls(kind, ref)

    @property
    def number(self) -> int | None:
        """The number of the comment, group or problem; None if it is owed for none."""
        return int(self.ref) if self.ref.isascii() and self.ref.isdigit() else None

    @property
    def is_single(self) -> bool:
        return self.kind in SINGLE

    def __str__(self) -> str:
        return f"{prefix(self.kind)}{self.ref}" if self.kind else ""


def prefix(kind: str) -> str:
    """What the subjects of a kind begin with, for queries."""
    return f"{kind}:"
