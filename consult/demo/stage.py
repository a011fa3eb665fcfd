"""Plays the demonstration: each step through the same action as everybody uses, at its own time."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts import actions as accounts
from consult.accounts.demographics.actions import say
from consult.accounts.demographics.choices import choices
from consult.accounts.founding import found
from consult.accounts.models import Membership, Person
from consult.accounts.queries import actor_for, agency_by_code
from consult.answers.actions import approve, decide, group_comments
from consult.answers.models import Disposition
from consult.comments.actions import Place, Words, submit_comment
from consult.comments.models import Comment
from consult.consultations.actions import earliest_close, schedule
from consult.consultations.queries import current_round
from consult.consultations.rules import last_minute
from consult.demo import scenario
from consult.demo.texts import read_text
from consult.law.queries import Law, law_of
from consult.platform import Platform
from consult.reports.actions import publish_report
from consult.votes.actions import vote_on_comment, vote_on_text
from drafts.actions import keep_preview, publish_version, take_over
from drafts.comparative import rows as table
from drafts.comparative.actions import replace_rows
from drafts.confirmation.actions import confirm_all
from drafts.models import Draft, Provision
from drafts.queries import latest_version

PASSWORD = "kenesh-demo"  # noqa: S105 - printed for everybody who tries the demonstration
CLOSING_HOUR = timedelta(hours=18)
SEASON = -73


class Stage:
    """Remembers what came of each key of the scenario while it is played."""

    def __init__(self, platform: Platform, start: datetime) -> None:
        self.platform = platform
        self.start = start
        self.people: dict[str, int] = {}
        self.drafts: dict[str, int] = {}
        self.comments: dict[str, int] = {}
        self.issues: dict[str, int] = {}
        self.hearings: dict[str, int] = {}
        self.citizens: list[str] = []

    def at(self, day: float) -> datetime:
        """The instant so many days from the start."""
        return self.start + timedelta(days=day)

    def evening(self, day: float) -> datetime:
        """Six o'clock in the evening, local time, of a day."""
        local = self.at(day).astimezone(self.platform.pack.tz)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + CLOSING_HOUR).astimezone(self.start.tzinfo)

    def actor(self, session: Session, key: str) -> Actor:
        return actor_for(session, self.people[key])

    def staff(self, session: Session, role: str, agency: str) -> Actor:
        """Somebody who holds a role for an agency."""
        for person in scenario.load_scenario().person:
            if scenario.Held(role=role, agency=agency) in person.roles:
                return self.actor(session, person.key)
        raise LookupError(f"nobody is {role} of {agency}")

    def draft(self, session: Session, slug: str) -> Draft:
        return session.get_one(Draft, self.drafts[slug])

    def settle(self, session: Session, parts: scenario.Scenario, now: datetime) -> None:
        """Agencies and people. Bodies report on their periods since a season ago: only a single act
        is older than that."""
        since = max(now, self.at(SEASON))
        for body in parts.agency:
            agency = accounts.add_agency(
                session, code=body.code, names=body.names, kind=body.kind, now=since
            )
            if body.parent:
                agency.parent_id = agency_by_code(session, body.parent).id
        for person in parts.person:
            row = accounts.add_person(
                session,
                email=person.email,
                name=person.name,
                password=PASSWORD,
                lang=person.lang,
                region=person.region,
                now=now,
            )
            self.people[person.key] = row.id or 0
            self._speak(session, person, row, now)
            if not person.roles and not person.organisation:
                self.citizens.append(person.key)
                self._tell(session, row, now)
            for held in person.roles:
                body_id = agency_by_code(session, held.agency).id if held.agency else None
                accounts.grant(session, row.id or 0, Role(held.role), body_id, now)

    def _tell(self, session: Session, person: Person, now: datetime) -> None:
        """Two citizens in three say of themselves what may be counted."""
        n, known = len(self.citizens), choices(self.platform.pack)
        regions = self.platform.pack.regions
        called = {name: code for code, names in regions.items() for _, name in names}
        if n % 3:
            ages = list(known["age_band"])
            home = called.get(person.region, "")
            said = {"region": home, "age_band": ages[n % 5], "gender": ""}
            actor = actor_for(session, person.id or 0)
            say(session, actor=actor, said=said, known=known, now=now)

    def _speak(self, session: Session, person: scenario.Person, row: Person, now: datetime) -> None:
        """For an organisation of one's own, or for that of somebody who came before."""
        if person.organisation:
            named = {"name": person.organisation, "number": person.number}
            found(session, row, **named, mandate=person.mandate, now=now)
        if person.member_of:
            manager = session.get_one(Person, self.people[person.member_of])
            session.add(
                Membership(
                    organisation_id=manager.acts_for_id or 0,
                    person_id=row.id or 0,
                    mandate=person.mandate,
                    added_by=manager.id,
                    created_at=now,
                )
            )

    def bring_in(
        self, session: Session, part: scenario.Draft, version: scenario.Version, now: datetime
    ) -> None:
        """Import a version in each of its languages; a later version becomes public at once."""
        actor = self.staff(session, "officer", part.agency)
        for lang, name in version.files.items():
            known = self.drafts.get(part.slug)
            row = keep_preview(
                session,
                actor=actor,
                preview=read_text(self.platform.pack.acts[part.act_type], name, lang),
                agency_id=agency_by_code(session, part.agency).id or 0,
                draft=session.get_one(Draft, known) if known else None,
                facts={
                    "filename": name,
                    "act_type": part.act_type,
                    "topic": part.topic,
                    "title": part.titles[lang],
                    "summary": part.summaries.get(lang, ""),
                },
                now=now,
            )
            note = version.note.get(lang, "")
            taken = take_over(
                session, actor=actor, preview=row, pack=self.platform.pack, note=note, now=now
            )
            self.drafts[part.slug] = taken.draft_id
        draft = self.draft(session, part.slug)
        draft.titles, draft.summaries = dict(part.titles), dict(part.summaries)
        session.add(draft)
        newest = latest_version(session, draft.id or 0)
        if newest is None:
            return
        for lang, rows in version.table.items():
            replace_rows(
                session,
                actor=actor,
                draft=draft,
                version=newest,
                lang=lang,
                rows=[table.Words(**row.model_dump()) for row in rows],
                seen=table.stamp_of([]),
            )
        if version.n > 1:
            confirm_all(session, actor=actor, draft=draft, version=newest, now=now)
            publish_version(session, draft, newest, now)

    def set_dates(self, session: Session, part: scenario.Draft, now: datetime) -> None:
        """Announce the discussion."""
        if part.consultation:
            law = law_of(session, self.platform.pack)
            opens_at, closes_at = self.term(part, part.consultation, law)
            schedule(
                session,
                actor=self.staff(session, "officer", part.agency),
                draft=self.draft(session, part.slug),
                opens_at=opens_at,
                closes_at=closes_at,
                exception=part.consultation.exception,
                law=law,
                now=now,
            )

    def term(
        self, part: scenario.Draft, told: scenario.Term, law: Law
    ) -> tuple[datetime, datetime]:
        """Opening and closing; longer than told when holidays demand it."""
        opens_at, closes_at = self.at(told.opens_day), self.evening(told.closes_day)
        if not told.exception:
            earliest = earliest_close(law, part, opens_at)
            closes_at = max(closes_at, last_minute(earliest))
        return opens_at, closes_at

    def speak(self, session: Session, part: scenario.Comment, now: datetime) -> None:
        """A comment, in the language of the text it quotes."""
        draft = self.draft(session, part.draft)
        comment = submit_comment(
            session,
            actor=self.actor(session, part.author),
            draft=draft,
            place=self._place(session, draft, part),
            words=Words(body=part.text, kind=part.kind, stance=part.stance, proposed=part.proposed),
            lang=part.lang,
            most=self.platform.settings.comment_max_chars,
            now=now,
        )
        self.comments[part.key] = comment.id or 0

    def _place(self, session: Session, draft: Draft, part: scenario.Comment) -> Place:
        if part.reply_to:
            return Place(parent_id=self.comments[part.reply_to])
        return self.place(session, draft, part.provision, part.lang, part.quote)

    @staticmethod
    def place(session: Session, draft: Draft, wid: str, lang: str, quote: str = "") -> Place:
        """A provision of the text under discussion, in the language of the quote if it has one."""
        if not wid:
            return Place()
        consultation = current_round(session, draft.id or 0)
        rows = session.exec(
            select(Provision).where(
                Provision.version_id == (consultation.version_id if consultation else 0),
                Provision.wid == wid,
            )
        ).all()
        quoted = [row.lang for row in rows if quote and quote in row.text]
        own = [row.lang for row in rows if row.lang == lang]
        return Place(wid=wid, lang=(quoted or own or [row.lang for row in rows])[0], quote=quote)

    def vote(self, session: Session, part: scenario.Votes, now: datetime) -> None:
        """So many citizens for, so many against."""
        draft = self.draft(session, part.draft)
        values = [1] * part.up + [-1] * part.down
        for key, value in zip(self.citizens, values, strict=False):
            vote_on_text(
                session,
                actor=self.actor(session, key),
                draft=draft,
                wid=part.provision,
                value=value,
                now=now,
            )

    def vote_on(self, session: Session, part: scenario.Comment, now: datetime) -> None:
        """So many citizens agree with a comment, so many do not."""
        comment = session.get_one(Comment, self.comments[part.key])
        draft = self.draft(session, part.draft)
        values = [1] * part.votes_for + [-1] * part.votes_against
        others = [key for key in self.citizens if key != part.author]
        for key, value in zip(others, values, strict=False):
            vote_on_comment(
                session,
                actor=self.actor(session, key),
                draft=draft,
                comment=comment,
                value=value,
                now=now,
            )

    def group(self, session: Session, part: scenario.Issue, now: datetime) -> None:
        """An officer sees that some comments raise one point."""
        draft = self.draft(session, part.draft)
        consultation = current_round(session, draft.id or 0)
        assert consultation is not None  # noqa: S101 - the scenario opened it
        issue = group_comments(
            session,
            actor=self.officer(session, part.draft),
            consultation=consultation,
            draft=draft,
            comment_ids=[self.comments[key] for key in part.comments],
            title=part.title,
            now=now,
        )
        self.issues[part.key] = issue.id or 0

    def officer(self, session: Session, slug: str, role: str = "officer") -> Actor:
        """Somebody of the agency of a draft."""
        parts = {part.slug: part for part in scenario.load_scenario().draft}
        return self.staff(session, role, parts[slug].agency)

    def answer(self, session: Session, part: scenario.Disposition, now: datetime) -> None:
        """An officer writes an answer; where the scenario says so, a second person approves it."""
        draft = self.draft(session, part.draft)
        consultation = current_round(session, draft.id or 0)
        assert consultation is not None  # noqa: S101 - the scenario opened it
        officer = self.officer(session, part.draft)
        row: Disposition = decide(
            session,
            actor=officer,
            consultation=consultation,
            draft=draft,
            issue_id=self.issues[part.issue] if part.issue else None,
            comment_id=self.comments[part.comment] if part.comment else None,
            outcome=part.outcome,
            reason=part.reason,
            lang=self._language_of(session, part),
            changed_wid=self._wid(session, draft, part.changed),
            submit=part.state != "draft",
            now=now,
        )
        if part.state in ("approved", "published"):
            approver = self.officer(session, part.draft, "approver")
            approve(session, actor=approver, draft=draft, disposition=row, now=now)

    def _language_of(self, session: Session, part: scenario.Disposition) -> str:
        """People are answered in the language they wrote in; a group in that of its first."""
        key = part.comment
        if part.issue:
            key = next(i for i in scenario.load_scenario().issue if i.key == part.issue).comments[0]
        return session.get_one(Comment, self.comments[key]).lang

    @staticmethod
    def _wid(session: Session, draft: Draft, eid: str) -> str:
        """The permanent id of a provision of the newest version by its place in it."""
        if not eid:
            return ""
        version = latest_version(session, draft.id or 0)
        rows = select(Provision.wid).where(
            Provision.version_id == (version.id if version else 0), Provision.eid == eid
        )
        return session.exec(rows).first() or eid

    def report(self, session: Session, part: scenario.Draft, now: datetime) -> None:
        """All answers and the report go out together."""
        draft = self.draft(session, part.slug)
        consultation = current_round(session, draft.id or 0)
        assert consultation is not None  # noqa: S101 - the scenario opened it
        approver = self.staff(session, "approver", part.agency)
        publish_report(
            session,
            actor=approver,
            consultation=consultation,
            draft=draft,
            law=law_of(session, self.platform.pack),
            now=now,
        )
