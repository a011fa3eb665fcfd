"""[pure] The lengths of BER as DER has them: many tools write signatures without saying how long.

Only lengths are written anew; nothing is put in another order, and no value is touched.
"""

DEEPEST = 40  # of elements within elements; a signature has about fifteen
CONSTRUCTED, LONG_TAG, INDEFINITE = 0x20, 0x1F, 0x80
OCTETS, OCTETS_IN_PARTS = 0x04, 0x24
END = b"\0\0"


def definite(data: bytes) -> bytes:
    """The one element in `data` with definite, shortest lengths; raises ValueError for others."""
    element, after = _element(data, 0, 0)
    if after != len(data):
        raise ValueError("something stands after the end")
    return element


def contents(element: bytes) -> bytes:
    """What stands in an element with a definite length and a short tag."""
    return element[_length(element, 1)[0] :]


def with_length(tag: bytes, content: bytes) -> bytes:
    """An element of DER."""
    size = len(content)
    if size < INDEFINITE:
        return tag + bytes([size]) + content
    said = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([INDEFINITE | len(said)]) + said + content


def _element(data: bytes, at: int, depth: int) -> tuple[bytes, int]:
    """The element that begins at a place, and where it ends."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    tag, start = _tag(data, at)
    start, end = _length(data, start)
    if not tag[0] & CONSTRUCTED:
        if end is None:
            raise ValueError("a value without a length")
        return with_length(tag, data[start:end]), end
    parts, after = _parts(data, start, end, depth)
    if tag[0] == OCTETS_IN_PARTS:
        tag, parts = bytes([OCTETS]), [_octets(part) for part in parts]
    return with_length(tag, b"".join(parts)), after


def _parts(data: bytes, at: int, end: int | None, depth: int) -> tuple[list[bytes], int]:
    """The elements within one that ends at a place, or (None) says so; and where it has ended."""
    parts: list[bytes] = []
    while at != end:
        if end is None and data[at : at + len(END)] == END:
            return parts, at + len(END)
        part, at = _element(data, at, depth + 1)
        if end is not None and at > end:
            raise ValueError("longer than what it stands in")
        parts.append(part)
    return parts, at


def _octets(part: bytes) -> bytes:
    """What an octet string holds, which is a part of a larger one."""
    if part[0] != OCTETS:
        raise ValueError("not a part of an octet string")
    return contents(part)


def _tag(data: bytes, at: int) -> tuple[bytes, int]:
    end = at + 1
    if data[at:end] and data[at] & LONG_TAG == LONG_TAG:
        while data[end : end + 1] and data[end] & INDEFINITE:
            end += 1
        end += 1
    if end > len(data):
        raise ValueError("cut off")
    return data[at:end], end


def _length(data: bytes, at: int) -> tuple[int, int | None]:
    """Where the content begins and ends; its end is None if it says so itself."""
    if at >= len(data):
        raise ValueError("cut off")
    said, start = data[at], at + 1
    if said == INDEFINITE:
        return start, None
    size = said
    if said & INDEFINITE:
        start, digits = start + (said & 0x7F), data[start : start + (said & 0x7F)]
        size = int.from_bytes(digits, "big")
    if start + size > len(data):
        raise ValueError("cut off")
    return start, start + size
