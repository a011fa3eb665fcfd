"""Which provision of one version is which provision of the next, or of another language."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import errors
from drafts.tree import Node, Tree, identify
from drafts.versions import aligning
from drafts.versions.aligning import (
    Aligner,
    Alignment,
    Change,
    align,
    align_languages,
    carry_wids,
    certain_heirs,
    is_doubtful,
)
from drafts.versions.anchoring import Resolution, make_quote, resolve
from drafts.versions.pairing import Decision
from tests.rules.small_laws import (
    NEW,
    PAY,
    REFUSE,
    REGISTER,
    TREES,
    VOCABULARY,
    articles,
    chapter,
    law,
)


def kinds(old: Tree, new: Tree) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(change.kind, change.old_wids, change.new_eids) for change in align(old, new)]


def carried(old: Tree, new: Tree) -> list[str]:
    return [node.wid for node in carry_wids(new, align(old, new)).walk()]


@given(TREES)
def test_a_text_aligned_with_itself_is_all_the_same(tree: Tree) -> None:
    assert align(tree, tree) == tuple(
        Change("same", (node.wid,), (node.eid,), 1.0) for node in tree.walk()
    )


@given(TREES)
def test_when_nothing_changes_every_wid_is_kept(tree: Tree) -> None:
    assert carry_wids(tree, align(tree, tree)) == tree


@given(TREES, TREES)
def test_every_provision_of_both_versions_is_told_of_exactly_once(old: Tree, new: Tree) -> None:
    alignment = align(old, new)
    assert Counter(wid for change in alignment for wid in change.old_wids) == Counter(
        node.wid for node in old.walk()
    )
    assert Counter(eid for change in alignment for eid in change.new_eids) == Counter(
        node.eid for node in new.walk()
    )


@given(TREES, TREES)
def test_a_wid_is_never_given_twice_nor_to_what_was_added(old: Tree, new: Tree) -> None:
    alignment = align(old, new)
    carried = carry_wids(new, alignment, retired={"art_1", "art_2"})
    wids = [node.wid for node in carried.walk()]
    assert len(wids) == len(set(wids))
    added = {change.new_eids[0] for change in alignment if change.kind == "added"}
    fresh = {node.wid for node in carried.walk() if node.eid in added}
    assert fresh.isdisjoint({"art_1", "art_2"} | {node.wid for node in old.walk()})


@given(TREES, TREES)
def test_carrying_wids_changes_nothing_else(old: Tree, new: Tree) -> None:
    carried = carry_wids(new, align(old, new))
    assert identify(bare(carried)) == identify(bare(new))


@given(st.integers(0, 3))
def test_an_inserted_article_leaves_the_wids_of_the_renumbered_others(at: int) -> None:
    texts = [REGISTER, PAY, REFUSE]
    old, new = law(*texts), law(*texts[:at], NEW, *texts[at:])
    wids = carried(old, new)
    assert wids[:at] + wids[at + 1 :] == ["art_1", "art_2", "art_3"]
    assert wids[at] not in {"art_1", "art_2", "art_3"}


def test_an_edited_article_is_known_by_its_words_although_another_took_its_number() -> None:
    old, new = law(REGISTER, PAY), law(REGISTER, NEW, PAY.replace("fee", "duty"))
    assert kinds(old, new) == [
        ("same", ("art_1",), ("art_1",)),
        ("added", (), ("art_2",)),
        ("edited", ("art_2",), ("art_3",)),
    ]


def test_between_articles_about_as_similar_the_number_decides() -> None:
    old = law("The fee is ten som for every page of the copy and five som for every map.")
    new = law(
        "The fee is nine som for every page of the copy and two som for each old map.",
        "The fee is nine som for every page of the copy and two som for every chart.",
    )
    assert carried(old, new)[0] == "art_1"


def test_a_deleted_article_stands_where_it_used_to_and_waits_for_confirmation() -> None:
    alignment = align(law(REGISTER, PAY, REFUSE), law(REGISTER, REFUSE))
    assert [(each.kind, is_doubtful(each.kind, each.similarity)) for each in alignment] == [
        ("same", False),
        ("deleted", True),
        ("renumbered", False),
    ]


def test_of_two_articles_that_changed_places_one_has_moved() -> None:
    found = Counter(
        change.kind for change in align(law(REGISTER, PAY, REFUSE), law(PAY, REGISTER, REFUSE))
    )
    assert found["moved"] == 1


def test_an_article_taken_to_another_chapter_keeps_its_wid() -> None:
    one, two, three = articles(REGISTER, PAY, REFUSE)
    old = identify(Tree("en", (chapter("1", one, two), chapter("2", three))))
    new = identify(Tree("en", (chapter("1", one), chapter("2", two, three))))
    assert ("moved", ("art_2",), ("art_2",)) in kinds(old, new)


def test_articles_gathered_into_new_chapters_keep_their_wids() -> None:
    one, two, three = articles(REGISTER, PAY, REFUSE)
    new = identify(Tree("en", (chapter("1", one, two), chapter("2", three))))
    assert set(carried(law(REGISTER, PAY, REFUSE), new)) >= {"art_1", "art_2", "art_3"}


def test_a_new_paragraph_edits_neither_its_article_nor_its_neighbours() -> None:
    def article(*texts: str) -> Tree:
        paragraphs = tuple(Node("paragraph", number=str(n), text=t) for n, t in enumerate(texts))
        return identify(Tree("en", (Node("article", number="1", children=paragraphs),)))

    found = kinds(article(REGISTER, PAY), article(REGISTER, NEW, PAY))
    assert [kind for kind, _, _ in found] == ["same", "same", "added", "renumbered"]


def test_an_article_cut_in_two_is_split() -> None:
    assert kinds(law(f"{REGISTER} {PAY}", REFUSE), law(REGISTER, PAY, REFUSE)) == [
        ("split", ("art_1",), ("art_1", "art_2")),
        ("renumbered", ("art_2",), ("art_3",)),
    ]


def test_two_articles_joined_are_merged_and_both_lead_to_the_one() -> None:
    old, new = law(REGISTER, PAY, REFUSE), law(f"{REGISTER} {PAY}", REFUSE)
    assert kinds(old, new)[0] == ("merged", ("art_1", "art_2"), ("art_1",))
    assert certain_heirs(align(old, new)) == {"art_1": "art_1", "art_2": "art_1", "art_3": "art_2"}


def test_a_provision_that_is_gone_or_said_otherwise_has_no_certain_heir() -> None:
    paid = "The fee is paid in cash or by card after the application has been examined."
    assert certain_heirs(align(law(REGISTER, PAY, REFUSE), law(paid, REFUSE))) == {"art_3": "art_2"}


def test_what_was_aligned_is_not_aligned_again_and_anything_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[Tree, Tree, Sequence[Decision]]] = []

    def counted(old: Tree, new: Tree, decided: Sequence[Decision]) -> Alignment:
        asked.append((old, new, decided))
        return align(old, new, decided)

    monkeypatch.setattr(aligning, "align", counted)
    aligned, old, new = Aligner(), law(REGISTER, PAY), law(PAY, NEW)
    renamed = carry_wids(new, align(old, new))  # by its own names the new text is the same
    assert aligned(old, new) == aligned(old, renamed) == align(old, new)
    assert len(asked) == 1
    said = (Decision("art_1", "art_1"),)
    assert aligned(old, new, said) == align(old, new, said)
    assert aligned(renamed, new) == align(renamed, new)
    assert len(asked) == 3


def test_a_sentence_added_behind_an_article_does_not_split_it() -> None:
    assert [kind for kind, _, _ in kinds(law(REGISTER), law(REGISTER, NEW))] == ["same", "added"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The fee is paid to the account of the bank before the application is examined.", False),
        ("The fee is paid in cash or by card after the application has been examined.", True),
    ],
)
def test_below_four_fifths_a_person_confirms_the_pair(text: str, asked: bool) -> None:
    (change,) = align(law(PAY), law(text))
    assert (change.kind, is_doubtful(change.kind, change.similarity)) == ("edited", asked)


def test_a_wid_deleted_long_ago_is_not_given_again() -> None:
    first, second, third = law(REGISTER, PAY), law(REGISTER), law(REGISTER, NEW)
    second = carry_wids(second, align(first, second))
    wids = carry_wids(third, align(second, third), retired={"art_2"})
    assert [node.wid for node in wids.walk()] == ["art_1", "art_2-v2"]


# Random edits whose truth is known: an edited tree keeps the true wids until `bare` takes them.


def bare(tree: Tree) -> Tree:
    return changed(tree, lambda node: replace(node, eid="", wid=""))


def changed(tree: Tree, change: Callable[[Node], Node]) -> Tree:
    def below(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(change(replace(node, children=below(node.children))) for node in nodes)

    return Tree(tree.lang, below(tree.nodes))


def written(rng: random.Random, shortest: int = 8) -> str:
    return " ".join(rng.choices(VOCABULARY, k=rng.randint(shortest, 40)))


def code(rng: random.Random, chapters: int) -> Tree:
    """Chapters of ten articles of four paragraphs each."""

    def article(number: int) -> Node:
        paragraphs = (Node("paragraph", number=str(n), text=written(rng)) for n in range(1, 5))
        return Node("article", number=str(number), heading=written(rng), children=tuple(paragraphs))

    rows = (chapter(str(n), *(article(10 * n + k) for k in range(10))) for n in range(chapters))
    return identify(Tree("ky", tuple(rows)))


def revised(tree: Tree, rng: random.Random) -> Tree:
    """A tenth of the paragraphs edited; of the others a few deleted or added; all renumbered."""

    def edit(node: Node) -> Node:
        if node.kind == "paragraph" and rng.random() < 0.1:
            words = node.text.split()
            words[rng.randrange(len(words))] = rng.choice(VOCABULARY)
            words.insert(rng.randrange(len(words)), rng.choice(VOCABULARY))
            return replace(node, text=" ".join(words))
        kept = [child for child in node.children if rng.random() > 0.03]
        if kept and rng.random() < 0.1:
            added = Node(kept[0].kind, text=written(rng), wid=f"added {rng.random()}")
            kept.insert(rng.randrange(len(kept) + 1), added)
        numbered = (replace(child, number=str(n)) for n, child in enumerate(kept, 1))
        return replace(node, children=tuple(numbered))

    return changed(tree, edit)


@pytest.mark.parametrize("seed", range(5))
def test_random_edits_leave_anchors_exact_and_never_in_a_wrong_provision(seed: int) -> None:
    rng = random.Random(seed)
    old = code(rng, chapters=5)
    truth = revised(old, rng)
    new = carry_wids(bare(truth), align(old, bare(truth)))
    true_wid = {node.eid: node.wid for node in identify(truth).walk()}
    true_text = {node.wid: node.text for node in truth.walk()}
    found = {node.wid: node for node in new.walk()}
    unaffected = exact = 0
    for node in old.walk():
        if not node.text:
            continue
        start = rng.randrange(len(node.text) // 2)
        quote = make_quote(node.text, start, start + rng.randint(10, 40))
        place = found.get(node.wid)
        resolution = resolve(quote, node.text, place.text if place else None)
        if resolution.state == "exact":
            assert place is not None
            assert true_wid[place.eid] == node.wid
        if true_text.get(node.wid) == node.text:
            unaffected += 1
            exact += resolution == Resolution("exact", quote.start, quote.end)
    assert unaffected > 100
    assert exact >= 0.99 * unaffected


def test_fifteen_hundred_edited_provisions_are_not_compared_each_with_each() -> None:
    rng = random.Random(1)
    old = code(rng, chapters=30)

    def edit(node: Node) -> Node:
        return replace(node, number="", text=f"{node.text} {written(rng, 3)[:20]}".strip())

    new = bare(changed(old, edit))
    begun = time.process_time()
    alignment = align(old, new)
    assert time.process_time() - begun < 20  # about one; each with each would take minutes
    wids = [(node.wid,) for node in old.walk()]
    assert len(wids) > 1500
    assert [change.old_wids for change in alignment] == wids


def bilingual(lang: str, noun: str, letters: str) -> Tree:
    items = tuple(Node("subparagraph", number=x, label=f"{x})", text=lang + x) for x in letters)
    article = Node("article", number="1", label=noun, text=f"{lang} 1", children=items)
    return Tree(lang, (article, Node("article", number="2", label=f"{noun} 2", text=lang)))


def test_the_second_language_gets_the_wids_of_the_first_whatever_letters_number_it() -> None:
    first = changed(bilingual("ru", "Статья", "абв"), lambda node: replace(node, wid=node.text))
    second = align_languages(first, bilingual("en", "Article", "abc"))
    assert [node.wid for node in second.walk()] == [node.wid for node in first.walk()]
    assert [node.text for node in second.walk()][:2] == ["en 1", "ena"]


def test_the_first_place_where_two_languages_part_is_named() -> None:
    with pytest.raises(errors.Invalid) as caught:
        align_languages(bilingual("ru", "Статья", "абв"), bilingual("en", "Article", "ab"))
    assert caught.value.params == {"place": "Статья › в)", "first": "в)", "second": "—"}


def test_two_languages_with_other_kinds_under_the_same_number_do_not_correspond() -> None:
    one, two = (Tree("ky", (Node(kind, number="1", label="1."),)) for kind in ("article", "annex"))
    with pytest.raises(errors.Invalid) as caught:
        align_languages(one, two)
    assert caught.value.params == {"place": "1.", "first": "article", "second": "annex"}


@given(TREES)
def test_a_translation_of_the_same_structure_always_corresponds(tree: Tree) -> None:
    other = changed(tree, lambda node: replace(node, text=f"{node.text} ru", wid="", eid=""))
    assert [n.wid for n in align_languages(tree, other).walk()] == [n.wid for n in tree.walk()]
