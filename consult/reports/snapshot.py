"""[pure] A report as it was kept, and as it may be shown today. What is kept is in content.py.

Reads every form in which a report was ever stored: a report is read for as long as the law that
came of it, and nothing that was published is written anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import groupby
from typing import Any, TypeVar

from consult.errors import Unsupported
from consult.naming import FORMER, PublicName

SCHEMA = 2
WORDS = ("quote", "who", "who_kind", "region", "mandate", "proposal", "proposed")
ROWS, CHANGES, CAMPAIGNS = PARTS = ("rows", "changes", "campaigns")

Names = Mapping[str, str]  # by language
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a comment after the report: `gone` ("withdrawn" …), or words taken out.

    `words` are those that may still be said: {"proposal": …, "proposed": …}; empty where the
    snapshot may be shown as it is.
    """

    gone: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment as the report has it; `places` is what its provision is called.

    `gone` says why its words are no longer shown, `redacted` that something was taken out. Who
    said it (`who`, `who_kind`, `region`: naming.PublicName) is as the public sees them today.
    """

    comment_id: int
    receipt: str
    wid: str
    places: Names
    quote: str
    who: str
    who_kind: str
    is_organisation: bool
    region: str
    lang: str
    kind: str
    stance: str
    proposal: str
    proposed: str
    change: str = ""
    mandate: str = ""
    channel: str = "web"
    signed: int = 0
    is_reply: bool = False
    said_at: str = ""
    gone: str = ""
    redacted: bool = False

    def since(self, what: Since | None) -> "Said":
        """The same, without the words that may no longer be shown."""
        if what is None:
            return self
        if what.gone:
            return replace(self, gone=what.gone, **dict.fromkeys(WORDS, ""))  # type: ignore[arg-type]
        return replace(self, **what.words, redacted=bool(what.words))  # type: ignore[arg-type]

    @property
    def public(self) -> PublicName:
        """Whom the public sees."""
        return PublicName(self.who_kind, self.who, self.region)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided, for what reason, and which provision (`wid`) reads otherwise since.

    `issue` is the title of the group that is answered, "" for a comment answered by itself.
    """

    issue: str
    outcome: str
    reason: str
    lang: str
    wid: str
    places: Names
    before: str
    after: str
    comments: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: an answer with the comments it answers.

    `said` may be a part of them; then `continued` tells that others came on the page before.
    """

    number: int
    answer: Answer
    said: tuple[Said, ...]
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A provision that reads otherwise; `sources` are the numbers of the rows that say why.

    `words` are, by language, what it was before and after; "" where it did not or does not stand.
    """

    wid: str
    kind: str
    places: Names
    words: Mapping[str, Sequence[str]]
    sources: Sequence[int]

    def in_language(self, lang: str) -> tuple[str, str, str]:
        """(before, after, the language of these words), in that language if they are there."""
        found = lang if lang in self.words else next(iter(self.words), lang)
        before, after = self.words.get(found, ("", ""))
        return before, after, found


