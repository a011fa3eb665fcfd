"""Everybody walks through everything: no page is broken, no link leads nowhere, no secret is out.

Each column of words holds words of its own, so that whatever a page shows tells where it came from.
On SQLite alone: the queries have tests of their own.
"""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from sqlmodel import col, select

from consult.platform import Platform
from drafts.models import DraftVersion, Provision
from tests.conftest import TestClock
from tests.crawling import addresses, ask, follow_links, is_page
from tests.filled import PLAYERS, Filled, make_filled
from tests.html_rules import problems_of_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORD = "Zanbak"  # begins whatever is planted, so that a search would find all of it
PLANTED = re.compile(rf"{WORD}[ .+](x\d+x)")
NOBODY: tuple[str, ...] = ()
AGENCY = ("officer", "approver")  # of the draft that is discussed
OTHER = ("other officer",)
TO_MODERATORS = ("moderator",)
TO_JUDGES = ("moderator", "oversight")

# What is not for everybody, and who does see it on some page; the rows are those of the scene.
SECRETS: dict[str, tuple[str, ...]] = {
    "answer_template.title": AGENCY,
    "answer_template.reason": AGENCY,
    "appeal.reason": ("oversight",),
    "attachment.name": AGENCY,  # the scan of a letter
    "bounce.reason": NOBODY,
    "comment.body hidden": TO_MODERATORS,
    "comment.body appealed": TO_JUDGES,
    "comment.body lately held": ("citizen", "moderator"),  # who wrote it
    "comment.body lately withdrawn": ("citizen",),
    "comment_flag.note": TO_MODERATORS,
    "disavowal.note": TO_MODERATORS,
    "disposition.reason answer": AGENCY,  # it waits for approval
    "disposition.returned_note": AGENCY,
    "draft.summaries unseen": OTHER,
    "draft.titles unseen": OTHER,
    "hearing_seat.needs": ("citizen", "officer"),  # whose needs they are
    "identity.document": NOBODY,
    "import_preview.title": AGENCY,
    "import_preview.summary": NOBODY,
    "internal_note.body": AGENCY,
    "invitation.email": ("administrator",),
    "issue.title": AGENCY,
    "mail_token.email": NOBODY,
    "opinion_answer.text": AGENCY,  # it waits for a second person
    "passkey.name": NOBODY,
    "plan_item.titles unseen": OTHER,
    "practice_review.words waiting": AGENCY,
    "problem.body": NOBODY,  # hidden: then it is not to be answered either
    "proposal_answer.reason waiting": AGENCY,
    "proposal_answer.returned_note": AGENCY,
    "provenance.contact": AGENCY,
    "provision.text unseen": OTHER,
    "question_answer.body waiting": AGENCY,
    "question_answer.note": AGENCY,
    "redaction.words": NOBODY,  # until somebody appeals
    "sign_in.agent": NOBODY,
    "sitting_item.title waiting": NOBODY,  # of those here: nobody keeps the minutes of that body
}
# Where everybody is shown to everybody: trying things out, in development only.
NOT_LOOKED_AT = re.compile(r"/dev/|\.pdf$")


@pytest.fixture
def filled(platform: Platform, clock: TestClock) -> Filled:
    return make_filled(platform, clock)


class Planted:
    """Plants words by which they are known again, and remembers where."""

    def __init__(self, filled: Filled) -> None:
        self.labels: dict[str, str] = {}
        scene = filled.scene
        unseen = {scene.rows["unseen"]: "unseen"}
        with filled.platform.database.reading() as session:
            of_version = col(DraftVersion.id) == col(Provision.version_id)
            text = select(Provision.id).join(DraftVersion, of_version)
            hidden = session.exec(text.where(DraftVersion.draft_id == scene.rows["unseen"])).all()
        self.named: dict[str, dict[Any, str]] = {
            "comment.body": {id_: name for name, id_ in scene.comments.items()},
            "disposition.reason": {scene.rows["answer"]: "answer"},
            "draft.titles": unseen,
            "draft.summaries": unseen,
            "person.email": {id_: name for name, id_ in filled.ids.items()},
            "plan_item.titles": {scene.rows["unseen item"]: "unseen"},
            "provision.text": dict.fromkeys(hidden, "unseen"),
            "practice_review.words": {scene.rows["waiting review"]: "waiting"},
            "proposal_answer.reason": {scene.rows["waiting proposal answer"]: "waiting"},
            "sitting_item.title": {scene.rows["waiting item"]: "waiting"},
            "question_answer.body": {scene.rows["waiting question answer"]: "waiting"},
        }
        filled.plant(self)

    def __call__(self, column: str, id_: int) -> str:
        word = f"x{len(self.labels)}x"
        self.labels[word] = f"{column} {self.named.get(column, {}).get(id_, '')}".strip()
        return f"{WORD}.{word}@example.org" if column == "person.email" else f"{WORD} {word}"

    def in_(self, answer: Any) -> set[str]:
        """Where the planted words of an answer come from."""
        told = unquote(answer.text + str(answer.headers))
        return {self.labels[word] for word in PLANTED.findall(told)}


def is_secret(label: str) -> bool:
    return label in SECRETS or label.startswith("person.email")


def seen_by(label: str, who: str) -> bool:
    """Whether this is for this one."""
    if label.startswith("person.email"):  # of one's own; an administrator's office is to know them
        return who == "administrator" or label == f"person.email {who}"
    return who in SECRETS[label]


@pytest.mark.parametrize("who", ["", *PLAYERS])
def test_everybody_sees_of_what_is_not_public_just_what_is_for_them(
    filled: Filled, who: str
) -> None:
    planted, browser = Planted(filled), filled.browser(who)
    found: dict[str, str] = {}
    searches = [f"/search?q={WORD}", f"/drafts?q={WORD}"]
    comments = filled.scene.comments
    first = [comments[name] for name in ("hidden", "lately held", "appealed", "lately withdrawn")]
    order = dict.fromkeys((*first, *comments.values()))
    for url in (*searches, *addresses(filled.platform, tuple(order))):
        if not NOT_LOOKED_AT.search(url):
            answer = ask(browser, url)
            assert answer.status_code < 500, url
            found |= {label: url for label in planted.in_(answer) if is_secret(label)}
    known = {label for label in planted.labels.values() if is_secret(label)}
    leaked = {label: url for label, url in found.items() if not seen_by(label, who)}
    assert not leaked
    if who != "administrator":  # who sees the address of everybody, but not in these few pages
        assert {label for label in known if seen_by(label, who)} <= set(found)


@pytest.mark.parametrize("who", ["", "citizen", "everybody"])
def test_no_link_leads_nowhere(filled: Filled, who: str) -> None:
    wrong = []

    def look(url: str, answer: Any) -> None:
        if answer.status_code not in {200, 302, 303}:
            wrong.append((url, answer.status_code))
        elif is_page(answer) and (problems := problems_of_page(answer.text)):
            wrong.append((url, problems))

    kinds = follow_links(filled.browser(who), "/", look)
    assert not wrong
    assert len(kinds) > 100
