"""Small OpenDocument texts, written by hand so that a test shows exactly what is in them."""

from xml.sax.saxutils import escape

from drafts.importing.odt.names import NAMESPACES
from tests.rules.importing_files import archive

KIND = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMESPACES.items() if name != "xml")
SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def p(content: str, style: str = "Standard", tag: str = "p", more: str = "") -> str:
    """A paragraph: plain text, or ready-made XML if it holds a tag."""
    inner = content if "<" in content else escape(content)
    return f'<text:{tag} text:style-name="{style}" {more}>{inner}</text:{tag}>'


def h(content: str, level: int = 1, more: str = "", style: str = "Heading") -> str:
    """A heading."""
    return p(content, style, "h", f'text:outline-level="{level}" {more}')


def items(*each: str) -> str:
    """The items of a list: each a plain text or ready-made blocks."""
    inner = (item if "<" in item else p(item) for item in each)
    return "".join(f"<text:list-item>{item}</text:list-item>" for item in inner)


def listed(*each: str, style: str = "L", more: str = "") -> str:
    """A list; "" as its style leaves that to the list around it."""
    named = f'text:style-name="{style}"' if style else ""
    ready = all(item.startswith("<text:list-item") for item in each)
    inner = "".join(each) if ready else items(*each)
    return f"<text:list {named} {more}>{inner}</text:list>"


def level(depth: int, form: str, more: str = "", tag: str = "list-level-style-number") -> str:
    """One level of a list style."""
    return f'<text:{tag} text:level="{depth}" style:num-format="{form}" {more}/>'


def list_style(*levels: str, name: str = "L") -> str:
    """A list style."""
    return f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>'


def row(*cells: str) -> str:
    """A row of a table."""
    inner = "".join(
        cell if "<table:" in cell else f"<table:table-cell>{p(cell)}</table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row>{inner}</table:table-row>"


def table(*rows: str) -> str:
    """A table."""
    return f"<table:table>{''.join(rows)}</table:table>"


def note(text: str, kind: str = "footnote") -> str:
    """A note, where it is referred to."""
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>9</text:note-citation>'
        f"<text:note-body>{p(text)}</text:note-body></text:note>"
    )


def region(name: str, kind: str, content: str = "") -> str:
    """One tracked change."""
    return (
        f'<text:changed-region xml:id="{name}"><text:{kind}><office:change-info/>{content}'
        f"</text:{kind}></text:changed-region>"
    )


def changed(*regions: str) -> str:
    """The tracked changes of a text."""
    return f"<text:tracked-changes>{''.join(regions)}</text:tracked-changes>"


def mark(kind: str, name: str) -> str:
    """The place of a tracked change: change-start, change-end or change."""
    return f'<text:{kind} text:change-id="{name}"/>'


def odt(*body: str, automatic: str = "", styles: str = "", **parts: bytes | str) -> bytes:
    """An .odt with this body. `parts` are further files: Basic__Standard_xml → Basic/…"""
    xml = '<?xml version="1.0" encoding="UTF-8"?>'
    files: dict[str, bytes | str] = {
        "mimetype": KIND,
        "META-INF/manifest.xml": f"{xml}<manifest/>",
        "content.xml": (
            f"{xml}<office:document-content {SPACES}><office:scripts/>"
            f"<office:automatic-styles>{automatic}</office:automatic-styles>"
            f"<office:body><office:text>{''.join(body)}</office:text></office:body>"
            "</office:document-content>"
        ),
        "styles.xml": (
            f"{xml}<office:document-styles {SPACES}><office:styles>{styles}</office:styles>"
            "</office:document-styles>"
        ),
        **{name.replace("__", "/").replace("_", "."): data for name, data in parts.items()},
    }
    return archive(files)
