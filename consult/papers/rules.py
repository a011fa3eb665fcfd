"""[pure] A paper and its parts: cutting a long text at the provisions it names, joining, cutting.

How a line names a provision is naming.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from consult.errors import Invalid
from consult.papers.naming import Names
from drafts.tree import Tree

TITLE_MAX = 200  # characters
TEXT_MAX = 300_000  # characters read at once: some hundred pages
MOST_PARTS = 60
CUT_SHOWN = 80  # characters by which a line is known where a part may be cut


@dataclass(frozen=True, slots=True)
class Part:
    """What a paper says about one provision (`wid` "": the whole draft). `out`: it is not sent."""

    wid: str
    text: str
    kind: str = "substantive"
    out: bool = False


def split(text: str, names: Names) -> list[Part]:
    """The parts of a text, each begun by a line that names a provision; raises Invalid.

    What comes before the first is about the whole draft. A heading with nothing beneath it but the
    name of something within it («Статья 7» / «пункт 2») goes with that. Not a letter is lost, and
    none is added: the texts of the parts, put together, are the text but for white space.
    """
    if len(text) > TEXT_MAX:
        raise Invalid(
            "This is too long: {length} characters, at most {most} are taken. "
            "Your text is kept below; please send it as several papers.",
            field="text",
            length=len(text),
            most=TEXT_MAX,
        )
    parts: list[tuple[str, list[str]]] = [("", [])]
    bare = False  # whether the last part holds nothing but names
    for line in text.splitlines():
        wid, lines = parts[-1]
        found = names.read(line, wid)
        begins = found is not None and found.wid != wid
        if found and begins and bare and names.is_within(found.wid, wid):
            parts[-1] = (found.wid, [*lines, line])
        elif found and begins:
            parts.append((found.wid, [line]))
        else:
            lines.append(line)
        if found and (begins or bare):
            bare = found.bare
        elif line.strip():
            bare = False
    told = [Part(wid, "\n".join(lines).strip()) for wid, lines in parts]
    return check_parts([part for part in told if part.text])


def check_parts(parts: Sequence[Part]) -> list[Part]:
    """Refuse more parts than a person can look through on one page."""
    if len(parts) > MOST_PARTS:
        raise Invalid(
            "This makes {count} parts, and at most {most} are taken at once. "
            "Please send it as several papers.",
            field="text",
            count=len(parts),
            most=MOST_PARTS,
        )
    return list(parts)


def nameless(part: Part, names: Names) -> list[str]:
    """The lines of a part that read like headings and name nothing the draft has, each once.

    Not the line it begins with where it stands with a provision: somebody has chosen that.
    """
    lines = part.text.splitlines()
    found = [
        _shown(line) for line in lines[bool(part.wid) :] if names.names_nothing(line, part.wid)
    ]
    return list(dict.fromkeys(found))


def join(parts: Sequence[Part], at: int) -> list[Part]:
    """Put a part to the end of the one above it, whose provision and kind count for both."""
    if not 0 < at < len(parts):
        raise Invalid("There is no part above this one.")
    above, part = parts[at - 1], parts[at]
    joined = replace(above, text=f"{above.text}\n\n{part.text}")
    return [*parts[: at - 1], joined, *parts[at + 1 :]]


def lines_to_cut_at(text: str) -> list[str]:
    """The lines before which a part can be cut, each by its first words; none twice."""
    lines = [_shown(line) for line in text.splitlines() if line.strip()]
    return [line for line in dict.fromkeys(lines) if line != lines[0]]


def cut(parts: Sequence[Part], at: int, before: str) -> list[Part]:
    """Make two of a part, the second beginning with this line; raises Invalid."""
    if not 0 <= at < len(parts):
        raise Invalid("There is no such part.")
    lines = parts[at].text.splitlines()
    found = [n for n, line in enumerate(lines) if n and before and _shown(line) == before]
    upper, lower = ("", "")
    if found:
        upper = "\n".join(lines[: found[0]]).strip()
        lower = "\n".join(lines[found[0] :]).strip()
    if not upper:
        raise Invalid("Please choose the line before which to cut.", field=f"cut-{at}")
    halves = (replace(parts[at], text=upper), replace(parts[at], text=lower))
    return check_parts([*parts[:at], *halves, *parts[at + 1 :]])


def _shown(line: str) -> str:
    return " ".join(line.split())[:CUT_SHOWN].strip()


def text_of(tree: Tree) -> str:
    """A file that was read, as plain lines again: nothing of it is lost but white space."""
    lines = []
    for node in tree.walk():
        head = " ".join(filter(None, (node.label, node.heading)))
        if node.heading and node.text:
            lines += [head, node.text]
        else:
            lines.append(" ".join(filter(None, (head, node.text))))
    return "\n".join(line for line in lines if line)
