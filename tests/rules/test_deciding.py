"""What officers decide of pairs is obeyed, and everything else is aligned around it."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from drafts.tree import Node, Tree, identify
from drafts.versions.aligning import Change, align, carry_wids, decisions_of
from drafts.versions.pairing import Decision, in_force
from tests.rules.small_laws import NEW, PAY, REFUSE, REGISTER, TREES, law


@st.composite
def decided(draw: st.DrawFn) -> tuple[Tree, Tree, list[Decision]]:
    """Two versions and what officers said of them, perhaps one thing and then another."""
    old, new = draw(TREES), draw(TREES)
    wids = ["", *(node.wid for node in old.walk())]
    eids = ["", *(node.eid for node in new.walk())]
    pairs = st.builds(Decision, st.sampled_from(wids), st.sampled_from(eids))
    return old, new, draw(st.lists(pairs.filter(any), max_size=5))


@given(decided())
def test_what_officers_decide_is_obeyed_and_all_else_is_told_of_once(
    case: tuple[Tree, Tree, list[Decision]],
) -> None:
    old, new, said = case
    alignment = align(old, new, said)
    heirs = {
        change.old_wids[0]: change.new_eids[0]
        for change in alignment
        if change.old_wids and change.new_eids
    }
    for wid, eid in in_force(said):
        if wid and eid:
            assert heirs[wid] == eid
        elif wid:
            assert Change("deleted", (wid,), (), 0.0) in alignment
        else:
            assert Change("added", (), (eid,), 0.0) in alignment
    assert Counter(wid for change in alignment for wid in change.old_wids) == Counter(
        node.wid for node in old.walk()
    )
    assert Counter(eid for change in alignment for eid in change.new_eids) == Counter(
        node.eid for node in new.walk()
    )


@given(decided())
def test_whatever_is_decided_a_wid_is_given_once_and_only_to_its_heir(
    case: tuple[Tree, Tree, list[Decision]],
) -> None:
    old, new, said = case
    alignment = align(old, new, said)
    carried = carry_wids(new, alignment, retired={"art_1", "art_2"})
    wids = {node.eid: node.wid for node in carried.walk()}
    assert len(set(wids.values())) == len(wids)
    for wid, eid in in_force(said):
        if eid and wid:
            assert wids[eid] == wid
        elif eid:
            assert wids[eid] not in {"art_1", "art_2"} | {node.wid for node in old.walk()}


@given(decided())
def test_what_an_alignment_says_can_be_decided_and_changes_nothing(
    case: tuple[Tree, Tree, list[Decision]],
) -> None:
    old, new, said = case
    alignment = align(old, new, said)
    told = [
        Decision(change.old_wids[0], change.new_eids[0])
        for change in alignment
        if change.old_wids and change.new_eids
    ]
    again = align(old, new, [*said, *told])
    kept = {(c.old_wids[0], c.new_eids[0]) for c in again if c.old_wids and c.new_eids}
    assert kept >= set(told)


def test_the_last_word_on_a_provision_counts() -> None:
    said = [Decision("a", "x"), Decision("b", "y"), Decision("a", "z"), Decision("", "y")]
    assert in_force(said) == [Decision("a", "z"), Decision("", "y")]


def test_a_decision_about_a_provision_that_is_not_there_is_void() -> None:
    old, new = law(REGISTER, PAY), law(REGISTER, PAY)
    assert align(old, new, [Decision("art_9", "art_1"), Decision("", "art_9")]) == align(old, new)


def test_what_hangs_below_a_pair_an_officer_made_finds_its_partners_there() -> None:
    def article(number: str, *texts: str) -> Node:
        parts = tuple(Node("paragraph", number=str(n), text=t) for n, t in enumerate(texts, 1))
        return Node("article", number=number, children=parts)

    old = identify(Tree("en", (article("1", REGISTER, PAY), article("2", "Yes.", "No."))))
    new = identify(Tree("en", (article("1", "Yes.", "Maybe."), article("2", REGISTER, PAY))))
    kept = carry_wids(new, align(old, new, [Decision("art_2", "art_1")]))
    assert [node.wid for node in kept.walk()][:2] == ["art_2", "art_2__para_1"]


def test_a_file_that_names_provisions_itself_pairs_those_of_the_same_kind() -> None:
    old = law(REGISTER, PAY, REFUSE)
    new = identify(
        Tree(
            "en",
            (
                Node("article", number="1", text=NEW, wid="art_3"),
                Node("paragraph", number="2", text=PAY, wid="art_2"),
                Node("article", number="3", text=REGISTER, wid="own_1"),
            ),
        )
    )
    assert decisions_of(old, new) == (Decision("art_3", "art_1"),)
    carried = carry_wids(new, align(old, new, decisions_of(old, new)))
    assert [node.wid for node in carried.walk()] == ["art_3", "art_2", "art_1"]


def test_what_is_new_keeps_a_wid_of_its_own_unless_it_is_taken() -> None:
    new = (
        Node("article", number="7", text=NEW, wid="own_1"),
        Node("article", number="8", text=PAY),
    )
    tree = Tree("en", (*new, replace(new[0], text=REFUSE)))
    wids = [node.wid for node in carry_wids(tree, (), retired={"art_8"}).walk()]
    assert wids == ["own_1", "art_8-v2", "art_7-n2-v2"]
