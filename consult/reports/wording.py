"""A report put into words in one language, for the files that are made of it.

Headings, outcomes, kinds and dates come from the catalogues; what people wrote stands as they wrote
it, with its own language beside it. How a file looks is writing/; pages have their templates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from babel.numbers import format_percent

from consult import marks
from consult.db import text_in
from consult.errors import N_
from consult.i18n.catalogues import LOCALES, translations
from consult.procedure.deadlines import last_day
from consult.procedure.packs import RulePack
from consult.reports.snapshot import Campaign, Change, Head, Row, Said, Snapshot
from consult.templating import environment

TITLE = N_("Report on the public discussion")
COLUMNS = (
    "№",
    N_("Provision"),
    N_("Who"),
    N_("Proposal"),
    N_("Decision"),
    N_("Reason"),
    N_("Where the text changed"),
)
GONE = {
    "withdrawn": N_("Withdrawn by its author."),
    "removed": N_("Removed at the request of its author."),
    "disavowed": N_("Sent in somebody's name who says it is not theirs."),
    "hidden": N_("Hidden by a moderator."),
    "held": N_("Held until a moderator has looked at it."),
}
WHOLE = N_("The draft as a whole")
AS_ABOVE = N_("The same answer as above.")
DELETION = N_("Proposes to delete it.")
KINDS_OF_CHANGE = {"edited": N_("Changed"), "added": N_("Added"), "deleted": N_("Deleted")}
UNEXPLAINED = N_("No answer says because of what.")
DISTINCT = N_("Comments with the very same words are one text.")
TEMPLATE = N_(
    "Of the unlike things that were answered with a reason, those that got the same wording."
)


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its language."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts; a share is a float. `written`: as it is said."""

    label: str
    value: int | float
    written: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A comment in words. Without `gone` there are words; with it, it says why there are none."""

    receipt: str
    address: str
    place: str
    name: str
    region: str
    mandate: str
    kind: str
    stance: str
    channel: str
    about: str
    gone: str
    lang: str
    quote: str
    proposal: str
    proposed: str
    said_at: datetime | None

    @property
    def who(self) -> str:
        """Name, region and on whose behalf, as far as they are told."""
        return ", ".join(filter(None, (self.name, self.region, self.mandate)))


@dataclass(frozen=True, slots=True)
class Decided:
    """A row in words: the answer, and the comments it answers."""

    number: int
    issue: str
    outcome: str
    reason: Words
    changed: str
    change_url: str
    before: str
    after: str
    comments: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed provision in words; `because` names the rows that say why."""

    place: str
    kind: str
    before: Words
    after: Words
    because: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A campaign in words."""

    text: Words
    counts: str
    row: str
    added: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole report in one language. `labels` are the words of its headings."""

    lang: str
    heading: str
    title: Words
    agency: str
    issue: str
    address: str
    round: int
    country: str
    published_at: datetime
    facts: tuple[tuple[str, Words], ...]
    figures: tuple[Figure, ...]
    columns: tuple[str, ...]
    rows: tuple[Decided, ...]
    changes: tuple[Changed, ...]
    campaigns: tuple[Sent, ...]
    labels: Mapping[str, str] = field(default_factory=dict)


LABELS = {
    "figures": N_("Figures"),
    "changes": N_("Changed provisions"),
    "campaigns": N_("Campaigns: one text sent many times"),
    "rows": N_("Comments and answers"),
    "nothing": N_("Nobody commented in this round."),
    "proposed": N_("Proposed wording"),
    "before": N_("Before"),
    "after": N_("After"),
    "because": N_("Because of"),
    "kind": N_("Kind"),
    "stance": N_("Stance"),
    "channel": N_("How it came"),
    "receipt": N_("Receipt"),
    "date": N_("Date"),
    "region": N_("Region"),
    "mandate": N_("On behalf of"),
    "signed": N_("Signatures"),
    "quote": N_("Quoted words"),
    "group": N_("Group"),
    "row": N_("Row"),
    "page": N_("Page"),
    "added": N_("What people added of their own"),
    "same": AS_ABOVE,
    "provision": N_("Provision"),
    "figure": N_("Figure"),
    "value": N_("Value"),
    "note": N_("What it means"),
    "address": N_("Permanent address"),
}


def paper_of(snapshot: Snapshot, lang: str, *, pack: RulePack, site: str) -> Paper:
    """The report in a language of the interface; `site` is the public address of the site."""
    return _Wording(snapshot.head, lang, pack, site).paper(snapshot)


