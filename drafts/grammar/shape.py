"""[pure] What the outward look of a passage tells: a heading, a cut-off line, an introduction.

Nothing here depends on the language.
"""

HEADING = 160  # characters; longer passages are sentences, whatever their punctuation
LONG_HEADING = 320  # for annexes and Roman parts, whose headings name the act in full
WRAPPED = 60  # a line shorter than this was ended by its author, not by the margin
ENDS = ".;:,!?…"
AFTER_END = "»”\"')]"  # may stand after the full stop


def heading_shaped(text: str, limit: int = HEADING) -> bool:
    """Whether it could be a heading: begun with a capital, short, not ended like a sentence."""
    return title_shaped(text, limit) and not begins_low(text.strip())


def title_shaped(text: str, limit: int = HEADING) -> bool:
    """Like a heading, but it may go on from the line above («к Закону», "of the Republic")."""
    text = text.strip()
    return 0 < len(text) <= limit and text[-1] not in ENDS


def begins_low(text: str) -> bool:
    """Whether the first letter, if the passage begins with one, is a small one."""
    return text[:1].islower()


def is_finished(text: str) -> bool:
    """Whether a sentence or a clause ends here."""
    text = text.rstrip()
    return not text or text[-1] in ENDS or (text[-1] in AFTER_END and is_ended_inside(text))


def is_ended_inside(text: str) -> bool:
    """Whether a full stop stands before the closing quote or bracket."""
    return text.rstrip(AFTER_END)[-1:] in tuple(ENDS)


def introduces(text: str) -> bool:
    """Whether a list is expected to follow."""
    return text.rstrip().endswith(":")


def goes_on(before: str, text: str) -> bool:
    """Whether `text` is the rest of the sentence cut off at the end of the line `before`.

    A small letter is enough, but not behind a comma: it may part the entries of a list without
    numbers. A figure («2013-жыл …») goes on only with a line that was full.
    """
    before, text = before.rstrip(), text.lstrip()
    if not before or before[-1] in ENDS:
        return False
    if text[:1].isdigit():
        return len(before) >= WRAPPED and not is_finished(before)
    return begins_low(text) or (before.isupper() and text.isupper() and len(before) < HEADING)
