"""[pure] What the reader and the writer of Akoma Ntoso agree on: names, ids, white space.

XML cannot hold every character: in words a `marker` element names the one that it stands for.
"""

import re
from urllib.parse import quote

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ISO_639_2 = {"ky": "kir", "ru": "rus", "kk": "kaz", "en": "eng"}  # the codes files are marked with
UNTOLD = ("", "mul", "und", "zxx")  # codes that name no one language

UNFIT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ud800-\udfff\ufffe\uffff]")  # in any XML
UNFIT_IN_IDS = re.compile("[\\x00-\\x20%\ud800-\udfff\ufffe\uffff]")
BLANKS = re.compile(r"[ \t\r]+")
NOTHING = "empty"  # the name of the container that stands where the schema wants one and none is


def tag(name: str) -> str:
    """The name of an element as lxml wants it."""
    return f"{{{NAMESPACE}}}{name}"


def squeezed(text: str) -> str:
    """A text without the white space that a reader of XML may drop: only line breaks remain."""
    return "\n".join(BLANKS.sub(" ", line).strip(" ") for line in text.split("\n")).strip("\n")


def escaped(name: str) -> str:
    """An id or a number as the schema takes it, without white space. Ours have none to begin with,
    and what is changed here `WID` and `NUMBER` of drafts/tree.py do not let in again.
    """
    return UNFIT_IN_IDS.sub(lambda found: quote(found[0], errors="surrogatepass"), name)
