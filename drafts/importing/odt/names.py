"""[pure] The names OpenDocument gives to the parts of a text."""

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}


def named(name: str) -> str:
    """ "text:p" as lxml spells it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


P, H, LIST, NUMBERED = (named(f"text:{n}") for n in ("p", "h", "list", "numbered-paragraph"))
TABLE, BOX = named("table:table"), named("draw:text-box")
CONTENTS = named("text:table-of-content")
BLOCKS = (P, H, LIST, NUMBERED, TABLE, CONTENTS)
NOTE, CHANGE = named("text:note"), named("text:change")
NOTE_BODY = named("text:note-body")
GONE = named("office:gone")  # ours: what an undone insertion held
JOINED = named("office:joined")  # ours: the end of this paragraph was an insertion
SILENT = frozenset(
    named(name)
    for name in (
        *("office:annotation", "office:annotation-end", "office:binary-data", "office:change-info"),
        *("office:forms", "office:gone", "svg:title", "svg:desc", "table:title", "table:desc"),
        *("text:tracked-changes", "text:note-citation", "text:number", "text:hidden-text"),
        *(f"text:{kind}-index-source" for kind in ("illustration", "table", "object", "user")),
        *("text:table-of-content-source", "text:alphabetical-index-source"),
        *("text:bibliography-source", "text:variable-decls", "text:user-field-decls"),
    )
)
