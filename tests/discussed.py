"""A discussion with a little of everything in it, for the tests of figures, briefs and feeds."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session

from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.answers.actions import decide, group_comments
from consult.campaigns.keeping import keep
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.moderation.actions import hide_comment
from consult.votes.actions import vote_on_comment, vote_on_text
from drafts.models import Draft
from tests import factories
from tests.conftest import START

TEXTS = ("A library stands in every village.", "It is open three days a week.", "It is warm.")
CHANGED = ("A library stands in every village.", "It is open five days a week.", "It is warm.")


@dataclass
class Discussed:
    """One draft that Aizada, Bolot and a union talked about.

    Shown: four comments (two in the same words) and a reply; one is withdrawn, one is hidden.
    """

    session: Session
    agency: Agency = field(init=False)
    draft: Draft = field(init=False)
    round: Consultation = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)

    def person(self, name: str, **more: object) -> Person:
        """A person, who is made when first named."""
        if name not in self.people:
            self.people[name] = factories.make_person(self.session, name, **more)
        return self.people[name]

    def say(self, key: str, name: str, body: str, day: int = 0, **more: object) -> Comment:
        """A comment made so many days after the opening."""
        at = START + timedelta(days=day)
        comment = factories.make_comment(
            self.session, self.draft, self.people[name], body, now=at, **more
        )
        self.comments[key] = comment
        return comment

    def vote(self, name: str, wid: str, value: int) -> None:
        actor = factories.actor_of(self.session, self.person(name))
        vote_on_text(self.session, actor=actor, draft=self.draft, wid=wid, value=value, now=START)

    def vote_on(self, name: str, key: str, value: int) -> None:
        actor = factories.actor_of(self.session, self.person(name))
        comment = self.comments[key]
        vote_on_comment(
            self.session, actor=actor, draft=self.draft, comment=comment, value=value, now=START
        )

    def compare(self) -> None:
        """What the worker does as comments come: it is known what is alike."""
        for comment in self.comments.values():
            keep(self.session, comment.id or 0)

    def close(self) -> None:
        """The discussion ends at its last instant."""
        self.compare()
        self.draft = factories.close_consultation(self.session, self.round)

    def report(self) -> None:
        """The text is changed, everything is answered, the report is published."""
        self.close()
        factories.add_version(self.session, self.draft, CHANGED, now=self.round.closes_at)
        olga, bakyt = (
            self.person(name, role=role, agency=self.agency)
            for name, role in (("Olga", Role.OFFICER), ("Bakyt", Role.APPROVER))
        )
        now = self.round.closes_at + timedelta(days=1)
        self._answer_the_days(olga, bakyt)
        for key in ("cold", "where"):
            factories.answer_comment(
                self.session,
                self.comments[key],
                olga,
                bakyt,
                outcome="rejected",
                reason="There is no money for it this year.",
                now=now,
            )
        factories.release_report(self.session, self.round, olga, now)

    def _answer_the_days(self, olga: Person, bakyt: Person) -> None:
        """Both comments on the opening days are one issue, and one answer."""
        session, now = self.session, self.round.closes_at + timedelta(days=1)
        actor = factories.actor_of(session, olga)
        about = {"actor": actor, "consultation": self.round, "draft": self.draft, "now": now}
        ids = [self.comments[key].id or 0 for key in ("days", "again")]
        issue = group_comments(session, comment_ids=ids, title="Opening days", **about)
        answer = decide(
            session,
            issue_id=issue.id,
            outcome="accepted",
            reason="",
            lang="en",
            changed_wid="art_2",
            submit=True,
            **about,
        )
        factories.approve(
            session,
            actor=factories.actor_of(session, bakyt),
            draft=self.draft,
            disposition=answer,
            now=now,
        )


def make_discussed(session: Session) -> Discussed:
    """The draft under discussion, with all that is said and voted on it."""
    scene = Discussed(session)
    scene.agency = factories.make_agency(session)
    scene.draft = factories.make_draft(session, scene.agency, TEXTS)
    scene.round = factories.open_consultation(session, scene.draft)
    scene.person("Aizada", region="Naryn")
    scene.person("Bolot", region="Bishkek")
    scene.person("Union", organisation="Union of Readers")
    days = "Please open it on Sundays."
    scene.say("days", "Aizada", days, wid="art_2", stance="oppose", kind="wording", proposed="Six.")
    scene.say("again", "Bolot", days.upper(), 1, wid="art_2", stance="oppose", proposed="six.")
    scene.say("cold", "Union", "It is not warm.", 1, wid="art_3", stance="support")
    scene.say("where", "Union", "Which villages?", 2, kind="question", lang="ru")
    scene.say("reply", "Bolot", "All of them.", 3, parent=scene.comments["where"])
    gone, rude = scene.say("gone", "Bolot", "No!", 4), scene.say("rude", "Bolot", "Fools!", 4)
    withdraw_comment(
        session, actor=factories.actor_of(session, scene.people["Bolot"]), comment=gone, now=START
    )
    marat = scene.person("Marat", role=Role.MODERATOR)
    hide_comment(
        session, actor=factories.actor_of(session, marat), comment=rude, reason="insult", now=START
    )
    scene.vote("Aizada", "", 1)
    scene.vote("Aizada", "art_2", -1)
    scene.vote("Voter", "art_2", 1)
    scene.vote_on("Bolot", "days", 1)
    session.flush()
    return scene
