"""Pages of what was kept: the list, a snapshot as it was, and the very bytes that were hashed.

They are made by consult/site/keeping.py, which knows the pages they are taken of.
"""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.files import unless_known
from consult.security import Db, Reader
from consult.snapshots.models import Snapshot
from consult.snapshots.queries import by_hash, snapshots, snapshots_of
from consult.snapshots.rules import KIND_NAMES, KINDS
from consult.statistics.exports import ANY_ORIGIN, envelope, json_answer
from consult.statistics.metrics import metrics
from consult.statistics.rules import percent
from consult.web import platform_of, render

router = APIRouter()

ADDRESS = "/statistics/snapshots"
PAGE = 50
OTHERS = 10  # earlier and later ones of the same page
RowId = Annotated[int | None, Query(ge=1, lt=2**31)]


@router.get(ADDRESS)
def listed(
    request: Request, session: Db, _actor: Reader, kind: str = "", before: RowId = None
) -> Response:
    """What was kept, the newest first."""
    wanted = kind if kind in KINDS else ""
    found = snapshots(session, wanted, before, PAGE)
    rows = found[:PAGE]
    return render(
        request,
        "snapshots/list.html",
        rows=[(row, _content(row)) for row in rows],
        kind=wanted,
        kinds=KIND_NAMES,
        older=rows[-1].id if len(found) > PAGE else None,
    )


@router.get(f"{ADDRESS}.json")
def listed_json(
    request: Request, session: Db, _actor: Reader, kind: str = "", before: RowId = None
) -> Response:
    """The same as JSON; `next` is the address of the older ones."""
    wanted = kind if kind in KINDS else ""
    found = snapshots(session, wanted, before, PAGE)
    rows = found[:PAGE]
    platform = platform_of(request)
    base_url = platform.settings.base_url.rstrip("/")
    more = len(found) > PAGE
    older = f"{base_url}{ADDRESS}.json?kind={wanted}&before={rows[-1].id}" if more else None
    return json_answer(
        envelope(base_url, f"{ADDRESS}.json", platform.clock())
        | {
            "snapshots": [_line(row, base_url) for row in rows],
            "next": older,
        }
    )


def _line(row: Snapshot, base_url: str) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "subject": row.subject,
        "made_at": row.made_at.isoformat(),
        "sha256": row.sha256,
        "url": f"{base_url}{row.url}",
    }


def _content(row: Snapshot) -> dict[str, Any]:
    """What a snapshot says; nothing where somebody changed it into what is no document."""
    try:
        content = json.loads(row.document)["content"]
    except (ValueError, KeyError, TypeError):
        return {}
    return content if isinstance(content, dict) else {}


@router.get(f"{ADDRESS}/{{beginning}}.json")
def exact(request: Request, session: Db, _actor: Reader, beginning: str) -> Response:
    """The bytes that were hashed, and no others."""
    row = by_hash(session, beginning)
    return unless_known(request, row.document.encode(), "application/json", ANY_ORIGIN)


@router.get(f"{ADDRESS}/{{beginning}}")
def shown(request: Request, session: Db, _actor: Reader, beginning: str) -> Response:
    """The figures as they were then, the hash, and how to check it."""
    row = by_hash(session, beginning)
    alike = snapshots_of(session, row.kind, row.subject, OTHERS + 1)
    return render(
        request,
        "snapshots/snapshot.html",
        snapshot=row,
        content=_content(row) if row.is_whole else {},
        others=[other for other in alike if other.id != row.id][:OTHERS],
        base_url=platform_of(request).settings.base_url.rstrip("/"),
        kinds=KIND_NAMES,
        metrics=metrics(),
        percent=percent,
    )
