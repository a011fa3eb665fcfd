"""[pure] Comments as W3C Web Annotations in JSON-LD, after the data model of February 2017.

One collection with one page. Motivations and purposes are those of the recommendation (3.3.5).
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from drafts.exporting.document import Document, Remark

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
NAMED_SECTION = "http://tools.ietf.org/rfc/rfc3236"  # an element of a page by its id

Json = dict[str, Any]


def write(document: Document, remarks: Sequence[Remark]) -> bytes:
    """An AnnotationCollection of the remarks in the order given, as indented UTF-8 JSON.

    What a remark quotes is told as it was when the remark was made, where it stands as it is in
    this version: the two differ where the words have changed since.
    """
    collection = f"{document.address}/annotations"
    page = f"{collection}#page-1"
    addresses = {remark.id: _address(document, remark) for remark in remarks}
    told = {
        "@context": CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "label": document.title,
        "total": len(remarks),
        "first": {
            "id": page,
            "type": "AnnotationPage",
            "partOf": collection,
            "startIndex": 0,
            "items": [_annotation(document, remark, addresses) for remark in remarks],
        },
        "last": page,
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _address(document: Document, remark: Remark) -> str:
    return remark.address or f"{document.address}#comment-{remark.id}"


def _annotation(document: Document, remark: Remark, addresses: dict[int, str]) -> Json:
    target: str | Json = addresses.get(remark.parent_id or 0, "")
    motivation = "replying" if target else "commenting"
    return {
        "id": addresses[remark.id],
        "type": "Annotation",
        "motivation": "editing" if remark.proposed else motivation,
        "creator": {"type": "Person", "name": remark.author},
        "created": _moment(remark.created_at),
        "body": _bodies(document, remark, motivation),
        "target": target or _target(document, remark),
    }


def _bodies(document: Document, remark: Remark, purpose: str) -> list[Json]:
    """What is said, what is proposed instead, and what the agency has answered."""
    bodies = [_said(remark.body, remark.lang, purpose)]
    if remark.proposed:
        bodies.append(_said(remark.proposed, remark.lang, "editing"))
    answer = "\n".join(part for part in (remark.outcome, remark.reason) if part)
    if answer:
        agency = {"type": "Organization", "name": document.agency}
        bodies.append(_said(answer, document.tree.lang, "assessing") | {"creator": agency})
    return bodies


def _said(text: str, lang: str, purpose: str) -> Json:
    return {
        "type": "TextualBody",
        "value": text,
        "language": lang,
        "format": "text/plain",
        "purpose": purpose,
    }


def _target(document: Document, remark: Remark) -> str | Json:
    """The draft as a whole, a provision, or words in it: offsets count within the provision."""
    if not remark.wid:
        return document.address
    selector = {"type": "FragmentSelector", "conformsTo": NAMED_SECTION, "value": remark.wid}
    refined = _words(remark)
    return {
        "type": "SpecificResource",
        "source": document.address,
        "selector": selector | ({"refinedBy": refined} if refined else {}),
    }


def _words(remark: Remark) -> list[Json]:
    found: list[Json] = []
    if remark.quote:
        around = {"prefix": remark.prefix, "suffix": remark.suffix}
        found.append({"type": "TextQuoteSelector", "exact": remark.quote, **around})
    if remark.start is not None and remark.end is not None:
        found.append({"type": "TextPositionSelector", "start": remark.start, "end": remark.end})
    return found


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
