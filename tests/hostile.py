"""Strings nobody means well with, and what none of the things we give out may make of them.

Sources: OWASP XSS Filter Evasion and CSV Injection, Unicode TR 36 (marks that turn writing round),
RFC 5322 and 9110 (lines in headers), Jinja's own braces.
"""

import json
import re
from html.parser import HTMLParser

SCRIPT = (
    "</textarea></title></script><script>alert(1)</script><x-planted onplanted=1>"
    "<img src=x onerror=alert(1)><svg/onload=alert(1)>"
)
QUOTES = '"\' autofocus onfocus=alert(1) x-planted="1'
BRACES = "{{ 7*191 }}{% raw %}${7*191}#{7*191}{base}{0}%(x)s%s"
LINES = "\r\nBcc: planted@evil.example\r\nX-Planted: 1\r\n\r\n"
MARKS = "\u202e\u200b\u2066\ufeff\u2028\u0301"
CONTROLS = "\x01\x08\x1b\x7f\x9f\ufffe\uffff"
SQL = "'; DROP TABLE person; --"
LONG = "ж" * 300

# Each begins with what matters only at the beginning of a cell, a link or a line.
HOSTILE = {
    "formula": f"=cmd|' /C calc'!A0{SCRIPT}{QUOTES}{SQL}]]>-->",
    "link": f"javascript:alert(1)//{QUOTES}{SCRIPT}{LONG}",
    "lines": f"@SUM(1){LINES}{BRACES}{SCRIPT}",
    "marks": f"\t=1+1{MARKS}{CONTROLS}{SCRIPT}&lt;script&gt;&#x3c;",
}
ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "data", "poster", "cite")
RUNNING = re.compile(r"[\x00-\x20]*(javascript|vbscript|data(?!:image/))", re.IGNORECASE)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[\d.,%\s]*")


class _Looking(HTMLParser):
    """Notes whatever a planted string became an element or an attribute of, or would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        if ("type", "application/ld+json") in attrs:
            self.inside = "data"  # which no browser runs
        moved = tag == "base" and attrs != [("target", "_top")]  # that of what others frame
        if moved or tag.startswith("x-") or tag in {"object", "embed"}:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith(("on", "x-")) or name == "srcdoc":
                self.found.append(f"<{tag} {name}>")
            if name in ADDRESSES and RUNNING.match(value or ""):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.inside in {"script", "style"} and "alert(1)" in data:
            self.found.append(f"<{self.inside}>{data[:80]}")
        if self.inside == "data":
            json.loads(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def faults_of_html(html: str) -> list[str]:
    """What a browser would do that nobody wrote."""
    found = _Looking(html).found
    if "1337" in html:
        found.append("braces were filled in")
    return found


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell; a number is none."""
    return cell.startswith(FORMULAS) and not NUMBER.fullmatch(cell)