class _Wording:
    """What says things in one language."""

    def __init__(self, head: Head, lang: str, pack: RulePack, site: str) -> None:
        self.head, self.lang, self.pack, self.site = head, lang, pack, site
        self.say = translations(lang).gettext
        page = environment(lang, pack.tz)
        # The words of every status stand in one place, which is a template.
        self.status: Any = page.get_template("components/status.html").module
        self.day, self.number = page.filters["date"], page.filters["number"]

    def paper(self, snapshot: Snapshot) -> Paper:
        head = snapshot.head
        published = datetime.fromisoformat(head.published_at).astimezone(self.pack.tz)
        issue = self.say(N_("Round {n}, published on {date}"))
        return Paper(
            lang=self.lang,
            heading=self.say(TITLE),
            title=Words(*text_in(dict(head.titles), self.lang)),
            agency=text_in(dict(head.agency), self.lang)[0],
            issue=issue.format(n=head.round, date=self.day(published)),
            address=f"{self.site}/drafts/{head.draft_id}/report/{head.round}",
            round=head.round,
            country=self.pack.country.lower(),
            published_at=published,
            facts=tuple(self.facts()),
            figures=tuple(self.figures()),
            columns=tuple(self.say(column) for column in COLUMNS),
            rows=tuple(self.row(row) for row in snapshot.rows),
            changes=tuple(self.change(change) for change in snapshot.changes),
            campaigns=tuple(self.campaign(campaign) for campaign in snapshot.campaigns),
            labels={key: self.say(words) for key, words in LABELS.items()},
        )

    def facts(self) -> Iterable[tuple[str, Words]]:
        """What the report is on, and of which days."""
        head, say = self.head, self.say
        kind = self.pack.act_types.get(head.act_type)
        opens = self.day(datetime.fromisoformat(head.opens_at))
        closes = self.day(last_day(datetime.fromisoformat(head.closes_at), self.pack.tz))
        told = [
            (N_("Agency"), text_in(dict(head.agency), self.lang)[0]),
            (N_("Kind of act"), kind.in_language(self.lang) if kind else head.act_type),
            (N_("Open for comment"), f"{opens} — {closes}"),
            (N_("Version discussed"), str(head.version)),
        ]
        if head.newest > head.version:
            told.append((N_("Version after the discussion"), str(head.newest)))
        if head.rounds > 1:
            said = say(N_("{n} of {all}")).format(n=head.round, all=head.rounds)
            told.append((N_("Round"), said))
        for label, value in told:
            yield say(label), Words(value, self.lang)
        if head.term:
            yield say(N_("Legal term")), Words(self.term(head.term), self.lang)
            yield say(N_("Legal basis")), Words(head.term["citation"], head.term["citation_lang"])
            if head.term["exception"]:
                spoken = self.lang if self.lang in head.langs else next(iter(head.langs), self.lang)
                basis = Words(head.term["exception"], spoken)
                yield say(N_("Shorter than the legal minimum:")).rstrip(":"), basis
        site = Words(f"{self.site}/drafts/{head.draft_id}/report/{head.round}", self.lang)
        yield say(LABELS["address"]), site

    def term(self, term: Mapping[str, Any]) -> str:
        amount = translations(self.lang).ngettext
        n = term["amount"]
        units = {
            "working_day": amount("%(count)s working day", "%(count)s working days", n),
            "calendar_day": amount("%(count)s calendar day", "%(count)s calendar days", n),
            "month": amount("%(count)s month", "%(count)s months", n),
        }
        until = self.day(date.fromisoformat(term["earliest"]))
        said = self.say(N_("at least {term}, to {date} at the earliest"))
        return said.format(term=units[term["unit"]] % {"count": n}, date=until)

    def figures(self) -> Iterable[Figure]:
        """The counts, each with what it means where its name does not tell."""
        head, status = self.head, self.status
        yield replace(self.figure(N_("Comments and replies"), head.comments), note=self.parts())
        if head.distinct is not None:
            yield self.figure(N_("Distinct texts"), head.distinct, DISTINCT)
        if head.organisations is None:
            yield self.figure(N_("People and organisations who commented"), head.people)
        else:
            yield self.figure(N_("People who commented"), head.people)
            yield self.figure(N_("Organisations that commented"), head.organisations)
        if head.signatures:
            yield self.figure(N_("Signatures under comments"), head.signatures)
        yield from self.named(status.OUTCOMES, head.outcomes)
        if len(head.channels) > 1:
            yield from self.named(status.CHANNELS, head.channels)
        yield from self.quality()

    def parts(self) -> str:
        """How many are replies, because other counts of the site are of comments alone."""
        if not self.head.replies:
            return ""
        told = {
            N_("Comments"): self.head.comments - self.head.replies,
            N_("Replies"): self.head.replies,
        }
        return " · ".join(f"{self.say(label)}: {self.number(n)}" for label, n in told.items())

    def quality(self) -> Iterable[Figure]:
        """What the counts say of how people were answered."""
        head = self.head
        if head.answers:
            share = (head.template or 0) / head.answers
            yield self.figure(N_("Template answers"), share, TEMPLATE)
        if head.changes_n is not None:
            yield self.figure(N_("Provisions changed"), head.changes_n)
            yield self.figure(N_("Provisions changed without a source"), head.unexplained)
            yield self.figure(N_("Answers that accept something"), head.promised)
            yield self.figure(N_("Of these, in the text already"), head.kept)

    def named(
        self, names: Mapping[str, tuple[str, str]], counts: Mapping[str, int]
    ) -> Iterable[Figure]:
        """The counts there are, by what the status they count is called."""
        for code, (label, _) in names.items():
            if counts.get(code):
                yield Figure(label, counts[code], self.number(counts[code]))

    def figure(self, label: str, value: int | float, note: str = "") -> Figure:
        share = isinstance(value, float)
        written = format_percent(value, locale=LOCALES[self.lang]) if share else self.number(value)
        return Figure(self.say(label), value, written, self.say(note) if note else "")

    def row(self, row: Row) -> Decided:
        answer = row.answer
        return Decided(
            number=row.number,
            issue=answer.issue,
            outcome=self.status.OUTCOMES[answer.outcome][0],
            reason=Words(answer.reason, answer.lang),
            changed=text_in(dict(answer.places), self.lang)[0] or answer.wid,
            change_url=self.change_url(answer.wid),
            before=answer.before if answer.before != answer.after else "",
            after=answer.after if answer.before != answer.after else "",
            comments=tuple(self.comment(said) for said in row.said),
        )

    def change_url(self, wid: str) -> str:
        path = f"/drafts/{self.head.draft_id}/comparison?at={wid}#{wid}"
        return f"{self.site}{path}" if wid else ""

    def comment(self, said: Said) -> Told:
        status = self.status
        kind, stance = status.KINDS[said.kind][0], status.STANCES[said.stance][0]
        channel = status.CHANNELS[said.channel][0]
        about = [kind, stance if said.stance != "neutral" else ""]
        about.append(channel if said.channel != "web" else "")
        deletion = said.change == "deletion" and not said.proposed and not said.gone
        return Told(
            receipt=said.receipt,
            address=f"{self.site}/comments/{said.comment_id}",
            place=text_in(dict(said.places), self.lang)[0] or self.say(WHOLE),
            name="" if said.gone else said.public.said(self.say),
            region=said.region,
            mandate=self.marked(said.mandate),
            kind=kind,
            stance=stance,
            channel=channel,
            about=", ".join(filter(None, about)),
            gone=self.say(GONE[said.gone]) if said.gone else "",
            lang=said.lang,
            quote=self.marked(said.quote),
            proposal=self.marked(said.proposal),
            proposed=self.say(DELETION) if deletion else self.marked(said.proposed),
            said_at=_instant(said.said_at, self.pack),
        )

    def marked(self, text: str) -> str:
        """The text with the marks of what was removed in the language of the paper."""
        return marks.spoken(text, self.say(marks.PERSONAL_DATA))

    def change(self, change: Change) -> Changed:
        before, after, lang = change.in_language(self.lang)
        rows = ", ".join(f"№ {number}" for number in change.sources)
        return Changed(
            place=text_in(dict(change.places), self.lang)[0] or change.wid,
            kind=self.say(KINDS_OF_CHANGE[change.kind]),
            before=Words(before, lang),
            after=Words(after, lang),
            because=rows or self.say(UNEXPLAINED),
        )

    def campaign(self, campaign: Campaign) -> Sent:
        counts = self.say(N_("{n} comments, {texts} distinct texts"))
        text = campaign.text or self.say(N_("Its words are no longer shown."))
        return Sent(
            text=Words(self.marked(text), campaign.lang if campaign.text else self.lang),
            counts=counts.format(
                n=self.number(campaign.submissions), texts=self.number(campaign.distinct)
            ),
            row=f"№ {campaign.row}",
            added=tuple(Words(self.marked(one.words), one.lang) for one in campaign.residues),
        )


def _instant(at: str, pack: RulePack) -> datetime | None:
    return datetime.fromisoformat(at).astimezone(pack.tz) if at else None
