"""Factories: plain functions that make what a test needs, by the same actions the site uses.

Each takes a session, writes, and returns the row; what a test does not name gets a sensible value.
Nothing here commits: use `platform.database.writing()`, or the `session` fixture.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import insert
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.actions import grant
from consult.accounts.founding import found
from consult.accounts.models import Agency, Person, SignIn
from consult.accounts.queries import actor_for
from consult.accounts.secrets import hash_password, new_token, token_hash
from consult.answers.actions import approve, decide
from consult.answers.models import Disposition
from consult.comments.actions import Place, Words, submit_comment
from consult.comments.models import Comment
from consult.consultations.actions import advance, open_at_once
from consult.consultations.models import Consultation
from consult.consultations.queries import tallies
from consult.law.queries import law_of
from consult.procedure.packs import load_pack
from consult.reports.actions import publish_report
from consult.reports.models import Report
from drafts.models import Draft, DraftVersion, Provision, ProvisionChange
from drafts.queries import latest_version, load_tree
from drafts.storing import provision_rows
from drafts.tree import Node, Tree, identify
from tests.conftest import START

PASSWORD = "a long enough password"
OPERATOR = Actor(name="operator", roles=frozenset({Role.OFFICER, Role.APPROVER}))
ARTICLES = ("A library stands in every village.", "It is open five days a week.")
Texts = Mapping[str, Sequence[str]] | Sequence[str]  # {lang: articles}, or articles in English


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)  # slow by design: once is enough


def make_agency(session: Session, code: str = "MOJ", *, kind: str = "ministry") -> Agency:
    """A body with names in two languages."""
    names = {"en": f"Ministry {code}", "ru": f"Министерство {code}"}
    agency = Agency(code=code, kind=kind, names=names, created_at=START)
    session.add(agency)
    session.flush()
    return agency


def make_person(
    session: Session,
    name: str = "Aizada",
    *,
    role: Role | None = None,
    agency: Agency | None = None,
    organisation: str = "",
    region: str = "",
    lang: str = "en",
    confirmed: bool = True,
) -> Person:
    """A person with the address <name>@example.org and PASSWORD; `role` makes them staff."""
    person = Person(
        email=f"{name.casefold().replace(' ', '.')}@example.org",
        name=name,
        region=region,
        lang=lang,
        password_hash=_password_hash(),
        created_at=START,
        email_confirmed_at=START if confirmed else None,
    )
    session.add(person)
    session.flush()
    if organisation:
        found(session, person, name=organisation, now=START)
    if role is not None:
        grant(session, person.id or 0, role, agency.id if agency else None, START)
        session.flush()
    return person


def actor_of(session: Session, person: Person) -> Actor:
    """The person as the actions know them."""
    return actor_for(session, person.id or 0)


def sign_in_token(session: Session, person: Person, now: datetime = START) -> str:
    """What the cookie of a signed-in browser holds: `Client(platform, token)`.

    Written as signing in does, but for the password, whose hash is slow by design. The second
    factor was shown.
    """
    token = new_token()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person.id or 0,
            created_at=now,
            expires_at=now + timedelta(days=30),
            second_factor_at=now,
        )
    )
    return token


def make_draft(
    session: Session,
    agency: Agency,
    texts: Texts = ARTICLES,
    *,
    title: str = "On village libraries",
    act_type: str = "law",
    now: datetime = START,
) -> Draft:
    """A draft in preparation whose first version has one article (wid "art_1" …) for each text."""
    draft = Draft(agency_id=agency.id or 0, act_type=act_type, titles={}, created_at=now)
    draft.titles = dict.fromkeys(_by_lang(texts), title)
    session.add(draft)
    session.flush()
    add_version(session, draft, texts, now=now)
    return draft


def add_version(
    session: Session,
    draft: Draft,
    texts: Texts,
    *,
    now: datetime = START,
    published: bool = False,
) -> DraftVersion:
    """The next version of a draft; article n follows article n of the version before."""
    before = latest_version(session, draft.id or 0)
    langs = list(_by_lang(texts))
    version = DraftVersion(
        draft_id=draft.id or 0,
        n=before.n + 1 if before else 1,
        langs=langs,
        created_at=now,
        published_at=now if published else None,
    )
    session.add(version)
    session.flush()
    for lang, articles in _by_lang(texts).items():
        rows = provision_rows(make_tree(articles, lang), version.id or 0)
        session.execute(insert(Provision), rows)
    if before:
        session.add_all(_changes(session, before, version, langs[0]))
        session.flush()
    return version


def make_tree(articles: Sequence[str], lang: str = "en") -> Tree:
    """A text of numbered articles."""
    nodes = tuple(
        Node(kind="article", number=str(n), label=f"Article {n}", text=text)
        for n, text in enumerate(articles, start=1)
    )
    return identify(Tree(lang, nodes))


def _by_lang(texts: Texts) -> Mapping[str, Sequence[str]]:
    return texts if isinstance(texts, Mapping) else {"en": texts}


def _changes(
    session: Session, before: DraftVersion, version: DraftVersion, lang: str
) -> list[ProvisionChange]:
    old = {node.wid: node.text for node in load_tree(session, before.id or 0, lang).walk()}
    new = {node.wid: node.text for node in load_tree(session, version.id or 0, lang).walk()}

    def kind(wid: str) -> str:
        if wid not in old or wid not in new:
            return "added" if wid in new else "deleted"
        return "same" if old[wid] == new[wid] else "edited"

    return [
        ProvisionChange(
            version_id=version.id or 0,
            kind=kind(wid),
            old_wid=wid if wid in old else "",
            new_wid=wid if wid in new else "",
        )
        for wid in dict.fromkeys((*old, *new))
    ]


def open_consultation(session: Session, draft: Draft, *, now: datetime = START) -> Consultation:
    """Open a discussion for the shortest lawful term; its text becomes public."""
    law = law_of(session, load_pack("kg"))
    return open_at_once(session, actor=OPERATOR, draft=draft, law=law, now=now)


def close_consultation(session: Session, consultation: Consultation) -> Draft:
    """Let the discussion end at its last instant; returns the draft as it is then."""
    advance(session, consultation, consultation.closes_at)
    draft = session.get_one(Draft, consultation.draft_id)
    session.refresh(draft)
    return draft


def make_comment(
    session: Session,
    draft: Draft,
    author: Person,
    body: str = "Please think of the children too.",
    *,
    wid: str = "",
    quote: str = "",
    parent: Comment | None = None,
    kind: str = "substantive",
    stance: str = "neutral",
    proposed: str = "",
    lang: str = "en",
    now: datetime = START,
) -> Comment:
    """A comment on the draft, a provision, quoted words of it, or another comment."""
    return submit_comment(
        session,
        actor=actor_of(session, author),
        draft=draft,
        place=Place(wid=wid, lang=lang, quote=quote, parent_id=parent.id if parent else None),
        words=Words(body=body, kind=kind, stance=stance, proposed=proposed),
        lang=lang,
        most=20_000,
        now=now,
    )


def answer_comment(
    session: Session,
    comment: Comment,
    officer: Person,
    approver: Person,
    *,
    outcome: str = "accepted_in_part",
    reason: str = "The budget allows six days, not seven.",
    changed_wid: str = "",
    now: datetime = START,
) -> Disposition:
    """An answer to one comment, written by one person and approved by another."""
    draft = session.get_one(Draft, comment.draft_id)
    disposition = decide(
        session,
        actor=actor_of(session, officer),
        consultation=session.get_one(Consultation, comment.consultation_id),
        draft=draft,
        comment_id=comment.id,
        outcome=outcome,
        reason=reason,
        lang="en",
        changed_wid=changed_wid,
        submit=True,
        now=now,
    )
    approve(
        session,
        actor=actor_of(session, approver),
        draft=draft,
        disposition=disposition,
        now=now,
    )
    return disposition


def release_report(
    session: Session, consultation: Consultation, officer: Person, now: datetime = START
) -> Report:
    """Publish all answers of a discussion with its report."""
    return publish_report(
        session,
        actor=actor_of(session, officer),
        consultation=consultation,
        draft=session.get_one(Draft, consultation.draft_id),
        law=law_of(session, load_pack("kg")),
        now=now,
    )


def comments_in(session: Session, consultation: Consultation) -> list[Comment]:
    """All comments of a discussion, the first first."""
    query = select(Comment).where(Comment.consultation_id == consultation.id)
    return list(session.exec(query.order_by(col(Comment.id))).all())


def open_draft(
    session: Session,
    texts: Texts = ARTICLES,
    *,
    agency: Agency | None = None,
    now: datetime = START,
) -> Draft:
    """A draft under discussion, of an agency of its own when none is named."""
    draft = make_draft(session, agency or make_agency(session), texts, now=now)
    open_consultation(session, draft, now=now)
    return draft


def tally_of(session: Session, draft: Draft, wid: str = "") -> tuple[int, int, int]:
    """(comments, votes for, votes against) counted for a place, over all versions of a draft."""
    rows = [row for row in tallies(session, draft.id or 0) if row.wid == wid]
    return (
        sum(row.comments_n for row in rows),
        sum(row.for_n for row in rows),
        sum(row.against_n for row in rows),
    )
