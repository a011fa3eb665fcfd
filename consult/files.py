"""Answers that are files made when somebody asks, and those nobody fetches twice.

What is in them is for their features.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.responses import Response

LONGEST = 80  # characters of a title in the name of a file
UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')  # no file is called so somewhere

_MAKING = CapacityLimiter(1)


class File(NamedTuple):
    """A file for whoever has not what its `tag` names; no `content` while it is not made."""

    tag: str
    media_type: str
    title: str
    name: str
    content: bytes | None


async def file_made(request: Request, find: Callable[[bool], File]) -> Response:
    """A file; one that has not changed since it was fetched is neither made nor sent again.

    `find(make)` gives it as far as it is kept, or whole. Files are made one after another in a
    thread apart. Whoever waits for theirs holds neither a thread nor a connection, so that the
    other pages are answered however many files are asked for.
    """
    file = await run_sync(find, False)
    known = is_known(request, file.tag)
    if file.content is None and not known:
        file = await run_sync(find, True, limiter=_MAKING)
    return Response(status_code=304, headers={"ETag": file.tag}) if known else file_answer(file)


def file_answer(file: File) -> Response:
    """A file to save under a title and an ASCII name."""
    spoken = f"{UNFIT.sub(' ', file.title).strip()[:LONGEST].strip(' .')} {file.name}".strip()
    told = f"attachment; filename=\"{file.name}\"; filename*=UTF-8''{quote(spoken, safe='')}"
    headers = {"Content-Disposition": told, "ETag": file.tag}
    return Response(file.content, media_type=file.media_type, headers=headers)


def unless_known(
    request: Request,
    content: bytes,
    media_type: str,
    headers: Mapping[str, str],
    changed_at: datetime | None = None,
) -> Response:
    """The document, or word that it is still the one the program has.

    `changed_at`: when it last changed, for programs that know no tags.
    """
    told = {**headers, "ETag": f'"{sha256(content).hexdigest()[:32]}"'}
    if changed_at is not None:
        told["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if is_known(request, told["ETag"]) or _is_as_new(request, changed_at):
        return Response(status_code=304, headers=told)
    return Response(content, media_type=media_type, headers=told)


def _is_as_new(request: Request, changed_at: datetime | None) -> bool:
    """Asked by date, of which RFC 9110 (13.1.3) takes no account where there are tags."""
    since = request.headers.get("if-modified-since")
    if changed_at is None or since is None or "if-none-match" in request.headers:
        return False
    try:
        return changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date; or one without a zone
        return False


def is_known(request: Request, tag: str) -> bool:
    """Whether the program has what this tag names (RFC 9110, 13.1.2: a weak tag is as good)."""
    asked = request.headers.get("if-none-match", "").split(",")
    return bool({one.strip().removeprefix("W/") for one in asked} & {tag.removeprefix("W/"), "*"})
