"""[pure] What an Akoma Ntoso file says of its draft: which work, version and language, by whom.

Addresses are built as in the Akoma Ntoso Naming Convention 1.0 (4.3 to 4.6): work, then language
and version, then format.
"""

from datetime import datetime
from urllib.parse import quote

from lxml import etree

from drafts.exporting.document import Document
from drafts.importing.akn.vocabulary import ISO_639_2, UNFIT, tag

AGENCY = "org_agency"
MAIN = "main"


def meta(document: Document, component: str = MAIN) -> etree._Element:
    """The `meta` of the bill or of one of its annexes ("annex_1")."""
    element = etree.Element(tag("meta"))
    identification = _in(element, "identification", source=f"#{AGENCY}")
    for level, describe in (("Work", _work), ("Expression", _expression), ("Manifestation", None)):
        described = _in(identification, f"FRBR{level}")
        address = _address(document, level)
        _in(described, "FRBRthis", value=f"{address}/!{component}{_format(level)}")
        _in(described, "FRBRuri", value=f"{address}{_format(level)}")
        if component == MAIN and level == "Expression":
            _in(described, "FRBRalias", name="title", value=UNFIT.sub("", document.title))
            _in(described, "FRBRalias", name="address", value=document.address)
        _date(described, document, level)
        _in(described, "FRBRauthor", href=f"#{AGENCY}")
        if describe:
            describe(described, document)
    if component == MAIN:
        _references(element, document)
    return element


def _in(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, tag(name), attributes)


def _format(level: str) -> str:
    return ".xml" if level == "Manifestation" else ""


def _address(document: Document, level: str) -> str:
    parts = (
        *("akn", document.jurisdiction, "bill", document.act_type),
        *(document.created_at.date().isoformat(), str(document.draft_id)),
    )
    work = "/" + "/".join(quote(part, safe="") for part in parts if part)
    return work if level == "Work" else f"{work}/{_language(document)}@v{document.version}"


def _language(document: Document) -> str:
    return ISO_639_2.get(document.tree.lang, document.tree.lang)


def _date(parent: etree._Element, document: Document, level: str) -> None:
    name, moment = "creation", document.created_at
    if level != "Work" and document.published_at:
        name, moment = "publication", document.published_at
    _in(parent, "FRBRdate", date=_moment(moment), name=name)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _work(parent: etree._Element, document: Document) -> None:
    _in(parent, "FRBRcountry", value=document.jurisdiction)
    _in(parent, "FRBRsubtype", value=document.act_type)
    _in(parent, "FRBRnumber", value=str(document.draft_id))


def _expression(parent: etree._Element, document: Document) -> None:
    _in(parent, "FRBRversionNumber", value=str(document.version))
    _in(parent, "FRBRlanguage", language=_language(document))


def _references(parent: etree._Element, document: Document) -> None:
    references = _in(parent, "references", source=f"#{AGENCY}")
    name = UNFIT.sub("", document.agency)
    href = f"/akn/ontology/organization/{document.jurisdiction}/{quote(name, safe='')}"
    _in(references, "TLCOrganization", eId=AGENCY, href=href, showAs=name)
