"""A brief put into words in one language, for paper: a page of each amount (cutting.py).

What people wrote stands as they wrote it, with its own language beside it. How it looks is
brief.typ; the page on the screen has its template.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from consult import marks
from consult.answers.rules import OUTCOMES
from consult.db import text_in
from consult.errors import N_
from consult.i18n.catalogues import LANGUAGES, translations
from consult.parliament.cutting import AMOUNTS, Amount, Left, cut, cut_pieces
from consult.polls.models import PollQuestion
from consult.polls.queries import Told
from consult.procedure.deadlines import last_day
from consult.procedure.packs import RulePack
from consult.statistics.brief import Brief, Change, Held, MainIssue
from consult.statistics.metrics import metrics
from consult.statistics.rules import LEAST, OTHER, most_disputed, percent
from consult.templating import environment

HEADING = N_("Brief for parliament")
SURVEY = N_("Those who took part chose to; this is not a survey.")
DISPUTED = 5  # provisions told of
ROUNDS = 2  # the newest
NAME = 120  # characters of an agency, a provision


@dataclass(frozen=True, slots=True)
class Bill:
    """What a page says of the bill itself; `places` are what its provisions are called, by wid."""

    titles: Mapping[str, Any]
    agency: Mapping[str, Any]
    act_type: str
    stage: str
    places: Mapping[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words with their language. `bold` comes before them, in its own or the page's language, and
    then `lead`, in the page's."""

    text: str
    lang: str
    bold: str = ""
    bold_lang: str = ""
    lead: str = ""


Piece = tuple[str, str]  # words, their language


def paper_of(
    brief: Brief, bill: Bill, lang: str, *, pack: RulePack, now: datetime
) -> dict[str, Any]:
    """All that the sheet needs, as plain data: the words, and a page of each amount."""
    words = _Wording(brief, bill, lang, pack)
    title, title_lang = text_in(dict(bill.titles), lang)
    return {
        "lang": lang,
        "heading": words.say(HEADING),
        "title": cut(title, 250),
        "agency": cut(text_in(dict(bill.agency), lang)[0], NAME),
        "url": bill.url,
        "labels": words.labels(),
        "pages": [
            words.page(amount, asdict(Line(cut(title, amount.title), title_lang)), now)
            for amount in AMOUNTS
        ],
    }


