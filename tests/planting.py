"""How the person of planted.py comes to have left something everywhere."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from consult import outbox
from consult.access import Role
from consult.account_events import AddressChangeAsked
from consult.accounts.eid.models import EidAttempt, Identity
from consult.accounts.esign.models import EsignStatement
from consult.accounts.invitations.models import Invitation
from consult.accounts.models import Agency, MailToken, Membership, Organisation, Person, SignIn
from consult.accounts.second_factor.models import Passkey, RecoveryCode, Totp
from consult.adoption.models import Problem
from consult.attachments.models import Attachment
from consult.attachments.storing import store
from consult.comments.actions import Words, edit_comment, withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.cosigning.actions import sign_comment
from consult.cosigning.models import Signature
from consult.events import ProblemReported
from consult.feedback.actions import contest_answer, rate_answer
from consult.intake.models import Provenance
from consult.law.queries import law_of
from consult.moderation.actions import hide_comment
from consult.moderation.appealing import appeal
from consult.moderation.models import CommentFlag, Disavowal, ModerationAct
from consult.moderation.redactions import redact_comment
from consult.outbox import Delivery, OutboxEvent
from consult.papers.models import Paper
from consult.platform import Platform
from consult.votes.actions import vote_on_comment, vote_on_text
from consult.webhooks.models import Webhook, WebhookCall
from drafts.models import Draft
from notifications.actions import say
from notifications.models import MailChoice, Subscription
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.factories import (
    actor_of,
    answer_comment,
    close_consultation,
    comments_in,
    make_agency,
    make_comment,
    make_person,
    open_draft,
    release_report,
)
from tests.heard import come_to_hearing
from tests.planted import TEXT, Planted
from tests.proposed import leave_proposal


@kept
def make_planted(platform: Platform, clock: TestClock) -> Planted:
    """A discussion, its report, a contest, an appeal, a problem; and everything of an account."""
    scene = Planted(platform, clock, {})
    with platform.database.writing() as session:
        agency = make_agency(session)
        people = _people(session, agency)
        scene.people = people
        draft = open_draft(session, agency=agency, now=clock.now)
        _say(session, platform, draft, people, clock)
        _account(session, people["Zqname"], clock)
        olga, zq = people["Olga"], people["Zqname"]
        come_to_hearing(session, platform, agency, olga, zq, "zqcontact", clock.now)
    scene.drain()
    clock.forward(minutes=5)
    with platform.database.writing() as session:
        _say_again(session, platform, people, clock)
    scene.drain()
    clock.forward(days=1)
    with platform.database.writing() as session:
        _moderate(session, platform, people, clock)
    scene.drain()
    _report(scene)
    scene.drain()
    clock.forward(days=1)
    with platform.database.writing() as session:
        _after(session, platform, people, clock)
    scene.drain()
    _wait(scene)
    return scene


def _people(session: Session, agency: Agency) -> dict[str, Person]:
    person = make_person(session, "Zqname", region="Zqregion", lang="ru")
    person.zone, person.pseudonym = "Zqzone/Zqcity", "Zqpseudonym"
    session.add(person)
    return {
        "Zqname": person,
        "Bolot": make_person(session, "Bolot"),
        "Olga": make_person(session, "Olga", role=Role.OFFICER, agency=agency),
        "Nurlan": make_person(session, "Nurlan", role=Role.APPROVER, agency=agency),
        "Second": make_person(session, "Second", role=Role.APPROVER, agency=agency),
        "Moderator": make_person(session, "Moderator", role=Role.MODERATOR),
        "Jyldyz": make_person(
            session,
            "Jyldyz",
            role=Role.OVERSIGHT,
            agency=make_agency(session, "OMB", kind="oversight"),
        ),
    }


def _say(
    session: Session,
    platform: Platform,
    draft: Draft,
    people: dict[str, Person],
    clock: TestClock,
) -> None:
    """Comments of every kind, votes, signatures, files, a paper, what an officer entered."""
    zq, bolot, now = people["Zqname"], people["Bolot"], clock.now
    first = make_comment(
        session,
        draft,
        zq,
        "wqearlier words",
        wid="art_2",
        quote="five days",
        proposed="wqwording.",
        kind="wording",
        stance="oppose",
        now=now,
    )
    other = make_comment(session, draft, bolot, "A word of another.", now=now)
    make_comment(session, draft, zq, "wqreply to you", parent=other, now=now)
    make_comment(session, draft, bolot, "I reply to that.", parent=first, now=now)
    make_comment(session, draft, zq, f"{TEXT} wqresidue", now=now)
    make_comment(session, draft, bolot, TEXT.replace("wqcampaign", "and"), now=now)
    gone = make_comment(session, draft, zq, "zqwithdrawn words", now=now)
    make_comment(session, draft, zq, "wqredacted words, call zqtelephone", now=now)
    make_comment(session, draft, zq, "wqhidden words", now=now)
    brought = make_comment(session, draft, zq, "wqbrought on paper", now=now)
    brought.channel = "paper"
    brought.mandate = "Zqmandate of the board"
    session.add(
        Provenance(
            comment_id=brought.id or 0,
            received_on=now.date(),
            reference="zqreference",
            contact="zqcontact",
            entered_by=people["Olga"].id or 0,
            entered_at=now,
        )
    )
    withdraw_comment(session, actor=actor_of(session, zq), comment=gone, now=now)
    actor, theirs = actor_of(session, bolot), actor_of(session, zq)
    sign_comment(session, actor=actor, comment=first, now=now)
    sign_comment(session, actor=theirs, comment=other, now=now)
    session.get_one(Signature, (other.id, zq.id)).mandate = "zqsignature"
    vote_on_text(session, actor=theirs, draft=draft, wid="art_1", value=1, now=now)
    vote_on_text(session, actor=theirs, draft=draft, wid="", value=-1, now=now)
    vote_on_comment(session, actor=theirs, draft=draft, comment=other, value=1, now=now)
    vote_on_comment(session, actor=actor, draft=draft, comment=first, value=1, now=now)
    paper = Paper(
        draft_id=draft.id or 0,
        consultation_id=first.consultation_id,
        author_id=zq.id or 0,
        title="wqtitle of a paper",
        created_at=now,
    )
    session.add(paper)
    session.flush()
    first.paper_id = paper.id
    session.add_all(
        (first, brought, Disavowal(comment_id=gone.id or 0, note="zqdisavowal", disavowed_at=now))
    )
    session.add(
        CommentFlag(
            comment_id=other.id or 0,
            person_id=zq.id or 0,
            reason="insult",
            note="zqflag",
            flagged_at=now,
        )
    )
    for comment, name, data, source in (
        (first, "zqfile.txt", b"zqcontent of a file", False),
        (brought, "zqscan.txt", b"zqscanned letter", True),
    ):
        comment.files_n = 1
        sha256 = store(platform.settings.data_dir, data, now)
        session.add(
            Attachment(
                comment_id=comment.id or 0,
                name=name,
                media_type="text/plain",
                size=len(data),
                sha256=sha256,
                is_source=source,
                added_by=zq.id or 0,
                added_at=now,
            )
        )


def _account(session: Session, person: Person, clock: TestClock) -> None:
    """All that an account is made of."""
    now, person_id = clock.now, person.id or 0
    later = now + timedelta(days=400)
    address = person.email or ""
    union = Organisation(name="A union", created_at=now)
    hook = Webhook(owner_id=person_id, url="https://zqhook.example/", seed="zqseed", created_at=now)
    session.add_all((union, hook))
    session.flush()
    mine: dict[str, Any] = {"person_id": person_id}
    rows: list[SQLModel] = [
        SignIn(token_hash="zqsignin", created_at=now, expires_at=later, agent="Zqagent", **mine),
        MailToken(
            token_hash="zqtoken",
            purpose="undo_address",
            expires_at=later,
            email="zqold@x.org",
            **mine,
        ),
        Totp(secret="zqsecret", created_at=now, **mine),
        RecoveryCode(code_hash="zqcode", created_at=now, **mine),
        Passkey(
            credential_id="zqkey", public_key="zqpublic", name="zqphone", created_at=now, **mine
        ),
        Identity(issuer="https://zqissuer", subject_hash="zqsubject", identified_at=now, **mine),
        EidAttempt(
            state_hash="zqstate",
            browser_hash="zqbrowser",
            verifier="zqverifier",
            nonce="zqnonce",
            next="/zqnext",
            expires_at=later,
            **mine,
        ),
        EsignStatement(text="zqstatement", created_at=now, expires_at=later, **mine),
        Subscription(target="all", created_at=now, **mine),
        MailChoice(category="work", cadence="never", **mine),
        Membership(
            organisation_id=union.id or 0,
            mandate="zqmembership",
            manages=True,
            created_at=now,
            **mine,
        ),
        Invitation(
            token_hash="zqinvitation",
            email=address,
            lang="ru",
            organisation_id=union.id,
            mandate="zqinvited",
            created_at=now,
            expires_at=later,
        ),
        WebhookCall(
            webhook_id=hook.id or 0,
            key="zqcall",
            kind="report.published",
            payload={"zqpayload": 1},
            created_at=now,
            due_at=later,
            parked_at=now,
        ),
    ]
    session.add_all(rows)
    for n, field in enumerate(("inviter", "who")):
        values = {field: person.name, "organisation": "A union", "change": "added"}
        say(session, key=f"told:{n}", kind="membership", values=values, path="/", now=now)
    _given_up(session, AddressChangeAsked(person_id, "zqnew@x.org"), f"zqerror: {address}", clock)


def _given_up(session: Session, event: AddressChangeAsked, error: str, clock: TestClock) -> None:
    outbox.record(session, event, clock.now)
    row = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id).desc())).first()
    assert row is not None
    row.spread_at = clock.now
    session.add(
        Delivery(
            event_id=row.id or 0,
            handler="mail_address_change",
            due_at=clock.now,
            attempts=8,
            parked_at=clock.now,
            error=error,
        )
    )


def said(session: Session, word: str) -> Comment:
    """The comment whose words begin so."""
    return session.exec(select(Comment).where(col(Comment.body).startswith(word))).one()


def _say_again(
    session: Session, platform: Platform, people: dict[str, Person], clock: TestClock
) -> None:
    """Words are edited after one of two has signed nothing yet of the other."""
    comment = said(session, "wqhidden")
    edit_comment(
        session,
        actor=actor_of(session, people["Zqname"]),
        comment=comment,
        words=Words(body="wqhidden words again", kind="substantive", stance="neutral"),
        window=timedelta(minutes=15),
        most=20_000,
        now=clock.now,
    )


def _moderate(
    session: Session, platform: Platform, people: dict[str, Person], clock: TestClock
) -> None:
    law, moderator = law_of(session, platform.pack), actor_of(session, people["Moderator"])
    redact_comment(
        session,
        actor=moderator,
        comment=said(session, "wqredacted"),
        pieces=("zqtelephone",),
        note="a telephone number",
        law=law,
        now=clock.now,
    )
    hidden = said(session, "wqhidden")
    hide_comment(session, actor=moderator, comment=hidden, reason="insult", now=clock.now)
    act = session.exec(select(ModerationAct).where(ModerationAct.comment_id == hidden.id)).one()
    appeal(
        session,
        actor=actor_of(session, people["Zqname"]),
        act=act,
        comment=hidden,
        reason="zqappeal",
        law=law,
        now=clock.now,
    )


def _report(scene: Planted) -> None:
    """The discussion is over, everything is answered, the report is out."""
    with scene.platform.database.writing() as session:
        people, consultation = scene.people, session.exec(select(Consultation)).one()
        scene.clock.now = consultation.closes_at
        close_consultation(session, consultation)
        for comment in comments_in(session, consultation):
            if comment.is_public:
                answer_comment(
                    session, comment, people["Olga"], people["Nurlan"], now=scene.clock.now
                )
    scene.drain()
    with scene.platform.database.writing() as session:
        consultation = session.exec(select(Consultation)).one()
        release_report(session, consultation, scene.people["Olga"], scene.clock.now)


def _after(
    session: Session, platform: Platform, people: dict[str, Person], clock: TestClock
) -> None:
    """An answer is contested, another did meet the point; a problem is met with."""
    zq, now = actor_of(session, people["Zqname"]), clock.now
    contest_answer(
        session,
        actor=zq,
        law=law_of(session, platform.pack),
        comment=said(session, "wqearlier"),
        reason="wqcontest",
        now=now,
    )
    rate_answer(session, actor=zq, comment=said(session, "wqreply"), met=True, now=now)
    draft = session.exec(select(Draft)).one()
    problem = Problem(
        draft_id=draft.id or 0,
        lang="en",
        body="wqproblem",
        author_id=people["Zqname"].id or 0,
        created_at=now,
    )
    session.add(problem)
    session.flush()
    outbox.record(session, ProblemReported(problem.id or 0, draft.id or 0), now)
    leave_proposal(session, people["Zqname"], draft.agency_id, "wqproposal", now)


def _wait(scene: Planted) -> None:
    """So long that no file is so young that somebody could still be about to name it."""
    scene.clock.forward(days=2)
    scene.drain()
