"""What every page must be, checked without a browser: used by the client on each answer it gets.

HTML Living Standard: nesting (§13.1.2), unique ids (§3.2.6), labels; our own: one h1, no inline
script or style (the Content-Security-Policy would refuse them), forms that say where they go.
"""

import json
from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
OPTIONAL_END = frozenset(
    ("li", "dt", "dd", "p", "option", "tr", "td", "th", "thead", "tbody", "tfoot")
)
UNLABELLED = frozenset({"hidden", "submit", "button"})
NO_BLOCK_INSIDE = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "button", "label"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
GROUPS = ("div", "section", "article", "aside", "header", "footer", "nav", "main", "form")
LISTS = ("ul", "ol", "dl", "table", "fieldset", "figure", "details")
BLOCKS = frozenset((*HEADINGS, *GROUPS, *LISTS, "p", "blockquote", "hr", "pre"))


class Page(HTMLParser):
    """Collects what is wrong with a page while it is read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.pointers: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.data_block = False
        self.lang = ""
        self.title = ""
        self.feed(html)
        self.close()
        self._finish()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in attributes}
        self._note(tag, attrs)
        if tag in BLOCKS and (outer := NO_BLOCK_INSIDE & set(self.open)):
            self.problems.append(f"<{tag}> inside <{'/'.join(outer)}>")
        if tag == "form" and "form" in self.open:
            self.problems.append("a form inside a form")
        if tag in {"a", "button"} and {"a", "button"} & set(self.open):
            self.problems.append(f"<{tag}> inside a link or button")
        if tag not in VOID:
            self.open.append(tag)
        self.data_block = tag == "script" and attrs.get("type") == "application/ld+json"

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._note(tag, {name: value or "" for name, value in attributes})

    def handle_endtag(self, tag: str) -> None:
        self.data_block = False
        if tag not in self.open:
            self.problems.append(f"</{tag}> closes nothing")
            return
        while (closed := self.open.pop()) != tag:
            if closed not in OPTIONAL_END:
                self.problems.append(f"<{closed}> is not closed before </{tag}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data
        if self.data_block:  # JSON-LD, which no browser runs
            json.loads(data)
        elif self.open and self.open[-1] in {"script", "style"} and data.strip():
            self.problems.append(f"inline <{self.open[-1]}>")

    def _note(self, tag: str, attrs: dict[str, str]) -> None:
        self._note_attributes(tag, attrs)
        if tag == "html":
            self.lang = attrs.get("lang", "")
        if tag in {"input", "textarea", "select"} and attrs.get("type") not in UNLABELLED:
            attrs["inside label"] = "yes" if "label" in self.open else ""
            self.inputs.append(attrs)
        if tag == "form" and not attrs.get("action", "").startswith("/"):
            self.problems.append("a form without an action on this site")
        if tag == "img" and "alt" not in attrs:
            self.problems.append("a picture without a text")
        if tag in HEADINGS:
            self.headings.append(int(tag[1:]))

    def _note_attributes(self, tag: str, attrs: dict[str, str]) -> None:
        if "id" in attrs:
            self.ids[attrs["id"]] += 1
        if tag == "label" and "for" in attrs:
            self.labelled.add(attrs["for"])
        for name in attrs:
            if name == "style" or name.startswith("on"):
                self.problems.append(f"<{tag} {name}>: inline style or script")
        for name in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
            self.pointers += [(name, target) for target in attrs.get(name, "").split()]

    def _finish(self) -> None:
        self.problems += [
            f"id {name!r} is there {n} times" for name, n in self.ids.items() if n > 1
        ]
        self.problems += [
            f"{name}={target!r} points nowhere"
            for name, target in self.pointers
            if target not in self.ids
        ]
        for attrs in self.inputs:
            named = attrs.get("aria-label") or attrs.get("aria-labelledby")
            if not (named or attrs["inside label"] or attrs.get("id") in self.labelled):
                self.problems.append(f"no label for {attrs.get('name')!r}")
        self.problems += [
            f"<{tag}> is never closed" for tag in self.open if tag not in OPTIONAL_END
        ]


def problems_of_page(html: str) -> list[str]:
    """What is wrong with a whole page; empty when nothing is."""
    page = Page(html)
    problems = page.problems
    if not html.lstrip().lower().startswith("<!doctype html>"):
        problems.append("no doctype")
    if not page.lang:
        problems.append("no language")
    if not page.title.strip():
        problems.append("no title")
    if page.headings.count(1) != 1:
        problems.append(f"{page.headings.count(1)} h1")
    for before, after in zip(page.headings, page.headings[1:], strict=False):
        if after > before + 1:
            problems.append(f"h{after} follows h{before}")
    return problems


def problems_of_fragment(html: str) -> list[str]:
    """What is wrong with a piece of a page."""
    return [p for p in Page(html).problems if "points nowhere" not in p]