class _Wording:
    """What says things in one language."""

    def __init__(self, brief: Brief, bill: Bill, lang: str, pack: RulePack) -> None:
        self.brief, self.bill, self.lang, self.pack = brief, bill, lang, pack
        self.figures = brief.counts.figures
        self.say, self.ngettext = translations(lang).gettext, translations(lang).ngettext
        page = environment(lang, pack.tz)
        # The words of every status stand in one place, which is a template.
        self.status: Any = page.get_template("components/status.html").module
        self.told: Any = page.get_template("statistics/_words.html").make_module({"pack": pack})
        self.day, self.number = page.filters["date"], page.filters["number"]

    def labels(self) -> dict[str, str]:
        told = {
            "disputed": N_("Provisions most disputed"),
            "outcomes": N_("What became of it"),
            "duties": N_("Duties met and owed"),
            "spread": N_("Regions and languages"),
            "issues": N_("Main issues, and what was best supported on each side"),
            "changes": N_("Changed because of comments"),
            "polls": N_("Questions to the public"),
            "for": N_("For:"),
            "against": N_("Against:"),
        }
        return {key: self.say(words) for key, words in told.items()}

    def page(self, amount: Amount, title: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """One page, with as much on it as `amount` says."""
        left = Left()
        kind = self.pack.act_types.get(self.bill.act_type)
        about = (
            kind.in_language(self.lang) if kind else "",
            self.status.STAGES[self.bill.stage][0],
        )
        as_of = self.say(N_("As of %(moment)s.")) % {"moment": self.day(now)}
        page = {
            "size": amount.size,
            "title": title,
            "about": " · ".join(filter(None, about)),
            "survey": f"{self.say(SURVEY)} {as_of}",
            "terms": [list(map(list, term)) for term in self.terms(left)],
            "figures": list(map(list, self.tiles())) if self.brief.held else [],
            "boxes": [
                [
                    {"label": label, "lines": list(map(asdict, left.first(lines, amount.lines)))}
                    for label, lines in column
                ]
                for column in self.boxes(amount)
            ],
            "issues": [self.issue(one, amount) for one in left.first(self.issues(), amount.issues)],
            "changes": [
                self.change(one, amount) for one in left.first(self.brief.changes, amount.changes)
            ],
        }
        polls = [self.poll(told, amount) for told in self.brief.polls]
        page["polls"] = list(map(asdict, left.first(polls, amount.lines)))
        return page | {"left": self.left_out(left.n)}

    def poll(self, told: Told, amount: Amount) -> Line:
        """A question and how it was answered: the commonest answer first, a scale in its order."""
        words, lang = text_in(told.question.words, self.lang)
        question = f"{cut(words, amount.line)} "
        if told.result is None:
            few = self.say(N_("Fewer than %(count)s people answered."))
            return Line(few % {"count": LEAST}, self.lang, question, lang)
        whole = told.result.whole.n
        answered = self.ngettext("%(count)s person answered", "%(count)s people answered", whole)
        parts = list(enumerate(told.result.parts))
        if told.question.kind != "scale":
            parts.sort(key=lambda one: -one[1].n)
        shares = []
        for i, part in parts:
            said = self.say(N_("%(count)s %%")) % {"count": percent(part.n / whole)}
            shares.append(f"{self.option(told.question, i)}: {said}")
        lead = answered % {"count": self.number(whole)} + ("; " if shares else "")
        return Line(cut("; ".join(shares), 2 * amount.line), lang, question, lang, lead)

    def option(self, question: PollQuestion, i: int) -> str:
        if question.kind == "scale":
            return str(i + 1)
        return text_in(question.options[i], self.lang)[0]

    def left_out(self, n: int) -> str:
        """What the page says of what it has no room for."""
        if not n:
            return ""
        said = self.ngettext(
            "Cut to fit one page: %(count)s line left out, long texts end in dots. All of it:",
            "Cut to fit one page: %(count)s lines left out, long texts end in dots. All of it:",
            n,
        )
        return said % {"count": self.number(n)}

    def terms(self, left: Left) -> Iterable[list[Piece]]:
        """How long each of the newest rounds was open against what the law asks for."""
        held = self.brief.held
        if not held:
            none = N_(
                "The discussion of this draft has not begun, so there is nothing to tell yet."
            )
            yield [(self.say(none), self.lang)]
        several = len(held) > 1
        for each in left.first(list(reversed(held)), ROUNDS):
            head = self.say(N_("Round %(n)s.")) % {"n": each.round} if several else ""
            yield [(f"{head} ".lstrip(), self.lang), *self.term(each)]

    def term(self, held: Held) -> Iterable[Piece]:
        days = self.ngettext("%(count)s day", "%(count)s days", held.days)
        least = self.ngettext(
            "the law asks for %(count)s day at least",
            "the law asks for %(count)s days at least",
            held.minimum,
        )
        opened = self.say(N_("Open from %(first)s to %(last)s:")) % {
            "first": self.day(held.opens_at),
            "last": self.day(last_day(held.closes_at, self.pack.tz)),
        }
        said = f"{opened} {days % {'count': self.number(held.days)}}, "
        said += least % {"count": self.number(held.minimum)}
        yield f"{said} (", self.lang
        yield cut(held.computation.citation, 200), held.computation.citation_lang
        yield ").", self.lang
        if held.exception:
            basis = self.say(N_("A shorter term by exception: %(basis)s."))
            yield " " + basis % {"basis": cut(held.exception, 80)}, self.lang

    def tiles(self) -> Iterable[tuple[str, str, str]]:
        """(what, how much, what is said beside it)."""
        f = self.figures
        people = f["people"]
        known = [
            f"{name}: {self.number(people.part('identity', code))}"
            for code, name in self.told.IDENTITIES.items()
        ]
        yield self.tile("people", self.number(people.value or 0), "; ".join(known))
        texts = self.ngettext(
            "%(count)s distinct text",
            "%(count)s distinct texts",
            int(f["distinct_texts"].value or 0),
        )
        points = sum(1 for issue in self.brief.issues if issue.title)
        beside = [texts % {"count": self.number(f["distinct_texts"].value or 0)}]
        if points:
            said = self.ngettext("%(count)s issue", "%(count)s issues", points)
            beside.append(said % {"count": self.number(points)})
        yield self.tile("comments", self.number(f["comments"].value or 0), "; ".join(beside))
        said = self.say(N_("%(answered)s of %(comments)s answered"))
        numbers = {"answered": f["answers"].value or 0, "comments": f["answers_owed"].value or 0}
        yield self.tile(
            "share_answered",
            self.share("share_answered"),
            said % {k: self.number(n) for k, n in numbers.items()},
        )
        said = self.say(N_("on time %(on_time)s, late %(late)s, overdue %(overdue)s"))
        kept = {code: self.number(n or 0) for code, n in f["duties"].by["standing"].items()}
        yield self.tile("share_on_time", self.share("share_on_time"), said % kept)
        yield self.tile("changed_provisions", self.number(f["changed_provisions"].value or 0), "")

    def tile(self, code: str, value: str, beside: str) -> tuple[str, str, str]:
        return metrics()[code].names.in_language(self.lang), value, beside

    def share(self, code: str) -> str:
        value = self.figures[code].value
        if value is None:
            return self.say(N_("no data"))
        return self.say(N_("%(count)s %%")) % {"count": self.number(percent(value) or 0)}

    def boxes(self, amount: Amount) -> list[list[tuple[str, list[Line]]]]:
        """Headings with lines beneath them, in two columns."""
        if not self.brief.held:
            return []
        labels = self.labels()
        disputed = labels["disputed"], self.disputed(amount)
        became = labels["outcomes"], self.outcomes()
        duties = labels["duties"], self.duties(amount)
        return [[disputed, became], [duties, (labels["spread"], self.spread(amount))]]

    def place(self, wid: str, most: int) -> str:
        return cut(self.bill.places.get(wid) or wid, most)

    def disputed(self, amount: Amount) -> list[Line]:
        said = self.say(N_("%(for_n)s for, %(against_n)s against"))
        lines = [
            Line(
                said
                % {
                    "for_n": self.number(place.voices_for),
                    "against_n": self.number(place.voices_against),
                },
                self.lang,
                f"{self.place(place.wid, amount.line)}: ",
            )
            for place in most_disputed(self.brief.counts.places, DISPUTED)
        ]
        return lines or [self.plain(N_("No voice was raised against any provision."))]

    def outcomes(self) -> list[Line]:
        counts = self.figures["answers"].by["outcome"]
        lines = [
            Line(self.number(counts[code] or 0), self.lang, f"{self.status.OUTCOMES[code][0]}: ")
            for code in OUTCOMES
            if counts.get(code)
        ]
        return lines or [self.plain(N_("No answers are published yet."))]

    def duties(self, amount: Amount) -> list[Line]:
        """Those that are overdue come first: they are what is owed."""
        rows = sorted(self.brief.counts.duties, key=lambda row: row.standing != "overdue")
        lines = []
        for row in rows:
            duty = self.pack.duties.get(row.duty)
            name = duty.names.in_language(self.lang) if duty else row.duty
            said = self.told.STANDINGS[row.standing]
            if row.standing != "on_time" and row.due_at:
                due = self.say(N_("due %(date)s"))
                said += ", " + due % {"date": self.day(last_day(row.due_at, self.pack.tz))}
            lines.append(Line(said, self.lang, f"{cut(name, amount.line)}: "))
        return lines or [self.plain(N_("There are no duties yet."))]

    def spread(self, amount: Amount) -> list[Line]:
        people = self.figures["people"]
        regions = people.by.get("region", {})
        told = cut(self.listed(regions, self.region), 2 * amount.line)
        if regions and (rest := people.rest("region")):
            said = self.ngettext(
                "%(count)s person is in none of these numbers: those are rounded down"
                " to a multiple of %(step)s, or not shown.",
                "%(count)s people are in none of these numbers: those are rounded down"
                " to a multiple of %(step)s, or not shown.",
                rest,
            )
            told += ". " + said % {"count": self.number(rest), "step": LEAST}
        langs = self.figures["comments"].by.get("language", {})
        return [
            Line(
                told,
                self.lang,
                self.say(N_("People by region")) + ": ",
            ),
            Line(
                cut(self.listed(langs, self.tongue), 2 * amount.line),
                self.lang,
                self.say(N_("Comments by language")) + ": ",
            ),
        ]

    def listed(self, parts: Mapping[str, int | None], name: Any) -> str:
        few = self.say(N_("fewer than %(count)s")) % {"count": LEAST}
        hidden = {"": self.say(N_("not shown"))}  # so many that the others would follow from them
        told = [
            f"{name(code)} {hidden.get(code, few) if n is None else self.number(n)}"
            for code, n in parts.items()
        ]
        return "; ".join(told) or self.say(N_("no data"))

    def region(self, name: str) -> str:
        return cut(self.told.where(name).unescape(), 60)

    def tongue(self, code: str) -> str:
        return self.say(N_("Not shown one by one")) if code == OTHER else LANGUAGES.get(code, code)

    def plain(self, sentence: str) -> Line:
        return Line(self.say(sentence), self.lang)

    def issues(self) -> Sequence[MainIssue]:
        return self.brief.issues

    def issue(self, issue: MainIssue, amount: Amount) -> dict[str, Any]:
        """A point with its outcome, and the best argument on each side."""
        title = issue.title or self.say(
            N_("All comments") if len(self.brief.issues) == 1 else N_("Other comments")
        )
        count = self.ngettext("%(count)s comment", "%(count)s comments", issue.comments)
        outcome = self.status.OUTCOMES[issue.outcome][0] if issue.outcome else ""
        sides = {"support": N_("For:"), "oppose": N_("Against:")}
        if list(issue.best) == ["neutral"]:
            sides = {"neutral": N_("Neutral:")}
        return {
            "title": cut(title, amount.line),
            "lang": (issue.title and issue.lang) or self.lang,
            "about": ", ".join(
                filter(None, (count % {"count": self.number(issue.comments)}, outcome))
            ),
            "sides": [
                self.voice(self.say(label), issue.best[stance], amount)
                for stance, label in sides.items()
                if stance in issue.best
            ],
        }

    def voice(self, side: str, row: Any, amount: Amount) -> dict[str, str]:
        said = self.say(N_("%(for_n)s for, %(against_n)s against"))
        votes = said % {"for_n": self.number(row.for_n), "against_n": self.number(row.against_n)}
        text = marks.spoken(cut(row.body, amount.quote), self.say(marks.PERSONAL_DATA))
        return {
            "side": side,
            "text": text,
            "lang": row.lang,
            "who": f"{cut(row.who.said(self.say), 60)}, {votes}",
        }

    def change(self, change: Change, amount: Amount) -> dict[str, Any]:
        return {
            "place": self.place(change.wid, amount.line),
            "lang": change.lang,
            "pieces": [list(piece) for piece in cut_pieces(change.pieces, amount.change)],
        }
