"""The comparison of two versions: side by side and in one text, at an address that stays."""

import json
import random
import re
from typing import Any

import pytest
from markupsafe import Markup

from consult.access import Role
from consult.platform import Platform
from consult.site import comparison_view
from drafts.models import Draft
from drafts.tree import Node, Tree, identify
from tests.client import Client
from tests.factories import make_agency, make_person, sign_in_token
from tests.html_rules import Page
from tests.revisions import begin, revise
from tests.rules.test_aligning import NEW, PAY, REFUSE, REGISTER, articles, law
from tests.web.test_reading import links, shown

HERE = "/drafts/1/comparison"
PARTS = ("Passports and other papers.", "Copies of court orders.")


def labelled(tree: Tree) -> Tree:
    """With the labels a printed law has."""
    return Tree(tree.lang, tuple(_labelled(node) for node in tree.nodes))


def _labelled(node: Node) -> Node:
    label = f"Article {node.number}" if node.kind == "article" else f"{node.number})"
    below = tuple(_labelled(child) for child in node.children)
    return Node(node.kind, node.number, label, node.heading, node.text, below)


def act(*nodes: Node) -> Tree:
    return identify(labelled(Tree("en", nodes)))


def with_parts(number: str, heading: str, *texts: str) -> Node:
    parts = tuple(Node("paragraph", number=str(n), text=text) for n, text in enumerate(texts, 1))
    return Node("article", number=number, heading=heading, children=parts)


FIRST = act(*articles(REGISTER, PAY, REFUSE), with_parts("4", "Papers", *PARTS))
SECOND = act(
    *articles(NEW, REGISTER, PAY.replace("treasury", "state treasury")),
    with_parts("4", "Papers", PARTS[0], "Copies of final court orders."),
)
THIRD = act(*articles(NEW, REGISTER, PAY), with_parts("4", "Papers", *PARTS))


@pytest.fixture
def visitor(platform: Platform) -> Client:
    """A reader without an account; /drafts/1 has two public versions, of which one has a note."""
    with platform.database.writing() as session:
        draft = begin(session, make_agency(session), FIRST)
        revise(session, draft, SECOND, note={"en": "The treasury asked for it."})
    return Client(platform)


def third(platform: Platform, *, published: bool = True) -> None:
    with platform.database.writing() as session:
        revise(session, session.get_one(Draft, 1), THIRD, published=published)


def current(page: str) -> list[str]:
    """What is marked as chosen among links."""
    chosen = re.findall(r'<a[^>]*aria-current="true"[^>]*>.*?</a>', page)
    return [shown(link).strip() for link in chosen]


def test_the_comparison_leads_to_the_permanent_address_of_the_newest(
    visitor: Client, platform: Platform
) -> None:
    third(platform)
    assert visitor.get(HERE, status=303).headers["location"] == f"{HERE}/2/3"
    wish = visitor.get(f"{HERE}?view=side&only=all&text=en&version=2", status=303)
    assert wish.headers["location"] == f"{HERE}/1/2?view=side&only=all&text=en"
    form = visitor.get(f"{HERE}?from=3&to=1&view=inline&only=changes", status=303)
    assert form.headers["location"] == f"{HERE}/1/3"
    assert visitor.get(f"{HERE}/3/1?view=side", status=303).headers["location"] == (
        f"{HERE}/1/3?view=side"
    )


def test_the_first_version_has_nothing_before_it(visitor: Client) -> None:
    assert "no other version" in visitor.get(f"{HERE}?version=1").text


def test_a_link_from_an_answer_leads_to_the_version_that_changed_the_provision(
    visitor: Client, platform: Platform
) -> None:
    third(platform)
    assert visitor.get(f"{HERE}?at=art_3", status=303).headers["location"] == (
        f"{HERE}/1/2?at=art_3#art_3"
    )
    assert visitor.get(f"{HERE}?at=art_2", status=303).headers["location"] == (
        f"{HERE}/2/3?at=art_2#art_2"
    )


def test_a_comparison_says_how_much_was_changed_and_why(visitor: Client) -> None:
    page = visitor.get(f"{HERE}/1/2").text
    words = shown(page)
    assert "5 provisions of 7 were changed." in words
    assert "The treasury asked for it." in words
    for kind in ("Edited 2", "Renumbered 1", "Deleted 1", "Added 1", "All changes 5"):
        assert kind in " ".join(words.split())
    assert "Article 3" in words


