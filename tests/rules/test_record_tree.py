"""The tree of the record, against the definitions of RFC 9162 written down once more, naively."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.comments.rules import CHANGES, body_hash
from consult.record.kinds import Snapshot, canonical, group_salt, hidden_hash, payload, plain, same
from consult.record.tree import (
    EMPTY,
    GrowingTree,
    Node,
    Span,
    consistency_spans,
    inclusion_spans,
    joined,
    leaf_hash,
    nodes_of,
)
from consult.record.verify import check, check_entry, climb

MOST = 300
ENTRIES = [f"entry {n}".encode() for n in range(MOST)]
SIZES = st.integers(min_value=1, max_value=MOST)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(entries: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1: Merkle Tree Hash."""
    if not entries:
        return sha(b"")
    if len(entries) == 1:
        return sha(b"\x00" + entries[0])
    k = split(len(entries))
    return sha(b"\x01" + mth(entries[:k]) + mth(entries[k:]))


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """2.1.3.1: Merkle inclusion proof."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: list[bytes], *, known: bool) -> list[bytes]:
    """2.1.4.1: Merkle consistency proof."""
    n = len(entries)
    if m == n:
        return [] if known else [mth(entries)]
    k = split(n)
    if m <= k:
        return [*subproof(m, entries[:k], known=known), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], known=False), mth(entries[:k])]


@pytest.fixture(scope="module")
def stored() -> dict[Node, bytes]:
    """The nodes of a tree of MOST entries, as they are stored when it grows."""
    tree, nodes = GrowingTree(), {}
    for n, entry in enumerate(ENTRIES):
        nodes[0, n] = leaf_hash(entry)
        nodes |= dict(tree.add(leaf_hash(entry)))
    return nodes


def hashes(stored: dict[Node, bytes], spans: list[Span]) -> list[bytes]:
    return [joined([stored[node] for node in nodes_of(span)]) for span in spans]


def test_the_root_of_a_growing_tree_is_that_of_the_rfc_at_every_size() -> None:
    tree = GrowingTree()
    assert tree.root == EMPTY == mth([])
    for n, entry in enumerate(ENTRIES, start=1):
        tree.add(leaf_hash(entry))
        assert (tree.size, tree.root) == (n, mth(ENTRIES[:n]))


@given(SIZES)
def test_a_tree_goes_on_from_its_stored_nodes(stored: dict[Node, bytes], size: int) -> None:
    tree = GrowingTree(size, [stored[node] for node in nodes_of((0, size))])
    assert tree.root == mth(ENTRIES[:size])
    if size < MOST:
        tree.add(leaf_hash(ENTRIES[size]))
        assert tree.root == mth(ENTRIES[: size + 1])


@given(st.data())
def test_an_inclusion_proof_is_that_of_the_rfc_and_leads_to_the_root(
    stored: dict[Node, bytes], data: st.DataObject
) -> None:
    size = data.draw(SIZES)
    number = data.draw(st.integers(min_value=0, max_value=size - 1))
    steps = hashes(stored, inclusion_spans(number, size))
    assert steps == path(number, ENTRIES[:size])
    leaf = leaf_hash(ENTRIES[number])
    assert climb([leaf, *steps], number, size - 1)[1] == mth(ENTRIES[:size]).hex()
    other = (
        data.draw(st.integers(min_value=0, max_value=size - 1).filter(lambda n: n != number))
        if size > 1
        else None
    )
    if other is not None:  # it proves no other entry, and no other place
        wrong = climb([leaf_hash(ENTRIES[other]), *steps], number, size - 1)
        assert wrong[1:] != [mth(ENTRIES[:size]).hex()]


@given(st.data())
def test_a_consistency_proof_is_that_of_the_rfc(
    stored: dict[Node, bytes], data: st.DataObject
) -> None:
    second = data.draw(SIZES)
    first = data.draw(st.integers(min_value=1, max_value=second))
    steps = hashes(stored, consistency_spans(first, second))
    assert steps == subproof(first, ENTRIES[:second], known=True)
    heads = [{"size": n, "root": mth(ENTRIES[:n]).hex()} for n in (first, second)]
    assert check({"heads": heads, "path": [step.hex() for step in steps]}, {}) == []
    if first < second:
        heads[0]["root"] = "0" * 64
        with pytest.raises(SystemExit, match="entries were changed"):
            check({"heads": heads, "path": [step.hex() for step in steps]}, {})


@given(SIZES)
def test_a_proof_reads_few_nodes_however_large_the_tree(size: int) -> None:
    nodes = [node for span in inclusion_spans(size // 2, size) for node in nodes_of(span)]
    assert len(nodes) <= 2 * size.bit_length()


def test_no_entry_can_pass_for_a_pair_of_others(stored: dict[Node, bytes]) -> None:
    pair = stored[0, 0] + stored[0, 1]
    assert leaf_hash(pair) != stored[1, 0] == sha(b"\x01" + pair)


def test_there_is_one_way_to_write_a_value_down() -> None:
    value = {"я": None, "b": [1, True, 'ы\n"\\\x01\u2028'], "a": {"z": "", "y": -5}}
    said = canonical(value).decode()
    assert said == '{"a":{"y":-5,"z":""},"b":[1,true,"ы\\n\\"\\\\\\u0001\u2028"],"я":null}'
    assert canonical(json.loads(said)) == said.encode()
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


def test_times_are_in_utc_and_days_are_days() -> None:
    bishkek = datetime(2026, 9, 7, 10, 0, tzinfo=timezone(timedelta(hours=6)))
    assert plain(bishkek) == "2026-09-07T04:00:00+00:00"
    assert plain(date(2026, 9, 7)) == "2026-09-07"
    assert plain(None) is None


@given(st.text(), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_words_stand_in_the_record_only_as_what_nobody_can_guess(
    body: str, salt: bytes, other: bytes
) -> None:
    row = Snapshot("comment", 7, {"lang": "ky"}, {"words": {"body": body}, "private": {"id": 3}})
    said = json.loads(payload(row, 1, salt, datetime(2026, 9, 7, tzinfo=UTC)))
    assert set(said) == {"kind", "row", "turn", "at", "facts", "hashes", "salt"}
    assert said["facts"] == {"lang": "ky"}
    assert said["salt"] == hashlib.sha256(salt).hexdigest()
    opened = group_salt(salt, "words")  # shows nothing of the other group
    assert said["hashes"]["words"] == hashlib.sha256(opened + canonical({"body": body})).hexdigest()
    assert said["hashes"]["private"] != hidden_hash(opened, "private", {"id": 3})
    if other != salt:
        assert said["hashes"]["words"] != hidden_hash(other, "words", {"body": body})


def test_what_of_a_row_differs_from_its_entry_is_named() -> None:
    salt, at = bytes(32), datetime(2026, 9, 7, tzinfo=UTC)
    row = Snapshot("comment", 7, {"lang": "ky"}, {"words": {"body": "a"}, "private": {"id": 3}})
    said = json.loads(payload(row, 1, salt, at))
    facts = Snapshot("comment", 7, {"lang": "ru"}, row.hidden)
    words = Snapshot("comment", 7, row.facts, row.hidden | {"words": {"body": "b"}})
    whose = Snapshot("comment", 7, row.facts, row.hidden | {"private": {"id": 4}})
    assert [same(said, salt, one) for one in (row, facts, words, whose)] == [
        "",
        "facts",
        "words",
        "private",
    ]
    assert same(said, None, words) == ""  # forgotten: nobody can tell
    assert same(said, None, facts) == "facts"


@pytest.mark.parametrize("change", CHANGES)
def test_the_script_holds_the_words_against_the_fingerprint_in_the_mail(
    change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    salt, at = bytes(32), datetime(2026, 9, 7, tzinfo=UTC)
    words, mail = {"body": "Не надо.", "proposed": "Нет"}, body_hash("Не надо.", "Нет", change)
    facts = {"change": change, "redacted_at": None}

    def entry(hidden: dict[str, dict[str, str]]) -> tuple[dict[str, Any], str]:
        text = payload(Snapshot("comment", 7, facts, hidden), 1, salt, at)
        opened = {
            group: {"salt": group_salt(salt, group).hex(), "value": value}
            for group, value in hidden.items()
        }
        made = {"number": 0, "payload": text, "path": [], "opened": opened}
        return made, leaf_hash(text.encode()).hex()

    for hidden in ({"words": words}, {"words": words, "private": {"body_hash": mail}}):
        made, root = entry(hidden)
        assert check_entry(made, 1, root) == []
        assert f"as in the mail: {mail}" in capsys.readouterr().out
    made, root = entry({"words": words, "private": {"body_hash": "0" * 64}})
    with pytest.raises(SystemExit, match="the mail proves other words"):
        check_entry(made, 1, root)
