"""[pure] Pictures as they are kept: the picture itself, without what else the file says.

A JPEG or PNG is taken apart into its segments, and written again from those a picture is drawn
with. What a telephone adds (where, when and by whom it was taken) and whatever somebody hung on
behind the picture stays out; not one pixel is computed anew.
"""

import re
import zlib

from consult.errors import N_, Unsupported

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
DAMAGED = N_("This picture is damaged. Save it again and try once more.")

DRAWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
COLOURS = frozenset({b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"})

END, SCAN, APPLICATION, COMMENT = 0xD9, 0xDA, range(0xE0, 0xF0), 0xFE
BARE = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})  # markers that no segment begins with
NEEDED = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # to draw it in its colours
NEXT = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")  # the first marker after the points of a scan
EXIF = b"Exif\0\0"
ORIENTATION = 0x0112


def bare_png(data: bytes) -> bytes:
    """A PNG of the chunks that draw it. Raises Unsupported for a damaged one."""
    kept, at, name = [PNG], len(PNG), b""
    while name != b"IEND":
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        told = int.from_bytes(data[end - 4 : end], "big")
        sound = end <= len(data) and zlib.crc32(data[at + 4 : end - 4]) == told
        unknown = name[:1].isupper() and name not in DRAWN  # it cannot be drawn without
        if not sound or unknown or (name == b"IHDR") != (at == len(PNG)):
            raise Unsupported(DAMAGED)
        if name in DRAWN or name in COLOURS:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG of the segments that draw it, turned as it was. Raises Unsupported if damaged."""
    kept: list[bytes] = []
    at, marker, turn = 2, 0, 1
    seen: set[int] = set()
    while (marker := _marker(data, at)) != END:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in BARE or end < at + 4 or end > len(data):
            raise Unsupported(DAMAGED)
        if marker == SCAN:
            points = NEXT.search(data, end)
            end = points.start() if points else len(data)
        content = data[at + 4 : end]
        if content.startswith(EXIF):
            turn = _turn(content[len(EXIF) :])
        if _is_drawn(marker, content):
            kept.append(data[at:end])
        seen.add(marker)
        while data[end : end + 2] == b"\xff\xff":  # fill bytes may stand before a marker
            end += 1
        at = end
    if SCAN not in seen:
        raise Unsupported(DAMAGED)
    return b"".join((b"\xff\xd8", _turned(turn), *kept, b"\xff\xd9"))


def _marker(data: bytes, at: int) -> int:
    if data[at : at + 1] != b"\xff" or at + 1 >= len(data):
        raise Unsupported(DAMAGED)
    return data[at + 1]


def _is_drawn(marker: int, content: bytes) -> bool:
    if marker in APPLICATION:
        return marker in NEEDED and content.startswith(NEEDED[marker])
    return marker != COMMENT


def _turn(tiff: bytes) -> int:
    """How the camera was held, 1 to 8 (Exif 2.3, 4.6.4): 1 where nothing is said."""
    byte_orders = {b"II*\0": "little", b"MM\0*": "big"}
    if tiff[:4] not in byte_orders:
        return 1

    def number(at: int, size: int) -> int:
        part = tiff[at : at + size]
        return int.from_bytes(part if tiff[:1] == b"M" else part[::-1], "big")

    first = number(4, 4)
    for n in range(min(number(first, 2), 200)):
        entry = first + 2 + 12 * n
        if number(entry, 2) == ORIENTATION and number(entry + 8, 2) in range(1, 9):
            return number(entry + 8, 2)
    return 1


def _turned(turn: int) -> bytes:
    """An Exif segment that says how the picture is turned and nothing else; none for upright."""
    if turn == 1:
        return b""
    field = ORIENTATION.to_bytes(2, "big") + b"\0\3" + b"\0\0\0\1" + bytes((0, turn, 0, 0))
    content = EXIF + b"MM\0*" + b"\0\0\0\x08" + b"\0\1" + field + bytes(4)
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