def test_in_one_text_words_that_went_and_came_are_marked(visitor: Client) -> None:
    words = shown(visitor.get(f"{HERE}/1/2").text)
    assert "account of the [added:] state treasury" in words
    assert f"[removed:] {REFUSE}" in words
    assert f"[added:] {NEW}" in words


def test_side_by_side_each_version_holds_its_own_words(visitor: Client) -> None:
    page = visitor.get(f"{HERE}/1/2?view=side").text
    assert page.count('class="compare"') == 5
    edited = page.partition('id="art_2"')[2].partition("</section>")[0]
    before, after = edited.split("Version 2", 1)
    assert "<ins>" not in before
    assert "account of the treasury" in shown(before)
    assert "<del>" not in after
    assert "[added:] state" in shown(after)
    assert "This is not in version 1." in shown(page)
    assert "This is not in version 2." in shown(page)


def test_a_provision_that_stands_elsewhere_says_where_it_was_with_links(visitor: Client) -> None:
    page = visitor.get(f"{HERE}/1/2").text
    edited = page.partition('id="art_2"')[2].partition("</section>")[0]
    assert "Was: Article 2" in shown(edited)
    assert "Now: Article 3" in shown(edited)
    assert "Renumbered" in edited  # besides being edited
    ways = [link for link in links(page) if "version=" in link or "/provisions/" in link]
    assert any("version=1&" in link for link in ways)
    assert any("version=2&" in link for link in ways)
    for link in ways:
        visitor.get(link)


def test_one_kind_of_change_is_a_link(visitor: Client) -> None:
    page = visitor.get(f"{HERE}/1/2?kind=added").text
    assert page.count('class="change ') == 1
    assert NEW in shown(page)
    assert any("Added" in chosen for chosen in current(page))
    for link in links(page):
        if link.startswith(HERE):
            visitor.get(link)


def test_the_whole_text_folds_what_did_not_change(visitor: Client) -> None:
    page = visitor.get(f"{HERE}/1/2?only=all").text
    assert "2 unchanged provisions" in shown(page)
    assert PARTS[0] in shown(page)
    assert PARTS[0] not in shown(visitor.get(f"{HERE}/1/2").text)


def test_versions_further_apart_are_compared_directly(visitor: Client, platform: Platform) -> None:
    third(platform)
    words = shown(visitor.get(f"{HERE}/1/3").text)
    assert "state treasury" not in words  # came with the second version and went with the third
    assert "The agency has not said why." in words
    assert "From version" in words
    visitor.get(f"{HERE}/1/4", status=404)
    visitor.get(f"{HERE}/0/2", status=404)
    assert "Nothing was changed." in shown(visitor.get(f"{HERE}/2/2").text)


def test_an_address_that_makes_no_sense_is_not_found(visitor: Client) -> None:
    for wrong in ("view=round", "only=some", "kind=stolen", "part=0", "part=x"):
        visitor.get(f"{HERE}/1/2?{wrong}", status=404)
    visitor.get(f"{HERE}/1/two", status=404)


def test_what_is_not_public_yet_is_compared_at_its_own_desk_only(
    visitor: Client, platform: Platform
) -> None:
    third(platform, published=False)
    with platform.database.writing() as session:
        own = make_person(session, "Olga", role=Role.OFFICER)
        other = make_person(session, "Damir", role=Role.OFFICER, agency=make_agency(session, "MOH"))
        tokens = [sign_in_token(session, person) for person in (own, other)]
    assert visitor.get(HERE, status=303).headers["location"] == f"{HERE}/1/2"
    for client in (visitor, Client(platform, tokens[1])):
        for address in ("2/3", "1/3", "3/1", "2/3.json"):
            client.get(f"{HERE}/{address}", status=404)
    olga = Client(platform, tokens[0])
    assert "Version 3 is not public yet" in shown(olga.get(f"{HERE}/2/3").text)
    assert olga.get(f"{HERE}/2/3.json").json()["operations"]["edited"] == 2


def test_machines_read_the_same(visitor: Client) -> None:
    data = visitor.get(f"{HERE}/1/2.json").json()
    assert (data["draft"], data["from"], data["to"], data["lang"]) == (1, 1, 2, "en")
    assert {kind: n for kind, n in data["operations"].items() if n} == {
        "same": 2,
        "edited": 2,
        "renumbered": 1,
        "deleted": 1,
        "added": 1,
    }
    assert len(data["changed"]) == 5
    assert data == visitor.get(f"{HERE}/2/1.json").json()
    assert f"{HERE}/1/2.json" in visitor.get(f"{HERE}/1/2").text
    assert "error" in json.loads(visitor.get(f"{HERE}/1/9.json", status=404).text)


