"""Campaigns as they are kept: as comments come, change and go, and when all are looked at."""

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import Session, select

from consult.campaigns import keeping
from consult.campaigns.candidates import kept_text
from consult.campaigns.keeping import held, keep
from consult.campaigns.models import Cluster, Fingerprint, FingerprintBand, TextCount
from consult.campaigns.queries import (
    campaign,
    campaign_of,
    campaigns,
    counts,
    members,
    near,
    residue,
    variants,
)
from consult.campaigns.reclustering import recluster
from consult.campaigns.rules import alike
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.errors import NotFound
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.bench.letters import alone, changed, discussion
from tests.bench.scoring import precision_and_recall
from tests.conftest import START, TestClock
from tests.factories import actor_of, make_comment, make_person, open_draft
from tests.written import write_comments

RNG = random.Random(11)
LETTER = alone(RNG, "ky", 60)
COPIES = [LETTER, *(changed(random.Random(n), LETTER, "ky", 0.15) for n in range(5))]
OTHER = alone(RNG, "ky", 60)
OWN = "Менин атам элүү жыл чабан болгон, жолду өзү салган."
MINUTE = timedelta(minutes=1)


@pytest.fixture
def draft(platform: Platform) -> Draft:
    with platform.database.writing() as session:
        return open_draft(session)


def write(platform: Platform, draft: Draft, *bodies: str) -> list[int]:
    """Comments as they stand in the database, a minute after each other; nothing is kept yet."""
    with platform.database.writing() as session:
        return write_comments(session, draft, bodies)


def keep_all(platform: Platform, comment_ids: list[int]) -> None:
    for comment_id in comment_ids:
        with platform.database.writing() as session:
            keep(session, comment_id)


def change(platform: Platform, comment_id: int, **values: object) -> None:
    """Change the row of a comment and let what is kept of it follow, twice."""
    with platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        for name, value in values.items():
            setattr(comment, name, value)
    keep_all(platform, [comment_id, comment_id])


