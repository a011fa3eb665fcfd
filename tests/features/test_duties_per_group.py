"""What is owed for a group of comments: it moves with them, and each is owed one answer."""

import random
from dataclasses import replace

import pytest
from sqlmodel import col, select

from consult.answers.queries import admissible, grouping
from consult.comments.models import Comment
from consult.law.queries import law_of
from consult.obligations.keeping import per_comment
from consult.obligations.ledger.rules import SETTLED, Kind, Stored
from consult.obligations.models import Obligation
from consult.obligations.queries import answer_due, ledger
from consult.obligations.writing import write
from consult.platform import Platform
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.duties import HOUR, Case, rule_with
from tests.features.commenters import (
    commented,
    group,
    moderate,
    of_comments,
    running,
    states,
    withdraw,
)


@pytest.fixture
@kept
def grouped(platform: Platform, clock: TestClock) -> Case:
    """The round is over, and each of its five comments is owed an answer."""
    made = commented(platform, clock, "issue")
    made.close()
    return made


def _groups(case: Case) -> dict[int, int]:
    with case.platform.database.reading() as session:
        return grouping(session, case.consultation().id or 0)


def test_what_is_grouped_is_owed_one_answer_as_a_group(grouped: Case) -> None:
    due = grouped.owed("answer")[0].due_at
    issue = group(grouped, 1, 2, 5)
    grouped.drain()
    assert running(grouped) == {*of_comments(3, 4), f"issue:{issue}"}
    assert grouped.owed("answer")[-1].due_at == due
    with grouped.platform.database.reading() as session:
        last = ledger(session, grouped.owed("answer")[0].id or 0)[-1]
    assert (last.kind, last.data["reason"]) == ("cancelled", per_comment.GROUPED)


def test_what_is_taken_out_is_owed_its_own_answer_again_by_the_same_day(grouped: Case) -> None:
    due = grouped.owed("answer")[0].due_at
    issue = group(grouped, 1, 2)
    grouped.drain(grouped.clock.now + 50 * HOUR)
    group(grouped, 1, apart=True)
    grouped.drain()
    assert running(grouped) == {*of_comments(1, 3, 4, 5), f"issue:{issue}"}
    group(grouped, 2, apart=True)
    grouped.drain()
    assert running(grouped) == of_comments(1, 2, 3, 4, 5)
    assert {d.due_at for d in grouped.owed("answer") if d.state == "running"} == {due}
    assert states(grouped)[f"issue:{issue}"] == "cancelled"


@pytest.mark.parametrize("seed", range(3))
def test_a_group_has_the_longest_extension_approved_for_one_of_its_comments(
    platform: Platform, clock: TestClock, seed: int
) -> None:
    pack = rule_with(platform.pack, "kg-answer", max_extension=9)
    grouped = commented(replace(platform, pack=pack), clock, "issue")
    grouped.close()
    chance, given = random.Random(seed), {}
    with platform.database.writing() as session:
        law = law_of(session, pack)
        for duty in map(session.merge, grouped.owed("answer")):
            if extra := chance.choice((0, 2, 5, 9)):
                data = {
                    "extra": extra,
                    "basis": "Art. 7",
                    "reason": "Many spoke.",
                    "approved_by": 2,
                }
                write(session, law, duty, Kind.EXTENDED, clock.now, data, now=clock.now, actor_id=1)
            given[int(duty.subject.split(":")[1])] = extra, duty.due_at
    for _ in range(4):  # made, joined, moved to another, in whatever order
        groups = sorted(_groups(grouped).values())
        joined = chance.choice(groups) if groups and chance.random() < 0.6 else None
        group(grouped, *chance.sample(sorted(given), chance.randint(1, 2)), issue_id=joined)
        grouped.drain(clock.forward(days=20))
        grouped.drain()
    for subject, issue in _groups(grouped).items():
        duty = next(d for d in grouped.owed("answer") if d.subject == f"issue:{issue}")
        assert (duty.extra, duty.due_at) >= given[subject]
        assert duty.extra in {extra for extra, _ in given.values()}