def test_an_article_leads_to_the_first_change_inside_it(visitor: Client) -> None:
    page = Page(visitor.get(f"{HERE}/1/2").text)
    assert {"art_4", "art_4__para_2"} <= page.ids.keys()


def test_what_stood_inside_may_stand_around(platform: Platform) -> None:
    def nested(outer: str, inner: str) -> Tree:
        below = Node("paragraph", number="2", label="2.", text=inner)
        return Tree(
            "en", (Node("paragraph", number="1", label="1.", text=outer, children=(below,)),)
        )

    with platform.database.writing() as session:
        draft = begin(session, make_agency(session), nested(REGISTER, PAY))
        revise(session, draft, nested(PAY, REGISTER))
    Client(platform).get(f"{HERE}/1/2?only=all")


def test_another_language_is_compared_with_the_same_list(platform: Platform) -> None:
    with platform.database.writing() as session:
        old, new = (Tree("ru", law(text).nodes) for text in ("Сбор платят.", "Сбора больше нет."))
        draft = begin(session, make_agency(session), law(REGISTER), old)
        revise(session, draft, law(REGISTER.replace("one day", "two days")), new)
    visitor = Client(platform)
    page = visitor.get(f"{HERE}/1/2?text=ru").text
    assert "больше нет" in page
    assert "two days" not in page
    assert "Русский" in current(page)


def long_law(changed: int = 0) -> Tree:
    """A thousand provisions of 150 Cyrillic words, so many of them edited in a few words."""
    words = [
        "государственный",
        "орган",
        "публикует",
        "проект",
        "решение",
        "срок",
        "ответ",
        "гражданин",
        "реестр",
    ]

    def text(number: int) -> str:
        told = random.Random(number).choices(words, k=150)
        if number < changed * 4 and number % 4 == 0:
            told[75:78] = ["совсем", "иначе"]
        return f"{number} {' '.join(told)}"

    nodes = (Node("article", number=str(n), label=f"Статья {n}", text=text(n)) for n in range(1000))
    return identify(Tree("ru", tuple(nodes)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_comparison_of_a_thousand_provisions_comes_in_parts(platform: Platform) -> None:
    with platform.database.writing() as session:
        agency = make_agency(session)
        revise(session, begin(session, agency, long_law()), long_law(250))
        revise(session, begin(session, agency, law(PAY)), law(REGISTER))
    visitor = Client(platform)
    visitor.get("/drafts/2/comparison/1/2")
    queries = len(visitor.statements)
    for view in ("inline", "side"):
        page = visitor.get(f"{HERE}/1/2?view={view}")
        assert len(page.content) < 300_000
        assert len(visitor.statements) <= queries
        assert "250 provisions of 1,000 were changed." in shown(page.text)
        ids = Page(page.text).ids
        assert all(f"art_{n}" in ids for n in range(4, 1000, 4))  # old links find something
    last = visitor.get(f"{HERE}/1/2?at=art_996").text
    assert 'class="change change-edited" id="art_996"' in last
    assert len(visitor.get(f"{HERE}/1/2?only=all").content) < 300_000
    everything = visitor.get(f"{HERE}/1/2?all=1").text
    assert everything.count('class="change ') == 250


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_a_whole_comparison_no_larger_pieces_are_kept_than_of_its_parts(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with platform.database.writing() as session:
        revise(session, begin(session, make_agency(session), long_law()), long_law(250))
    visitor, kept = Client(platform), []

    def keep(*asked: Any, **parts: Any) -> Markup:
        kept.append(rendered(*asked, **parts))
        return kept[-1]

    rendered = comparison_view._rendered
    monkeypatch.setattr(comparison_view, "_rendered", keep)
    page = visitor.get(f"{HERE}/1/2?all=1&only=all&view=side")
    assert len(page.content) > 2_000_000
    assert len(Page(page.text).ids.keys() & {f"art_{n}" for n in range(1000)}) == 1000
    assert max(len(html.encode()) for html in kept) < 300_000
    assert all(html in page.text for html in kept)
