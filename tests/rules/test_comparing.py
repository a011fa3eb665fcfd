"""Two versions side by side: every provision once, in order, with what became of it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from drafts.tree import Node, Tree, identify
from drafts.versions.aligning import align, carry_wids
from drafts.versions.comparing import (
    KINDS,
    Comparison,
    Link,
    Step,
    as_data,
    cells,
    compare,
    counts,
    difference,
    wording,
)
from drafts.versions.diffing import Piece, apply
from tests.rules.test_aligning import (
    NEW,
    PAY,
    REFUSE,
    REGISTER,
    TREES,
    articles,
    bare,
    chapter,
    law,
)

SPLIT = {"split", "merged"}


def step(old: Tree, new: Tree, retired: Collection[str] = ()) -> tuple[Tree, Step]:
    """The next version with its permanent ids, and the list that is stored with it."""
    alignment = align(old, new)
    carried = carry_wids(bare(new), alignment, retired=retired)
    wid = {node.eid: node.wid for node in carried.walk()} | {"": ""}
    links = (
        Link(change.kind, one, wid[eid], change.similarity)
        for change in alignment
        for one in change.old_wids or ("",)
        for eid in change.new_eids or ("",)
    )
    return carried, tuple(links)


def path(*trees: Tree) -> tuple[Tree, Tree, list[Step]]:
    """The first and the last version and the lists between."""
    steps, last = [], trees[0]
    for tree in trees[1:]:
        last, links = step(last, tree)
        steps.append(links)
    return trees[0], last, steps


def rows_of(*trees: Tree) -> tuple[Comparison, ...]:
    return compare(*path(*trees))


def wids(nodes: tuple[Node, ...]) -> list[str]:
    return [node.wid for node in nodes] or [""]


def told(*trees: Tree) -> list[tuple[str, list[str], list[str]]]:
    return [
        (row.kind, [n.wid for n in row.old], [n.wid for n in row.new]) for row in rows_of(*trees)
    ]


@given(st.lists(TREES, min_size=1, max_size=4))
def test_every_provision_of_either_version_stands_there_exactly_once(trees: list[Tree]) -> None:
    old, new, steps = path(*trees)
    rows = compare(old, new, steps)
    assert Counter(n.wid for row in rows for n in row.old) == Counter(n.wid for n in old.walk())
    assert Counter(n.wid for row in rows for n in row.new) == Counter(n.wid for n in new.walk())


@given(TREES)
def test_a_version_compared_with_itself_is_all_the_same(tree: Tree) -> None:
    assert [(r.kind, r.old, r.new) for r in compare(tree, tree, [])] == [
        ("same", (node,), (node,)) for node in tree.walk()
    ]


@given(TREES, TREES)
def test_between_neighbours_the_stored_list_is_the_comparison(old: Tree, new: Tree) -> None:
    _, carried, steps = path(old, new)
    kinds = {link[1:3]: link.kind for link in steps[0]}
    for row in compare(old, carried, steps):
        pairs = [(a, b) for a in wids(row.old) for b in wids(row.new)]
        assert {kinds[pair] for pair in pairs} == {row.kind}


@given(TREES, TREES)
def test_the_kinds_found_again_are_those_of_the_alignment(old: Tree, new: Tree) -> None:
    """An unchanged version in between makes the list be followed instead of being repeated."""
    _, carried, steps = path(old, new)
    unchanged = tuple(Link("same", n.wid, n.wid, 1.0) for n in carried.walk())
    direct = compare(old, carried, steps)
    followed = compare(old, carried, [*steps, unchanged])
    assert [r.kind for r in followed] == [r.kind for r in direct]
    assert [(r.moved, r.renumbered) for r in followed] == [(r.moved, r.renumbered) for r in direct]
    assert all(
        abs(one.similarity - two.similarity) < 1e-9
        for one, two in zip(direct, followed, strict=True)
        if one.kind not in SPLIT
    )


@given(st.lists(TREES, min_size=2, max_size=4))
def test_the_counts_add_up(trees: list[Tree]) -> None:
    old, new, steps = path(*trees)
    rows = compare(old, new, steps)
    found = counts(rows)
    assert list(found) == list(KINDS)
    assert sum(found.values()) == len(rows)
    paired = sum(len(row.new) for row in rows if row.old)
    assert paired + found["added"] == len(list(new.walk()))
    assert len(as_data(rows, {}, {})["changed"]) == len(rows) - found["same"]


@given(st.lists(TREES, min_size=2, max_size=4))
def test_the_rows_stand_in_the_order_of_the_new_text(trees: list[Tree]) -> None:
    old, new, steps = path(*trees)
    order = {node.wid: n for n, node in enumerate(new.walk())}
    firsts = [min(order[n.wid] for n in r.new) for r in compare(old, new, steps) if r.new]
    assert firsts == sorted(firsts)


@given(st.lists(TREES, min_size=2, max_size=3))
def test_only_unchanged_words_are_called_the_same_and_a_difference_leads_to_the_new_text(
    trees: list[Tree],
) -> None:
    for row in rows_of(*trees):
        pieces = difference(row)
        assert apply(pieces, wording(row.old)) == wording(row.new)
        if row.kind in {"same", "moved", "renumbered"}:
            assert {piece.op for piece in pieces} <= {"same"}


def test_what_was_changed_and_changed_back_is_the_same() -> None:
    edited = law(REGISTER.replace("one day", "ten days"), PAY)
    assert [kind for kind, _, _ in told(law(REGISTER, PAY), edited, law(REGISTER, PAY))] == [
        "same",
        "same",
    ]


def test_what_was_split_and_joined_again_is_the_same() -> None:
    whole, halves = law(f"{REGISTER} {PAY}", REFUSE), law(REGISTER, PAY, REFUSE)
    assert [kind for kind, _, _ in told(whole, halves)] == ["split", "renumbered"]
    assert [kind for kind, _, _ in told(whole, halves, whole)] == ["same", "same"]


def test_a_split_is_still_one_when_a_half_is_edited_later() -> None:
    whole, halves = law(f"{REGISTER} {PAY}", REFUSE), law(REGISTER, PAY, REFUSE)
    later = law(REGISTER, PAY.replace("treasury", "state treasury"), REFUSE)
    (first, *_rest) = told(whole, halves, later)
    assert first == ("split", ["art_1"], ["art_1", "art_2-v2"])


def test_of_a_split_provision_whose_half_was_deleted_the_rest_is_edited() -> None:
    whole, halves = law(f"{REGISTER} {PAY}", REFUSE), law(REGISTER, PAY, REFUSE)
    assert [kind for kind, _, _ in told(whole, halves, law(REGISTER, REFUSE))] == ["edited", "same"]


def test_the_parts_of_a_split_stand_in_order_whichever_of_them_kept_the_id() -> None:
    short, new = "The court is told.", law("The court is told.", PAY, REFUSE)
    (row, _) = rows_of(law(f"{short} {PAY}", REFUSE), new)
    assert [node.text for node in row.new] == [short, PAY]
    assert row.wid == "art_1"
    assert row.new[1].wid == "art_1"
    (entry, _) = as_data([row, replace(row, kind="edited")], {}, {})["changed"]
    assert entry["new"]["wid"] == "art_1"
    assert [one["eid"] for one in entry["split_into"]] == ["art_1", "art_2"]


def test_provisions_joined_on_the_way_are_one_row() -> None:
    old, new = law(REGISTER, PAY, REFUSE), law(f"{REGISTER} {PAY}", REFUSE)
    assert told(old, old, new)[0] == ("merged", ["art_1", "art_2"], ["art_1"])


def test_what_came_and_went_in_between_is_not_told() -> None:
    old = law(REGISTER, PAY)
    assert {kind for kind, _, _ in told(old, law(REGISTER, NEW, PAY), old)} == {"same"}


def test_an_edited_article_that_moved_and_was_renumbered_says_all_three() -> None:
    one, two, three = articles(REGISTER, PAY, REFUSE)
    old = identify(Tree("en", (chapter("1", one, two), chapter("2", three))))
    edited = replace(two, number="9", text=PAY.replace("treasury", "state treasury"))
    new = Tree("en", (chapter("1", one), chapter("2", three, edited)))
    (row,) = (row for row in rows_of(old, new) if row.kind != "same")
    assert (row.kind, row.moved, row.renumbered) == ("edited", True, True)


def test_a_deleted_article_stands_behind_all_of_the_one_before_it() -> None:
    def article(number: str, *texts: str) -> Node:
        parts = tuple(Node("paragraph", number=str(n), text=t) for n, t in enumerate(texts, 1))
        return Node("article", number=number, heading=f"Article {number}", children=parts)

    old = identify(Tree("en", (article("1", REGISTER), article("2", PAY), article("3", REFUSE))))
    new = Tree("en", (article("1", REGISTER, NEW), article("3", REFUSE)))
    assert [(kind, (olds or news)[0]) for kind, olds, news in told(old, new)] == [
        ("same", "art_1"),
        ("same", "art_1__para_1"),
        ("added", "art_1__para_2"),
        ("deleted", "art_2"),
        ("deleted", "art_2__para_1"),
        ("same", "art_3"),
        ("same", "art_3__para_1"),
    ]


def test_words_changed_in_this_language_only_are_not_called_the_same() -> None:
    """The stored list was made of another language, in which nothing changed."""
    old, new = law(PAY), law(PAY.replace("treasury", "state treasury"))
    (row,) = compare(old, new, [(Link("same", "art_1", "art_1", 1.0),)])
    assert row.kind == "edited"
    assert 0.9 < row.similarity < 1


def test_without_a_stored_list_a_provision_is_known_by_its_permanent_id() -> None:
    rows = compare(law(REGISTER, PAY), law(REGISTER), [()])
    assert [row.kind for row in rows] == ["same", "deleted"]


def test_an_id_deleted_and_used_again_stands_on_both_sides() -> None:
    old = law(REGISTER)
    steps = [(Link("deleted", "art_1", "", 0.0),), (Link("added", "", "art_1", 0.0),)]
    assert sorted(row.kind for row in compare(old, old, steps)) == ["added", "deleted"]


def test_a_row_of_a_table_is_compared_cell_by_cell() -> None:
    assert cells("ID card\t800", "ID card\t900\tsom") == [
        ("ID card", "ID card"),
        ("800", "900"),
        ("", "som"),
    ]


def test_machines_are_told_where_it_stood_and_stands_and_what_changed() -> None:
    rows = rows_of(law(REGISTER, PAY), law(NEW, REGISTER, PAY.replace("fee", "duty")))
    data = as_data(rows, {"art_2": "Article 2"}, {"art_2": "Article 3"})
    assert data["operations"] == dict.fromkeys(KINDS, 0) | {
        "edited": 1,
        "renumbered": 1,
        "added": 1,
    }
    assert [entry["kind"] for entry in data["changed"]] == ["added", "renumbered", "edited"]
    added, _, edited = data["changed"]
    assert added["old"] is None
    assert added["diff"] == [["insert", NEW]]
    assert (edited["old"]["place"], edited["new"]["place"]) == ("Article 2", "Article 3")
    assert (edited["old"]["eid"], edited["new"]["eid"]) == ("art_2", "art_3")
    assert ["delete", "fee"] in edited["diff"]
    assert edited["renumbered"]


def test_a_difference_of_a_split_reads_through_both_halves() -> None:
    (row, _) = rows_of(law(f"{REGISTER} {PAY}", REFUSE), law(REGISTER, PAY, REFUSE))
    assert [piece.op for piece in difference(row)].count("same") >= 2
    assert difference(row)[0] == Piece("same", REGISTER)
