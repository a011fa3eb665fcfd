"""Import as a whole: the bytes of a file → a preview for a person to correct and commit.

Nothing is stored here and nothing is dropped in silence; drafts/actions.py keeps previews.
"""

from dataclasses import dataclass
from pathlib import PurePath

from consult.errors import N_
from consult.procedure.acts import ActType
from drafts.grammar.line import Warning_
from drafts.grammar.parse import parse_with_warnings
from drafts.grammar.shape import LONG_HEADING, title_shaped
from drafts.importing import txt
from drafts.importing.akn import reading as akn
from drafts.importing.coverage import coverage
from drafts.importing.encoding import lost_letters
from drafts.importing.guard import files as guard
from drafts.importing.html import reading as html
from drafts.importing.odt import reading as odt
from drafts.importing.pdf import reading as pdf
from drafts.importing.source import Source, Tracked
from drafts.importing.table import reading as table
from drafts.importing.word import reading as word
from drafts.importing.wording import looks_like
from drafts.tree import Node, Tree, identify

__all__ = ["Preview", "Warning_", "import_bytes"]

MAX_WARNINGS = 200
TITLE_LINES = 6
HEADS = ("part", "section", "chapter", "article")
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


def import_bytes(
    data: bytes,
    filename: str,
    lang: str,
    tracked: Tracked = "accepted",
    act: ActType | None = None,
) -> Preview:
    """Read a file of any format that guard.check lets through, or a table for an `act` that is one.

    `tracked` says how to read the tracked changes of a Word, OpenDocument or HTML file. Raises
    Invalid, TooLarge or Unsupported (consult.errors) where the file cannot or must not be read.
    """
    if act and table.is_table(act, filename):
        text = table.read(data, filename, lang, act)
        title = PurePath(filename).stem
        return Preview(text.tree, title, _shown([*text.warnings]), text.coverage, own_wids=True)
    kind = guard.check(data, filename)
    if kind == "akn":
        return _told(akn.read(data, lang), filename)
    source = _read(kind, data, lang, tracked)
    guard.check_source(source)
    parsed = parse_with_warnings(source.lines, lang)
    tree = identify(parsed.tree)
    share = coverage(source.text, tree)
    told = parsed.located([*lost_letters(source.lines), *source.warnings])
    warnings = [*told, *_doubts(tree, share)]
    return Preview(tree, _title(tree, filename), _shown([*warnings, *parsed.warnings]), share)


def _told(text: akn.AknText, filename: str) -> Preview:
    """A text whose file says itself what each provision is."""
    words = [len(node.label) + len(node.heading) + len(node.text) for node in text.tree.walk()]
    guard.check_size(max(len(text.text), sum(words)), len(words))
    share = coverage(text.text, text.tree)
    warnings = [*_doubts(text.tree, share), *text.warnings]
    title = text.title or _title(text.tree, filename)
    return Preview(text.tree, title, _shown(warnings), share, own_wids=True)


def _read(kind: guard.Format, data: bytes, lang: str, tracked: Tracked) -> Source:
    match kind:
        case "docx":
            return word.read(data, tracked)
        case "odt":
            return odt.read(data, tracked)
        case "html":
            return html.read(data, tracked)
        case "pdf":
            return pdf.read(data, lang)
        case _:
            return txt.read(data)


def _shown(warnings: list[Warning_]) -> tuple[Warning_, ...]:
    if len(warnings) > MAX_WARNINGS:
        rest = {"count": len(warnings) - MAX_WARNINGS}
        warnings[MAX_WARNINGS:] = [Warning_(N_("There are {count} more warnings."), "file", rest)]
    return tuple(warnings)


def _doubts(tree: Tree, share: float) -> list[Warning_]:
    doubts = []
    if not looks_like(" ".join(node.text for node in tree.walk()), tree.lang):
        message = N_("These are not the letters of a text in this language. Is the language right?")
        doubts.append(Warning_(message, "file"))
    if share < 1:
        lost = max(round((1 - share) * 100, 1), 0.1)
        message = N_("{percent} % of the letters of the file are not in the preview.")
        doubts.append(Warning_(message, "file", {"percent": lost}))
    if not any(node.kind in NUMBERED for node in tree.walk()):
        message = N_("No articles or numbered paragraphs were recognised. Is the language right?")
        doubts.append(Warning_(message, "file"))
    return doubts


def _title(tree: Tree, filename: str) -> str:
    """The lines before the first provision, or the heading over everything, or the file's name."""
    lines = []
    for node in tree.nodes[:TITLE_LINES]:
        if node.kind != "text" or not title_shaped(node.text, LONG_HEADING):
            break
        lines.append(node.text)
    if lines:
        return " ".join(lines)
    first = tree.nodes[0] if tree.nodes else None
    if first and first.heading and (first.kind == "annex" or _holds_all(first, tree)):
        return first.heading
    return PurePath(filename).stem


def _holds_all(node: Node, tree: Tree) -> bool:
    """Whether an unnumbered heading stands over all chapters or articles, as on a web page."""
    below = {child.kind for child in node.children}
    return len(tree.nodes) == 1 and not node.number and not below.isdisjoint(HEADS)
