"""[pure] HTML with only its structure: known attributes, no scripts, comments or declarations.

libxml2, which repairs the markup afterwards, needs minutes for a tag with 300,000 attributes; this
is linear in the length of the text, whatever the text is.
"""

import re
from collections.abc import Iterator

from consult.errors import TooLarge
from drafts.importing.guard.limits import MAX_TAGS, TOO_MUCH

VALUE = r"""\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?"""
ATTRIBUTES = rf"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:{VALUE})?)*+"
TOKEN = re.compile(
    r"(?P<text>[^<]++)"
    r"|<!--.*?(?:-->|\Z)"
    r"|<[!?][^>]*+(?:>|\Z)"
    rf"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>{ATTRIBUTES})[\s/]*+(?:>|\Z)"
    r"|(?P<other><)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(rf"[\s/]*+(?P<name>[^\s/>][^\s/>=]*+)(?P<value>{VALUE})?")
KEPT = frozenset(("type", "start", "value", "style", "hidden", "colspan", "rowspan", "role"))
LONGEST = 300  # characters of an attribute
UNREAD = frozenset(("script", "style", "title", "textarea", "xmp", "noembed", "noframes", "iframe"))
ENDS = {name: re.compile(rf"</{name}\b[^>]*+(?:>|\Z)", re.IGNORECASE) for name in UNREAD}
NAME = re.compile(r"(?!(?:html|head|body)$)[a-z][a-z0-9]*")  # those three are put around it all


def tidied(text: str) -> str:
    """The markup anew. Raises TooLarge for more tags than can be read."""
    parts: list[str] = []
    at = 0
    while at < len(text) and (found := TOKEN.match(text, at)):
        at = found.end()
        name = (found["name"] or "").lower()
        if name in UNREAD and not found["end"]:
            end = ENDS[name].search(text, at)
            at = end.end() if end else len(text)
        elif name:
            parts.append(_tag(name, found) if NAME.fullmatch(name) else "")
        else:
            parts.append(found["text"] or ("&lt;" if found["other"] else ""))
        if len(parts) > MAX_TAGS:
            raise TooLarge(TOO_MUCH, field="file")
    return "".join(parts)


def _tag(name: str, found: re.Match[str]) -> str:
    if found["end"]:
        return f"</{name}>"
    attributes = found["attributes"]
    return f"<{name}{''.join(_attributes(attributes)) if attributes else ''}>"


def _attributes(text: str) -> Iterator[str]:
    seen: set[str] = set()
    for found in ATTRIBUTE.finditer(text):
        name = found["name"].lower()
        value = (found["value"] or "").strip().removeprefix("=").strip().strip("\"'")
        if name in KEPT and name not in seen and len(value) <= LONGEST:
            seen.add(name)
            quoted = value.replace('"', "&quot;").replace("<", "&lt;")
            yield f' {name}="{quoted}"'