def groups(session: Session) -> set[frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in session.exec(select(Fingerprint)):
        found[row.cluster_id or -row.comment_id].add(row.comment_id)
    return {frozenset(group) for group in found.values()}


def check(platform: Platform, draft: Draft, *, whole: bool = False) -> set[frozenset[int]]:
    """What is always true of what is kept; `whole`: all comments were just looked at."""
    with platform.database.reading() as session:
        rows = {row.comment_id: row for row in session.exec(select(Fingerprint))}
        public = [
            comment
            for comment in session.exec(select(Comment))
            if comment.is_public and comment.parent_id is None
        ]
        assert rows.keys() == {comment.id for comment in public}
        assert counts(session, draft.id or 0) == (
            len(rows),
            len({row.exact for row in rows.values()}),
        )
        together: dict[str, set[int | None]] = defaultdict(set)
        for row in rows.values():
            together[row.exact].add(row.cluster_id or -row.comment_id)
        assert all(len(stand) == 1 for stand in together.values())
        at = {comment.id or 0: comment.created_at for comment in public}
        found = set(session.exec(select(FingerprintBand.comment_id)))
        for cluster in session.exec(select(Cluster)):
            own = [row for row in rows.values() if row.cluster_id == cluster.id]
            assert len(own) == cluster.submissions > 1
            assert len({row.exact for row in own}) == cluster.distinct_n
            assert cluster.medoid_id in {row.comment_id for row in own}
            assert cluster.first_at == min(at[row.comment_id] for row in own)
            assert cluster.last_at == max(at[row.comment_id] for row in own)
            speaks = kept_text(rows[cluster.medoid_id])
            assert speaks.is_short or cluster.medoid_id in found
            if whole:
                assert all(alike(kept_text(row), speaks) for row in own)
        singles = {row.comment_id for row in rows.values() if row.cluster_id is None}
        long = {id_ for id_, row in rows.items() if not kept_text(row).is_short}
        assert singles & long <= found <= rows.keys()
        return groups(session)


def test_copies_of_a_letter_are_one_cluster_and_others_stand_alone(
    platform: Platform, draft: Draft
) -> None:
    ids = write(platform, draft, *COPIES, LETTER.upper(), OTHER)
    keep_all(platform, ids)
    assert check(platform, draft, whole=True) == {frozenset(ids[:7]), frozenset(ids[7:])}
    with platform.database.reading() as session:
        assert counts(session, draft.id or 0) == (8, 7)
        (found,), after = campaigns(session, draft.id or 0)
        assert (found.cluster.submissions, found.cluster.distinct_n, after) == (7, 6, "")
        assert found.cluster.first_at == START
        assert [campaign_of(session, id_) for id_ in ids] == [found] * 7 + [None]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_order_all_looked_at_they_stand_as_if_they_came_at_once(
    platform: Platform, draft: Draft, seed: int
) -> None:
    letters = discussion(seed, share=0.2, campaigns=5, largest=8, others=15)
    ids = write(platform, draft, *(letter.body for letter in letters))
    recluster(platform.database, draft.id or 0)
    at_once = check(platform, draft, whole=True)
    with platform.database.writing() as session:
        for table in (FingerprintBand, Fingerprint, Cluster, TextCount):
            for row in session.exec(select(table)):  # type: ignore[call-overload]
                session.delete(row)
            session.flush()
    keep_all(platform, random.Random(seed).sample(ids, len(ids)))
    by_one = check(platform, draft)
    number = {id_: n for n, group in enumerate(by_one) for id_ in group}
    precision, recall = precision_and_recall(letters, [number[id_] for id_ in ids])
    assert precision >= 0.99
    assert recall >= 0.9  # before all are looked at
    recluster(platform.database, draft.id or 0)
    assert check(platform, draft, whole=True) == at_once


def test_looking_at_all_again_changes_nothing(platform: Platform, draft: Draft) -> None:
    write(platform, draft, *COPIES, OTHER, OTHER)

    def kept() -> list[object]:
        with platform.database.reading() as session:
            tables = (Cluster, Fingerprint, FingerprintBand, TextCount)
            return [
                row.model_dump()
                for table in tables
                for row in session.exec(select(table))  # type: ignore[call-overload]
            ]

    recluster(platform.database, draft.id or 0)
    before = kept()
    recluster(platform.database, draft.id or 0)
    assert kept() == before


def test_a_comment_that_goes_leaves_its_cluster_and_coming_back_joins_it(
    platform: Platform, draft: Draft
) -> None:
    ids = write(platform, draft, *COPIES)
    keep_all(platform, ids)
    for field in ("withdrawn_at", "hidden_at", "held_at"):
        for comment_id in (ids[0], ids[3]):  # the medoid among them
            change(platform, comment_id, **{field: START})
            assert check(platform, draft) == {frozenset(set(ids) - {comment_id})}
            change(platform, comment_id, **{field: None})
            assert check(platform, draft) == {frozenset(ids)}


def test_one_of_two_that_goes_leaves_the_other_alone(platform: Platform, draft: Draft) -> None:
    ids = write(platform, draft, *COPIES[:2], LETTER)
    keep_all(platform, ids)
    change(platform, ids[0], withdrawn_at=START)  # another says the same
    assert check(platform, draft) == {frozenset(ids[1:])}
    change(platform, ids[2], hidden_at=START)
    assert check(platform, draft) == {frozenset([ids[1]])}
    with platform.database.reading() as session:
        assert session.exec(select(Cluster)).all() == []
    change(platform, ids[1], withdrawn_at=START)
    assert check(platform, draft) == set()


def test_edited_words_find_another_place(platform: Platform, draft: Draft) -> None:
    ids = write(platform, draft, *COPIES[:3], OTHER)
    keep_all(platform, ids)
    change(platform, ids[1], body=OTHER)
    assert check(platform, draft) == {frozenset([ids[0], ids[2]]), frozenset([ids[1], ids[3]])}
    change(platform, ids[1], body=COPIES[4])
    assert check(platform, draft) == {frozenset(ids[:3]), frozenset([ids[3]])}


def test_of_two_workers_the_one_that_waited_reads_the_words_as_they_are_then(
    platform: Platform, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = write(platform, draft, *COPIES[:2], OTHER)
    keep_all(platform, ids)
    waiting = Event()

    def held_late(session: Session, draft_id: int) -> TextCount:
        waiting.set()
        return held(session, draft_id)

    with ThreadPoolExecutor(1) as pool:
        with platform.database.writing() as session:
            held(session, draft.id or 0)
            with monkeypatch.context() as patch:
                patch.setattr(keeping, "held", held_late)
                late = pool.submit(keep_all, platform, ids[:1])
                waiting.wait(0.5)  # on SQLite it waits before: a writer is alone from the start
            session.get_one(Comment, ids[0]).body = OTHER
            keep(session, ids[0])
        late.result()
    assert check(platform, draft) == {frozenset([ids[1]]), frozenset([ids[0], ids[2]])}


def test_a_few_words_are_together_only_with_the_same(platform: Platform, draft: Draft) -> None:
    ids = write(platform, draft, "I agree.", "I AGREE!", "I agree now.", "+++", "+++")
    keep_all(platform, ids)
    as_they_came = check(platform, draft)
    assert as_they_came == {frozenset(ids[:2]), frozenset([ids[2]]), frozenset(ids[3:])}
    recluster(platform.database, draft.id or 0)
    assert check(platform, draft, whole=True) == as_they_came


def test_replies_are_no_submissions(platform: Platform, draft: Draft) -> None:
    with platform.database.writing() as session:
        author = make_person(session)
        first = make_comment(session, draft, author, LETTER)
        make_comment(session, draft, author, LETTER, parent=first)
    drain(platform, START)
    check(platform, draft)
    recluster(platform.database, draft.id or 0)
    assert len(check(platform, draft)) == 1


def test_comments_are_compared_by_what_happens_on_the_site(
    platform: Platform, clock: TestClock, draft: Draft
) -> None:
    with platform.database.writing() as session:
        people = [make_person(session, name) for name in ("Aizada", "Bakyt", "Cholpon")]
        made = [
            make_comment(session, draft, person, body)
            for person, body in zip(people, COPIES, strict=False)
        ]
    drain(platform, clock())
    assert check(platform, draft) == {frozenset(comment.id or 0 for comment in made)}
    with platform.database.writing() as session:
        comment = session.get_one(Comment, made[0].id)
        withdraw_comment(session, actor=actor_of(session, people[0]), comment=comment, now=clock())
    drain(platform, clock())
    assert len(check(platform, draft).pop()) == 2


def test_when_a_discussion_closes_all_are_looked_at(
    platform: Platform, clock: TestClock, draft: Draft
) -> None:
    ids = write(platform, draft, *COPIES)  # no event was told of them
    clock.forward(days=60)
    drain(platform, clock())
    assert check(platform, draft, whole=True) == {frozenset(ids)}


def test_the_medoid_of_a_large_cluster_is_chosen_from_its_first(
    platform: Platform, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "ASKED", 3)
    monkeypatch.setattr(keeping, "FOUND_BY", 1)
    ids = write(platform, draft, *COPIES)
    keep_all(platform, ids)
    change(platform, ids[0], withdrawn_at=START)
    check(platform, draft)
    with platform.database.reading() as session:
        assert session.exec(select(Cluster)).one().medoid_id in ids[1:4]


def test_what_is_no_longer_public_is_let_go_when_all_are_looked_at(
    platform: Platform, draft: Draft
) -> None:
    ids = write(platform, draft, *COPIES)
    recluster(platform.database, draft.id or 0)
    with platform.database.writing() as session:
        session.get_one(Comment, ids[0]).hidden_at = START  # and no event tells of it
        session.get_one(Comment, ids[1]).body = OTHER
    recluster(platform.database, draft.id or 0)
    found = check(platform, draft, whole=True)
    assert found == {frozenset(ids[2:]), frozenset([ids[1]])}


def test_near_finds_what_stands_for_a_cluster_and_how_many_say_it(
    platform: Platform, draft: Draft
) -> None:
    ids = write(platform, draft, *COPIES, OTHER, "I agree.")
    keep_all(platform, ids)
    with platform.database.reading() as session:

        def found(body: str) -> list[tuple[int | None, int]]:
            said = near(session, draft_id=draft.id or 0, body=body)
            return [(one.comment.id, one.submissions) for one in said]

        assert found(changed(random.Random(9), LETTER, "ky", 0.1)) == [(ids[0], 6)]
        assert found(COPIES[2]) == [(ids[2], 6)]
        assert found(OTHER) == [(ids[6], 1)]
        assert found("i agree") == [(ids[7], 1)]
        assert found("I agree with all of it.") == []
        assert found(alone(random.Random(5), "ru", 50)) == []


def test_variants_and_members_of_a_cluster_page_by_page(platform: Platform, draft: Draft) -> None:
    ids = write(platform, draft, LETTER, LETTER, f"{LETTER}. {OWN}", *COPIES[1:4])
    recluster(platform.database, draft.id or 0)
    with platform.database.reading() as session:
        (of,), _ = campaigns(session, draft.id or 0)
        assert campaign(session, draft.id or 0, of.cluster.id or 0) == of
        shown, cursor = [], "first"
        while cursor:
            page, cursor = variants(session, of, cursor=cursor, limit=2)
            shown += page
        assert [one.comment.id for one in shown] == [ids[0], *ids[2:]]
        assert [one.submissions for one in shown] == [2, 1, 1, 1, 1]
        assert shown[0].likeness == 1.0
        assert shown[1].residue == residue(of, shown[1].comment) == [OWN.rstrip(".")]
        texts = [(member.comment_id, member.text) for member in members(session, of.cluster)]
        assert texts == [(ids[0], ids[0]), (ids[1], ids[0]), *((id_, id_) for id_ in ids[2:])]
        assert of.medoid is not None
        assert residue(of, of.medoid) == []
        with pytest.raises(NotFound):
            campaign(session, 99, of.cluster.id or 0)


def test_campaigns_come_the_largest_first_page_by_page(platform: Platform, draft: Draft) -> None:
    bodies = [alone(random.Random(n), "ru", 30) for n in range(5)]
    write(platform, draft, *(body for n, body in enumerate(bodies) for _ in range(2 + n % 3)))
    recluster(platform.database, draft.id or 0)
    with platform.database.reading() as session:
        sizes, cursor = [], "first"
        while cursor:
            page, cursor = campaigns(session, draft.id or 0, cursor=cursor, limit=2)
            sizes += [one.cluster.submissions for one in page]
        assert sizes == [4, 3, 3, 2, 2]