def test_a_group_without_admissible_comments_is_owed_nothing(grouped: Case) -> None:
    issue = group(grouped, 1, 2)
    withdraw(grouped, 1)
    grouped.drain()
    assert f"issue:{issue}" in running(grouped)
    moderate(grouped, 2, hide=True)
    grouped.drain()
    assert running(grouped) == of_comments(3, 4, 5)
    moderate(grouped, 2, hide=False)
    grouped.drain()
    assert f"issue:{issue}" in running(grouped)


def test_a_group_shown_again_is_owed_an_answer_from_then_on(grouped: Case) -> None:
    issue = group(grouped, 1, 2)
    grouped.drain()
    for comment in (1, 2):
        moderate(grouped, comment, hide=True)
    grouped.drain()
    restored_at = grouped.clock.forward(days=60)
    moderate(grouped, 2, hide=False)
    grouped.clock.forward(days=1)
    moderate(grouped, 1, hide=False)
    grouped.drain()
    *_, again = grouped.owed("answer")
    assert (again.subject, again.state) == (f"issue:{issue}", "running")
    with grouped.platform.database.reading() as session:
        assert ledger(session, again.id or 0)[1].at == restored_at


def test_who_commented_is_shown_the_day_of_the_group(grouped: Case) -> None:
    issue = group(grouped, 1, 2)
    grouped.drain()
    (duty,) = (d for d in grouped.owed("answer") if d.subject == f"issue:{issue}")
    with grouped.platform.database.writing() as session:
        session.get_one(Obligation, duty.id).due_at = grouped.clock.now
    pack = grouped.platform.pack
    with grouped.platform.database.reading() as session:
        first, third = (session.get_one(Comment, id_) for id_ in (1, 3))
        assert answer_due(session, pack, first) == grouped.clock.now
        assert answer_due(session, pack, third) != grouped.clock.now


def test_the_report_fulfils_the_duty_of_a_group(grouped: Case) -> None:
    issue = group(grouped, 1, 2)
    grouped.drain()
    grouped.publish()
    ended = states(grouped)
    assert ended.pop("comment:1") == ended.pop("comment:2") == "cancelled"
    assert set(ended.values()) == {"fulfilled"}
    with grouped.platform.database.reading() as session:
        (duty,) = (d for d in grouped.owed("answer") if d.subject == f"issue:{issue}")
        evidence = ledger(session, duty.id or 0)[-1].data["evidence"]
    assert evidence == f"/drafts/{grouped.draft_id}/report/1"


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_each_comment_is_owed_one_answer_and_no_other(
    grouped: Case, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        grouped.clock.forward(minutes=10)
        with grouped.platform.database.reading() as session:
            comments = list(session.exec(select(Comment).order_by(col(Comment.id))).all())
            groups = grouping(session, grouped.consultation().id or 0)
        chosen = chance.sample(comments, chance.randint(1, 4))
        ids, one = [c.id or 0 for c in chosen], chosen[0]
        match chance.choice(("group", "join", "ungroup", "hide", "withdraw", "drain")):
            case "group":
                group(grouped, *ids)
            case "join" if groups:
                group(grouped, *ids, issue_id=chance.choice(list(groups.values())))
            case "ungroup":
                group(grouped, *ids, apart=True)
            case "hide" if one.withdrawn_at is None:
                moderate(grouped, one.id or 0, hide=one.hidden_at is None)
            case "withdraw" if len([c for c in comments if c.withdrawn_at is None]) > 2:
                withdraw(grouped, one.id or 0)
            case "drain":
                grouped.drain()
    grouped.drain()
    with grouped.platform.database.reading() as session:
        groups = grouping(session, grouped.consultation().id or 0)
        owed = [c.id or 0 for c in admissible(session, grouped.consultation().id or 0)]
    wanted = {f"issue:{groups[id_]}" if id_ in groups else f"comment:{id_}" for id_ in owed}
    open_ = [d.subject for d in grouped.owed("answer") if Stored(d.state) not in SETTLED]
    assert sorted(open_) == sorted(wanted)