@dataclass(frozen=True, slots=True)
class Residue:
    """What one person added of their own to the text of a campaign."""

    comment_id: int
    lang: str
    words: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """Comments that are one text but for some words. `row` answers the one nearest to all."""

    comment_id: int
    lang: str
    text: str
    submissions: int
    distinct: int
    row: int
    residues: Sequence[Residue] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What a report says of the whole. Empty where the form it was kept in did not tell it.

    `titles` may speak other languages than the text, whose languages are `langs`; of `comments`
    so many are `replies`. `term` is the rule: {amount, unit, citation, citation_lang, earliest,
    exception}; `outcomes` and `channels` count comments; of `answers` so many reasons are, near
    enough, one of the `template` others. `unexplained` changes have no source; of `promised`
    accepted proposals so many are `kept` by the text already.
    """

    schema: int
    draft_id: int
    titles: Names
    agency: Names
    act_type: str
    version: int
    round: int
    opens_at: str
    closes_at: str
    published_at: str
    people: int
    comments: int
    replies: int = 0
    langs: Sequence[str] = ()
    newest: int = 0
    rounds: int = 0
    organisations: int | None = None
    distinct: int | None = None
    signatures: int = 0
    channels: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    term: Mapping[str, Any] | None = None
    answers: int | None = None
    template: int | None = None
    changes_n: int | None = None
    unexplained: int = 0
    promised: int = 0
    kept: int = 0
    campaigns_n: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A report, whole or some pages of it."""

    head: Head
    rows: tuple[Row, ...]
    changes: tuple[Change, ...] = ()
    campaigns: tuple[Campaign, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one part of a report as it is stored; `begins` is the first line of its row."""

    number: int
    begins: int
    content: Mapping[str, Any]


def read_head(content: Mapping[str, Any]) -> Head:
    """What is kept of the whole, in whichever form. Raises Unsupported for one of tomorrow."""
    schema = content.get("schema", 1)
    if schema > SCHEMA:
        raise Unsupported("This report was written by a newer version of the site.")
    if schema == 1:
        content = {**content, "schema": 1, "outcomes": _counted_of_first(content)}
    return _made(Head, {"langs": list(content["titles"]), **content})


def lines_of_first(content: Mapping[str, Any]) -> list[Line] | None:
    """The comments of a report of the first form, which held them all; None for any later."""
    if content.get("schema", 1) > 1:
        return None
    return [Line(at, at, _line_of_first(row)) for at, row in enumerate(content["rows"], start=1)]


def _line_of_first(row: Mapping[str, Any]) -> dict[str, Any]:
    """A comment of the first form, in which each row was one, named in one language."""
    answer = {
        "issue": row["issue"],
        "outcome": row["outcome"],
        "reason": row["reason"],
        "lang": row["reason_lang"],
        "wid": row["changed_wid"],
        "places": {},
        "before": row["before"],
        "after": row["after"],
        "comments": 1,
    }
    places = {"": row["provision"]} if row["provision"] else {}
    return {**row, "row": row["number"], "places": places, "answer": answer}


def _counted_of_first(content: Mapping[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in content["rows"]:
        found[row["outcome"]] = found.get(row["outcome"], 0) + 1
    return found


def read_rows(
    lines: Iterable[Line],
    since: Mapping[int, Since],
    names: Mapping[int, PublicName],
    firsts: Iterable[Line] = (),
) -> tuple[Row, ...]:
    """The rows these lines make, as they may be shown.

    `names` are the authors by comment: a name that was kept once is not read. `firsts` are the
    first lines of rows that began before: they hold the answer.
    """
    answers = {line.begins: line.content["answer"] for line in firsts}
    rows = []
    for begins, found in groupby(lines, key=lambda line: line.begins):
        own = list(found)
        continued = own[0].number != begins
        answer = answers[begins] if continued else own[0].content["answer"]
        said = (_made(Said, {**line.content, **_named(line, names)}) for line in own)
        shown = tuple(one.since(since.get(one.comment_id)) for one in said)
        rows.append(Row(own[0].content["row"], _made(Answer, answer), shown, continued))
    return tuple(rows)


def _named(line: Line, names: Mapping[int, PublicName]) -> dict[str, Any]:
    who = names.get(line.content["comment_id"], FORMER)
    return {
        "who": who.name,
        "who_kind": who.kind,
        "is_organisation": who.is_organisation,
        "region": who.region,
    }


def read_changes(lines: Iterable[Line]) -> tuple[Change, ...]:
    """The changed provisions of these lines."""
    return tuple(_made(Change, line.content) for line in lines)


def read_campaigns(lines: Iterable[Line], since: Mapping[int, Since]) -> tuple[Campaign, ...]:
    """The campaigns of these lines, without words of comments that are no longer shown as said.

    What was taken out of a comment may stand in what was kept of it here as well.
    """

    def untouched(comment_id: int) -> bool:
        then = since.get(comment_id)
        return then is None or not (then.gone or then.words)

    def shown(content: Mapping[str, Any]) -> Campaign:
        residues = tuple(
            _made(Residue, one) for one in content["residues"] if untouched(one["comment_id"])
        )
        text = content["text"] if untouched(content["comment_id"]) else ""
        return _made(Campaign, {**content, "text": text, "residues": residues})

    return tuple(shown(line.content) for line in lines)


def _made(kind: type[T], content: Mapping[str, Any]) -> T:
    """What the content says of such a thing; what it says besides is of another form."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in content.items() if name in known})
