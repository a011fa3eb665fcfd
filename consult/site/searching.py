"""[pure] What the address of a search asks for, and the addresses that ask a little otherwise.

The same for the whole site (/search) and inside one draft (/drafts/12/search).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from drafts.search.interface import UNITS, Order, Page, Query, Unit

PAGE = 20
LONGEST_QUERY = 400  # characters; the rest is not looked for
OPTIONS = 8  # of a filter that stand open; the others are folded
OF_TEXTS = ("agency", "act_type", "topic", "stage", "lang", "year")
OF_COMMENTS = ("agency", "act_type", "topic", "kind", "stance", "lang", "year")
OF_A_DRAFT = frozenset({"agency", "act_type", "topic", "stage", "year"})  # all its texts agree
FACETS = {"kind": "comment_kind"}  # what the index calls otherwise


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter: how many there are of it, and where it is chosen or given up."""

    value: str
    n: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """`chosen`: what it is narrowed to, by the name of its parameter. `also`: synonyms as well."""

    q: str = ""
    unit: Unit = "draft"
    sort: Order = "best"
    chosen: Mapping[str, str] = field(default_factory=dict)
    also: bool = True
    offset: int = 0
    draft_id: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be narrowed by."""
        names = OF_COMMENTS if self.unit == "comment" else OF_TEXTS
        return tuple(n for n in names if self.draft_id is None or n not in OF_A_DRAFT)

    @property
    def units(self) -> tuple[Unit, ...]:
        """What may be looked for."""
        return UNITS if self.draft_id is None else tuple(u for u in UNITS if u != "draft")

    @property
    def filters(self) -> dict[str, str]:
        """What it is narrowed to, of what it may be."""
        return {name: self.chosen[name] for name in self.names if self.chosen.get(name)}

    @property
    def unfiltered(self) -> "Asked":
        """The same, narrowed to nothing."""
        return self.but(**dict.fromkeys(self.chosen, ""))

    @property
    def path(self) -> str:
        return "/search" if self.draft_id is None else f"/drafts/{self.draft_id}/search"

    def but(self, **otherwise: Any) -> "Asked":
        """The same with some of it changed; it begins anew, unless an offset is given."""
        own = {name: otherwise.pop(name) for name in (*OWN, *PLACE) if name in otherwise}
        changed: dict[str, Any] = {"offset": 0, "chosen": {**self.chosen, **otherwise}} | own
        return replace(self, **changed)

    def parts(self) -> dict[str, str]:
        """Its parameters; what is as usual is left out."""
        usual = replace(self, q="", unit=self.units[0], sort="best", also=True, offset=0)
        own = {name: getattr(self, name) for name in OWN if name != "also"}
        own = {name: value for name, value in own.items() if value != getattr(usual, name)}
        own |= {} if self.also else {"also": "no"}
        return {**own, **self.filters, **({"offset": str(self.offset)} if self.offset else {})}

    def url(self, *, path: str = "", **otherwise: Any) -> str:
        """The address of the same with some of it changed, at its own path or another."""
        query = urlencode(self.but(**otherwise).parts())
        return f"{path or self.path}{'?' if query else ''}{query}"

    def query(self, lang: str, limit: int = PAGE) -> Query:
        """What the engine is asked; `lang` is that of the reader."""
        return Query(
            text=self.q,
            lang=lang,
            filters={FACETS.get(name, name): (value,) for name, value in self.filters.items()},
            limit=limit,
            offset=self.offset,
            unit=self.unit,
            draft_id=self.draft_id,
            order=self.sort,
        )

    def counts(self, page: Page) -> dict[str, dict[str, int]]:
        """How many there are of each value; years from the newest, all else by number."""
        found = {name: page.facets.get(FACETS.get(name, name), {}) for name in self.names}
        return {name: dict(_ordered(name, counts)) for name, counts in found.items()}

    def options(self, page: Page) -> dict[str, list[Option]]:
        """What each filter offers, by its name."""
        return {
            name: [self._option(name, value, n) for value, n in counts.items()]
            for name, counts in self.counts(page).items()
            if counts
        }

    def _option(self, name: str, value: str, n: int) -> Option:
        chosen = self.filters.get(name) == value
        return Option(value, n, self.url(**{name: "" if chosen else value}), chosen)

    def shorter(self) -> list[tuple[str, str]]:
        """The words of a question that may ask too much, each with the address of the others."""
        said = self.q.split()
        if not 1 < len(said) < 6 or any(sign in self.q for sign in '"«»“”„'):
            return []
        others = (" ".join(said[:at] + said[at + 1 :]) for at in range(len(said)))
        return [(word, self.url(q=rest)) for word, rest in zip(said, others, strict=True)]


OWN = ("q", "unit", "sort", "also")
PLACE = ("offset", "draft_id")


def _ordered(name: str, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    if name == "year":
        return sorted(counts.items(), reverse=True)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
