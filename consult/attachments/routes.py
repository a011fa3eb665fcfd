"""Where a file that came with a comment is fetched: to be saved, never shown as a page here."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from consult.attachments.queries import GONE, attachment_for
from consult.attachments.storing import path_of
from consult.errors import NotFound
from consult.files import is_known
from consult.security import Db, Reader
from consult.web import platform_of

router = APIRouter()

SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",  # should it be opened all the same
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/attachments/{attachment_id}/{name}")
def download(
    request: Request, session: Db, actor: Reader, attachment_id: int, name: str
) -> Response:
    """A file, streamed from the disk; one that was fetched before is not sent again."""
    attachment = attachment_for(session, attachment_id, actor)
    if attachment.name != name:
        raise NotFound(GONE)
    headers = {**SAFE, "ETag": f'W/"{attachment.sha256}"'}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    path = path_of(platform_of(request).settings.data_dir, attachment.sha256)
    if not path.is_file():
        raise NotFound("This file was lost. The operator of this site sees it in the checks.")
    return FileResponse(
        path,
        media_type=attachment.media_type,
        filename=attachment.name,
        stat_result=path.stat(),
        headers=headers,
    )
