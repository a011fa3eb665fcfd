"""An installation in which no table is empty, and what tests plant in every column of words.

It is planted in the tables themselves, as if it had come in by a way that nobody thought of: what a
form refuses today may be let through tomorrow.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Table, insert, select, update
from sqlmodel import Session

from consult.access import Actor, Role
from consult.accounts.actions import grant
from consult.accounts.models import Agency, Person
from consult.comments.actions import Words, edit_comment, withdraw_comment
from consult.demo.measuring import keep_figures, measure
from consult.law.queries import law_of
from consult.moderation.actions import hold_comment
from consult.moderation.redactions import redact_comment
from consult.plans.models import PlanItem
from consult.platform import Platform
from consult.schema import METADATA
from consult.worker import drain
from drafts.search.following import rebuild
from tests import factories
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START, TestClock
from tests.features import matrix_acts as acts
from tests.features import matrix_councils as councils
from tests.features.matrix import Moment, Player, Scene, Where, make_scene
from tests.features.test_schema import VALID, row, words_allowed
from tests.voiced import speak

# What the machine alone writes, and reads back: codes, keys, hashes. Words are in all the others.
CODES = frozenset(
    (
        "act_type",
        "anchor_lang",
        "answer_lang",
        "asked",
        "browser_hash",
        "cadence",
        "category",
        "challenge",
        "changed_wid",
        "code",
        "credential_id",
        "cursor",
        "decision_lang",
        "dissent_lang",
        "duty",
        "eid",
        "fingerprint",
        "ground",
        "handler",
        "issuer",
        "jurisdiction",
        "key",
        "kind",
        "lang",
        "leaf",
        "media_type",
        "method",
        "new",
        "new_eid",
        "new_wid",
        "next",
        "nonce",
        "old",
        "old_wid",
        "parent_eid",
        "path",
        "public_key",
        "purpose",
        "receipt",
        "role",
        "root",
        "rule_code",
        "salt",
        "seed",
        "sha256",
        "stage",
        "state",
        "subject",
        "target",
        "topic",
        "tracked",
        "unsubscribe_path",
        "verifier",
        "waiting",
        "wid",
        "zone",
    )
)
CODES_HERE = frozenset(
    (
        "act_outcome.url",
        "appeals_report.url",
        "calendar_act.digest",
        "comment_flag.reason",
        "comment_revision.stance",
        "fingerprint.exact",
        "hearing.link",
        "indicator.metric",
        "indicator_value.amount",
        "mail.html",
        "mail.recipient",
        "mail.subject",
        "mail.text",
        "moderation_act.reason",
        "outbox_event.name",
        "problem.hidden_reason",
        "proposal.hidden_reason",
        "proposal.level",
        "question.hidden_reason",
        "record_entry.payload",
        "reading.url",
        "report_line.part",
        "score_row.printed_total",
        "score_year.scale",
        "sitting.url",
        "speech.url",
        "totp.secret",
        "webhook.url",
        "webhook_call.error",
        "webhook_call.key",
    )
)
BY_LANGUAGE = frozenset(
    {"abouts", "access", "minutes", "names", "note", "summaries", "titles"}
)  # JSON {lang: words}
# What a row needs to be one that pages can show, where any value would not do.
COMMON = {"lang": "en", "wid": "art_1"}
MEANT: dict[str, dict[str, Any]] = {
    "agency_name": {"names": {"en": "x"}},
    "audit_entry": {"details": {}},
    "calendar_act": {"jurisdiction": "kg", "kind": "days", "year": None, "revoked_at": None},
    "invitation": {
        "email": "x",
        "role": "officer",
        "accepted_at": None,
        "withdrawn_at": None,
        "expires_at": START + timedelta(days=999),
    },
    "plan_change": {"kind": "moved", "old": {}, "new": {"expected_on": "2027-03-01"}},
    "webhook": {"url": "https://hooks.example.org/x", "kinds": [], "seed": "x"},
}
PLAYERS = {
    "citizen": Player(Role.CITIZEN),
    "organisation": Player(Role.ORGANISATION),
    "officer": Player(Role.OFFICER, Where.OWN),
    "other officer": Player(Role.OFFICER, Where.OTHER),
    "approver": Player(Role.APPROVER, Where.OWN),
    "moderator": Player(Role.MODERATOR, Where.EVERYWHERE),
    "parliamentarian": Player(Role.PARLIAMENTARIAN, Where.EVERYWHERE),
    "councillor": Player(Role.COUNCILLOR, Where.EVERYWHERE),
    "oversight": Player(Role.OVERSIGHT, Where.EVERYWHERE),
    "administrator": Player(Role.ADMINISTRATOR, Where.EVERYWHERE),
}
Saying = Callable[[str, int], str]  # (table.column, number of the row) -> what is planted there


@dataclass
class Filled:
    """The scene of the access matrix and more; `ids` are of people, of whom one holds all roles."""

    platform: Platform
    clock: TestClock
    scene: Scene
    ids: dict[str, int]

    def browser(self, who: str) -> Client:
        """A browser of one of PLAYERS, of "everybody"; without a name, of a reader."""
        if not who:
            return Client(self.platform)
        with self.platform.database.writing() as session:
            person = session.get_one(Person, self.ids[who])
            return Client(self.platform, factories.sign_in_token(session, person, self.clock.now))

    def plant(self, saying: Saying) -> None:
        """Put something into every column that holds words, and let the index know."""
        with self.platform.database.writing() as session:
            for column in columns_of_words():
                _plant(session, column, saying)
        rebuild(self.platform)


def columns_of_words() -> Iterator[Column[Any]]:
    """The columns that hold what somebody wrote."""
    for table in METADATA.sorted_tables:
        yield from filter(_holds_words, table.columns)


def _holds_words(column: Column[Any]) -> bool:
    if column.primary_key or column.foreign_keys or words_allowed(column):
        return False
    name = f"{column.table.name}.{column.name}"
    if column.name in CODES or name in CODES_HERE or column.name.endswith("hash"):
        return False
    kind = type(column.type).__name__
    return kind == "AutoString" or (kind == "JSON" and column.name in BY_LANGUAGE)


def _plant(session: Session, column: Column[Any], saying: Saying) -> None:
    table = column.table
    assert isinstance(table, Table)
    key = next(iter(table.primary_key.columns))
    for at, (id_, before) in enumerate(session.execute(select(key, column)).all()):
        if before in (None, "", {}):
            continue
        said = saying(f"{table.name}.{column.name}", id_ if isinstance(id_, int) else at)
        value: Any = dict.fromkeys(before, said) if isinstance(before, dict) else said
        session.execute(update(table).where(key == id_).values({column.name: value}))


def make_filled(platform: Platform, clock: TestClock) -> Filled:
    """Made once, put back for each test."""

    def make() -> tuple[Scene, dict[str, int]]:
        scene = make_scene(platform, clock)
        clock.now = scene.now
        with platform.database.writing() as session:
            ids = _work(session, scene)
        drain(platform, clock.now)
        with platform.database.writing() as session:
            measure(session, clock.now.year, clock.now)
            keep_figures(session, platform.pack, clock.now)
            _fill(session)
        return scene, ids

    scene, ids = begin(platform, "filled", make)
    return Filled(platform, clock, replace(scene, platform=platform), ids)


def _work(session: Session, scene: Scene) -> dict[str, int]:
    """What people do there, by the actions of the site; returns who they are."""
    everybody = factories.make_person(session, "Everybody", role=Role.ADMINISTRATOR)
    for role in (Role.OFFICER, Role.APPROVER, Role.MODERATOR, Role.OVERSIGHT):
        grant(session, everybody.id or 0, role, None, scene.now)
    ids = {name: scene.actors[player].person_id for name, player in PLAYERS.items()}
    ids["everybody"] = everybody.id or 0

    def at(who: str) -> Moment:
        law = law_of(session, scene.platform.pack)
        return Moment(scene, session, law, scene.actors[PLAYERS[who]], scene.now)

    citizen = session.get_one(Person, ids["citizen"])
    for name in ("held", "redacted", "withdrawn", "edited"):
        words = f"I was {name} lately."
        said = factories.make_comment(
            session, at("citizen").draft, citizen, words, wid="art_1", now=scene.now
        )
        scene.comments[f"lately {name}"] = said.id or 0
    _moderate(at("moderator"), at("citizen"))
    for act in (acts.paper, acts.sign, acts.vote_for_provision, acts.vote_for_comment):
        act(at("citizen"))
    acts.follow_it(at("citizen"))
    for act in (acts.group, acts.enter, acts.give_to_officer):
        act(at("officer"))
    for given in (acts.given_preview, acts.given_problem, acts.given_suggestion):
        given(at("officer"))
    acts.hide_reported(at("moderator"))
    councils.given_answer(at("councillor"))
    speak(at)
    _of_another_agency(session, scene, at("other officer").actor)
    return ids


def _moderate(m: Moment, author: Moment) -> None:
    comment = m.comment
    m.do(hold_comment, comment=comment("lately held"), reason="threat", note="A note.")
    m.do(redact_comment, comment=comment("lately redacted"), pieces=("lately",), note="", law=m.law)
    author.do(withdraw_comment, comment=comment("lately withdrawn"))
    said = Words(body="Now I say this.", kind="substantive", stance="neutral")
    window = timedelta(hours=1)
    author.do(edit_comment, comment=comment("lately edited"), words=said, window=window, most=200)


def _of_another_agency(session: Session, scene: Scene, officer: Actor) -> None:
    """A draft of theirs that nobody else may see yet."""
    (agency_id,) = officer.held_for("prepare")
    agency = session.get_one(Agency, agency_id)
    unseen = factories.make_draft(session, agency, title="Unseen", now=scene.now)
    unseen.summaries = {"en": "Unseen"}
    items = {
        state: PlanItem(
            agency_id=agency_id,
            titles={"en": "Unseen"},
            act_type="law",
            expected_on=date(2027, 3, 1),
            state=state,
            created_at=scene.now,
        )
        for state in ("published", "draft")
    }
    session.add_all(items.values())
    session.flush()
    scene.rows |= {"unseen": unseen.id or 0, "unseen item": items["draft"].id or 0}


def _fill(session: Session) -> None:
    """A row in each table that has none yet, of the first rows there are in the others."""
    for table in METADATA.sorted_tables:
        if session.execute(select(table).limit(1)).first() is None:
            values = row(table) | COMMON | _first_rows(session, table)
            values |= VALID.get(table.name, {}) | MEANT.get(table.name, {})
            known = {c.name: values[c.name] for c in table.columns if c.name != "id"}
            session.execute(insert(table).values(known))


def _first_rows(session: Session, table: Table) -> dict[str, Any]:
    found = {}
    for column in table.columns:
        for foreign in column.foreign_keys:
            query = select(foreign.column).order_by(foreign.column)
            found[column.name] = session.scalar(query.limit(1))
    return found
