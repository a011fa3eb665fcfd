"""[pure] Reading Akoma Ntoso 3.0: the tree as the file itself tells it, with its ids. No grammar.

Which element is what: structure.py; which ids are trusted: ids.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from consult.errors import N_, Invalid, Unsupported
from consult.i18n.catalogues import LANGUAGES
from drafts.grammar.line import Warning_
from drafts.importing.akn.ids import settle
from drafts.importing.akn.inline import Words, local
from drafts.importing.akn.structure import ELSEWHERE, Structure
from drafts.importing.akn.told import told
from drafts.importing.akn.vocabulary import ISO_639_2, LANG, UNTOLD, tag
from drafts.importing.guard.xml import OTHER_XML, check_akn
from drafts.tree import Tree

DOCUMENTS = ("act", "bill", "doc", "statement")
TITLES = ("docTitle", "shortTitle", "longTitle")
LANGUAGES_OF = {code: lang for lang, code in ISO_639_2.items()}

OTHER = N_("Only acts, bills and documents in Akoma Ntoso 3.0 can be read; this is “{name}”.")
LANGUAGE = N_("The file says that its language is {found}, but {chosen} was chosen.")
READ_AS = N_("Kenesh has no level called “{name}”: {count} of them were read as the nearest one.")
REFUSED = N_("{count} permanent ids of the file cannot be used. These provisions got new ones.")
PICTURES = N_("The file has {count} pictures. They were left out.")
CHANGES = N_("The file marks {count} insertions and deletions. The words of both were kept.")
MISSING = N_("{count} parts of the text lie in other files. They were not read.")


@dataclass(frozen=True, slots=True)
class AknText:
    """A text that has been read.

    `tree` has the eids and wids of the file as far as they may be used, and others where not;
    `own_wids` says whether any wid is the file's own. `title` is "" where the file has none.
    `text` is everything the file says, taken from it by another way than the tree.
    """

    tree: Tree
    title: str
    text: str
    warnings: tuple[Warning_, ...] = ()
    own_wids: bool = False


def read(data: bytes, lang: str) -> AknText:
    """Read an Akoma Ntoso 3.0 file in the language `lang` (two letters).

    Raises Invalid (another language, no text) or Unsupported (damaged, another format or kind of
    document, a document type declaration, too deep).
    """
    root = _parsed(data)
    document = _document(root)
    _check_language(root, document, lang)
    notes = {note.get("eId", str(at)): note for at, note in enumerate(root.iter(tag("note")))}
    structure = Structure(dict(notes))
    nodes = [node for element in root for node in structure.nodes(element)]
    nodes += [structure.note(note) for note in structure.notes.values()]
    settled = settle(Tree(lang, tuple(nodes)))
    text = told(root, notes)
    if not text.strip():
        raise Invalid("There is no text in this file.", field="file")
    warnings = tuple(_warnings(structure, settled.refused))
    return AknText(settled.tree, _title(document), text, warnings, settled.own_wids)


def _parsed(data: bytes) -> etree._Element:
    """The root. Nothing is expanded or fetched: what could make it so is refused before."""
    check_akn(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unsupported(OTHER_XML, field="file") from error
    if root.tag != tag("akomaNtoso"):
        raise Unsupported(OTHER_XML, field="file")
    return root


def _document(root: etree._Element) -> etree._Element:
    """The act, bill or document in the file."""
    names = [local(child) for child in root]
    if not names or names[0] not in DOCUMENTS:
        raise Unsupported(OTHER, field="file", name=(names or ["akomaNtoso"])[0])
    return root[0]


def _check_language(root: etree._Element, document: etree._Element, lang: str) -> None:
    told = [found.get("language", "") for found in document.iterfind("{*}meta//{*}FRBRlanguage")]
    told = told or [element.get(LANG, "") for element in (root, document)]
    codes = [code.lower().partition("-")[0] for code in told]
    found = [LANGUAGES_OF.get(code, code) for code in codes if code not in UNTOLD]
    if found and lang not in found:
        names = {"found": LANGUAGES.get(found[0], found[0]), "chosen": LANGUAGES.get(lang, lang)}
        raise Invalid(LANGUAGE, field="lang", **names)


def _title(document: etree._Element) -> str:
    for alias in document.iterfind("{*}meta//{*}FRBRalias"):
        if alias.get("name") == "title":
            return alias.get("value", "")
    found = (element for name in TITLES for element in document.iter(f"{{*}}{name}"))
    return next((Words(element).text() for element in found), "")


def _warnings(structure: Structure, refused: int) -> Iterator[Warning_]:
    for name, count in structure.read_as.items():
        yield Warning_(READ_AS, "file", {"name": name, "count": count})
    met = structure.met
    counts = {
        REFUSED: refused,
        PICTURES: met["img"],
        CHANGES: met["ins"] + met["del"],
        MISSING: sum(met[name] for name in ELSEWHERE),
    }
    for message, count in counts.items():
        if count:
            yield Warning_(message, "file", {"count": count})
