"""Comments of the public as Word shows them: who, when, what; the answer below; their replies.

One part is written at once: adding comments one by one takes python-docx time in the square of
their number. ECMA-376 part 1, 17.13.4; threads are [MS-DOCX] 2.5.1, commentsEx.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC

from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from consult.errors import N_
from drafts.exporting.document import Remark
from drafts.exporting.docx.words import element, paragraph, printable

Say = Callable[[str], str]

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
EXTENDED_TYPE = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
)
EXTENDED_RELATION = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"

# What became of the words a comment is about; nothing is said while they stand as they did.
STATES = {
    "shifted": N_("The words stand now in another place."),
    "weak": N_("The text has changed since this comment."),
    "provision_only": N_("The text has changed since this comment: little is left of the words."),
    "text_deleted": N_("The words are no longer in the text."),
    "orphan": N_("The provision is no longer in the text."),
}


def add_comments(word: WordFile, remarks: Sequence[Remark], say: Say) -> None:
    """Put the comments into the file, numbered from 0 as they come."""
    if not remarks:
        return
    _ = word.comments  # makes the part
    comments = word.part.part_related_by(RELATIONSHIP_TYPE.COMMENTS).element
    thread = etree.Element(f"{{{W15}}}commentsEx", nsmap={"w15": W15})
    known = {remark.id: number for number, remark in enumerate(remarks)}
    for number, remark in enumerate(remarks):
        comments.append(_comment(number, remark, say))
        one = etree.SubElement(thread, f"{{{W15}}}commentEx")
        one.set(f"{{{W15}}}paraId", _mark(number))
        if remark.parent_id in known:
            one.set(f"{{{W15}}}paraIdParent", _mark(known[remark.parent_id]))
        one.set(f"{{{W15}}}done", "0")
    comments.set(f"{{{COMPATIBLE}}}Ignorable", "w14")
    blob = etree.tostring(thread, xml_declaration=True, encoding="UTF-8", standalone=True)
    name = PackURI("/word/commentsExtended.xml")
    word.part.relate_to(Part(name, EXTENDED_TYPE, blob, word.part.package), EXTENDED_RELATION)


def _comment(number: int, remark: Remark, say: Say) -> etree._Element:
    author = printable(remark.author).strip() or remark.receipt
    comment = element(
        "comment",
        id=str(number),
        author=author,
        initials="".join(name[0] for name in author.split()[:3]).upper(),
        date=remark.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    for text, bold in _told(remark, say):
        comment.append(paragraph("CommentText", text, bold=bold))
    opening = etree.Element(f"{comment[0][0].tag[:-3]}r")
    element("rStyle", element("rPr", opening), val="CommentReference")
    element("annotationRef", opening)
    comment[0].insert(1, opening)
    comment[-1].set(f"{{{W14}}}paraId", _mark(number))
    return comment


def _told(remark: Remark, say: Say) -> Iterator[tuple[str, bool]]:
    """The paragraphs of a comment, each with whether it is a title of what follows."""
    yield remark.body, False
    if remark.proposed:
        yield f"{say(N_('Proposed wording'))}: {remark.proposed}", False
    changed = STATES.get(remark.state, "")
    if changed and remark.parent_id is None:  # of a reply its comment has said so
        quoted = f" «{remark.quote}»" if remark.quote else ""
        yield f"{say(changed)}{quoted}", False
    yield f"№ {remark.receipt}", False
    if remark.outcome:
        yield say(N_("Answer of the agency: {outcome}")).format(outcome=remark.outcome), True
        if remark.reason:
            yield remark.reason, False


def _mark(number: int) -> str:
    """What a paragraph is known by: eight hexadecimal digits below 80000000, never nought."""
    return f"{number + 1:08X}"
