"""Comments as Web Annotations: what the data model of the W3C says MUST be so, is so."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drafts.exporting.annotations import write
from drafts.exporting.document import Document, Remark
from drafts.tree import Node, Tree, identify

MOMENT = datetime(2026, 11, 21, 9, 30, 5, 999, tzinfo=UTC)
MOTIVATIONS = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
    "highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging",
}  # fmt: skip
TREE = identify(Tree("ru", (Node("article", "5", "Статья 5.", "", "Шум запрещён ночью."),)))
DOCUMENT = Document(
    *(TREE, "О шуме", 12, 3, "Министерство", "law", "kg", MOMENT, None),
    "https://kenesh.example/drafts/12/versions/3",
)
REMARK = Remark(7, "K7", "Айзада", MOMENT, "ky", "Күндүз да.")


def told(*remarks: Remark) -> dict[str, Any]:
    found = json.loads(write(DOCUMENT, remarks))
    assert isinstance(found, dict)
    return found


def one(**more: Any) -> dict[str, Any]:
    facts = {name: getattr(REMARK, name) for name in Remark.__slots__}
    found = told(Remark(**facts | more))["first"]["items"][0]
    assert isinstance(found, dict)
    return found


def test_a_collection_holds_one_page_with_every_remark() -> None:
    found = told(REMARK)
    page = found.pop("first")
    address = f"{DOCUMENT.address}/annotations"
    assert found == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": address,
        "type": "AnnotationCollection",
        "label": "О шуме",
        "total": 1,
        "last": f"{address}#page-1",
    }
    items = page.pop("items")
    assert page == {
        "id": f"{address}#page-1",
        "type": "AnnotationPage",
        "partOf": address,
        "startIndex": 0,
    }
    assert len(items) == 1


def test_a_comment_on_the_whole_draft_is_about_its_address() -> None:
    assert one() == {
        "id": f"{DOCUMENT.address}#comment-7",
        "type": "Annotation",
        "motivation": "commenting",
        "creator": {"type": "Person", "name": "Айзада"},
        "created": "2026-11-21T09:30:05Z",
        "body": [
            {
                "type": "TextualBody",
                "value": "Күндүз да.",
                "language": "ky",
                "format": "text/plain",
                "purpose": "commenting",
            }
        ],
        "target": DOCUMENT.address,
    }


def test_a_comment_on_words_says_where_they_stand_in_which_provision() -> None:
    place = {"wid": "art_5", "quote": "запрещён", "prefix": "Шум ", "suffix": " ночью."}
    assert one(**place, start=4, end=12)["target"] == {
        "type": "SpecificResource",
        "source": DOCUMENT.address,
        "selector": {
            "type": "FragmentSelector",
            "conformsTo": "http://tools.ietf.org/rfc/rfc3236",
            "value": "art_5",
            "refinedBy": [
                {
                    "type": "TextQuoteSelector",
                    "exact": "запрещён",
                    "prefix": "Шум ",
                    "suffix": " ночью.",
                },
                {"type": "TextPositionSelector", "start": 4, "end": 12},
            ],
        },
    }
    gone = one(**place, state="text_deleted")["target"]["selector"]["refinedBy"]
    assert [selector["type"] for selector in gone] == ["TextQuoteSelector"]
    assert "refinedBy" not in one(wid="art_5")["target"]["selector"]


def test_proposed_words_and_the_answer_are_bodies_of_their_own() -> None:
    found = one(proposed="Шум запрещён.", outcome="Принято", reason="Так короче.")
    assert found["motivation"] == "editing"
    assert [(b["purpose"], b["language"], b["value"]) for b in found["body"]] == [
        ("commenting", "ky", "Күндүз да."),
        ("editing", "ky", "Шум запрещён."),
        ("assessing", "ru", "Принято\nТак короче."),
    ]
    assert found["body"][2]["creator"] == {"type": "Organization", "name": "Министерство"}
    assert "creator" not in found["body"][0]


def test_a_reply_is_about_the_comment_it_replies_to() -> None:
    above = Remark(6, "K6", "Азат", MOMENT, "ky", "Макул.", wid="art_5", address="https://k.org/6")
    reply = Remark(7, "K7", "Айзада", MOMENT, "ky", "Мен да.", wid="art_5", parent_id=6)
    items = told(above, reply)["first"]["items"]
    assert (items[1]["motivation"], items[1]["target"]) == ("replying", items[0]["id"])
    hidden = told(reply)["first"]["items"][0]
    assert (hidden["motivation"], hidden["target"]["source"]) == ("commenting", DOCUMENT.address)


said = st.text(max_size=6)
places = st.tuples(st.integers(0, 9), st.integers(0, 9)) | st.just((None, None))
remarks = st.builds(
    lambda place, **facts: Remark(start=place[0], end=place[1], **facts),
    places,
    **dict.fromkeys(("receipt", "author", "body", "proposed", "quote", "outcome", "reason"), said),
    **dict.fromkeys(("prefix", "suffix"), said),
    id=st.integers(1, 9),
    created_at=st.datetimes(
        timezones=st.sampled_from((UTC, timezone(timedelta(hours=6)))),
        min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - the zone is drawn
    ),
    lang=st.sampled_from(("ky", "ru")),
    wid=st.sampled_from(("", "art_5__para_1-1", "ст_5")),
    address=st.sampled_from(("", "https://kenesh.example/c/1")),
    parent_id=st.none() | st.integers(1, 9),
)


@given(found=st.lists(remarks, max_size=5, unique_by=lambda remark: remark.id))
def test_what_the_model_says_must_be_is(found: list[Remark]) -> None:
    collection = told(*found)
    items = collection["first"]["items"]
    assert len(items) == collection["total"] == len(found)
    for item in items:
        assert item["type"] == "Annotation"
        assert item["id"].startswith("https://")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["created"])
        assert {item["motivation"], *(body["purpose"] for body in item["body"])} <= MOTIVATIONS
        assert all(isinstance(body["value"], str) for body in item["body"])
        target = item["target"]
        if isinstance(target, str):
            assert target.startswith("https://")
            continue
        assert target["source"] == DOCUMENT.address
        assert target["selector"]["value"]
        for selector in target["selector"].get("refinedBy", []):
            exact = {"exact", "prefix", "suffix"} <= selector.keys() and selector["exact"]
            position = selector.get("start", -1) >= 0 and selector.get("end", -1) >= 0
            assert exact or position
