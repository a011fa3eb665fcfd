"""Import as a whole: the bytes of a file → a preview for a person to correct and commit.

Nothing is stored here and nothing is dropped in silence; drafts/actions.py keeps previews.
"""

from dataclasses import dataclass
from pathlib import PurePath

from consult.errors import N_
from drafts.grammar.line import Warning_
from drafts.grammar.parse import Parsed, parse_with_warnings
from drafts.grammar.shape import LONG_HEADING, title_shaped
from drafts.importing import docx, guard, pdf, txt
from drafts.importing.coverage import coverage
from drafts.importing.source import Source
from drafts.importing.word_text import Tracked
from drafts.tree import Tree, identify

__all__ = ["Preview", "Warning_", "import_bytes"]

MAX_WARNINGS = 200
TITLE_LINES = 6
NUMBERED = ("article", "paragraph", "subparagraph", "part", "section", "chapter")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would become.

    `tree` has its eids; `title` is a suggestion; `coverage` is the share of the file's letters
    that stand in the tree, 1.0 only when nothing is missing. `own_wids`: the file itself said
    which provision is which, as Akoma Ntoso does.
    """

    tree: Tree
    title: str
    warnings: tuple[Warning_, ...]
    coverage: float
    own_wids: bool = False


def import_bytes(data: bytes, filename: str, lang: str, tracked: Tracked = "accepted") -> Preview:
    """Read a .docx, .txt or .pdf file.

    `tracked` says how to read the tracked changes of a Word file. Raises Invalid, TooLarge or
    Unsupported (consult.errors) where the file cannot or must not be read.
    """
    source = _read(data, filename, lang, tracked)
    guard.check_source(source)
    parsed = parse_with_warnings(source.lines, lang)
    tree = identify(parsed.tree)
    share = coverage(source.text, tree)
    warnings = [*source.warnings, *_doubts(parsed, share)]
    if len(warnings) > MAX_WARNINGS:
        rest = {"count": len(warnings) - MAX_WARNINGS}
        warnings[MAX_WARNINGS:] = [Warning_(N_("There are {count} more warnings."), "file", rest)]
    return Preview(tree, _title(tree, filename), tuple(warnings), share)


def _read(data: bytes, filename: str, lang: str, tracked: Tracked) -> Source:
    match guard.check(data, filename):
        case "docx":
            return docx.read(data, tracked)
        case "pdf":
            return pdf.read(data, lang)
        case "txt":
            return txt.read(data)


def _doubts(parsed: Parsed, share: float) -> list[Warning_]:
    doubts = list(parsed.warnings)
    if not any(node.kind in NUMBERED for node in parsed.tree.walk()):
        message = N_("No articles or numbered paragraphs were recognised. Is the language right?")
        doubts.insert(0, Warning_(message, "file"))
    if share < 1:
        lost = max(round((1 - share) * 100, 1), 0.1)
        message = N_("{percent} % of the letters of the file are not in the preview.")
        doubts.insert(0, Warning_(message, "file", {"percent": lost}))
    return doubts


def _title(tree: Tree, filename: str) -> str:
    """The lines before the first provision, or the heading of the annex, or the file's name."""
    lines = []
    for node in tree.nodes[:TITLE_LINES]:
        if node.kind != "text" or not title_shaped(node.text, LONG_HEADING):
            break
        lines.append(node.text)
    if lines:
        return " ".join(lines)
    first = tree.nodes[0] if tree.nodes else None
    if first and first.kind == "annex" and first.heading:
        return first.heading
    return PurePath(filename).stem
