"""What a page says of itself to machines, in the words of schema.org (JSON-LD).

Of a draft: Legislation that is not in force, its files as LegislationObject. Who passes it and when
is not known before it is adopted, and the register of acts is elsewhere: that is never guessed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from consult.accounts.agencies.queries import AgencyPage
from consult.accounts.models import Agency
from consult.adoption.models import ActOutcome
from consult.db import text_in
from consult.exports.formats import FORMATS
from consult.procedure.deadlines import local_day
from consult.site.cards import type_name
from consult.site.views import DraftPage
from consult.templating import place_url
from drafts.models import DraftVersion

SCHEMA = "https://schema.org"
IN_FORCE, NOT_IN_FORCE = f"{SCHEMA}/InForce", f"{SCHEMA}/NotInForce"
NO_STANDING = f"{SCHEMA}/UnofficialLegalValue"  # a file of a draft is nobody's law


def agency_said(agency: Agency, base_url: str, lang: str) -> dict[str, Any]:
    """An agency, wherever something speaks of it."""
    name, _ = text_in(agency.names, lang)
    address = f"{base_url}/agencies/{agency.code}"
    return {"@type": "GovernmentOrganization", "@id": address, "name": name, "url": address}


def agency_data(page: AgencyPage, base_url: str, lang: str, home: str) -> dict[str, Any]:
    """The page of an agency: the body itself, and the way to it; `home` is what all are called."""
    said = agency_said(page.agency, base_url, lang) | {"identifier": page.agency.code}
    others = [name for name in page.agency.names.values() if name and name != said["name"]]
    if others:
        said["alternateName"] = others
    if page.parent:
        said["parentOrganization"] = agency_said(page.parent, base_url, lang)
    if page.agency.closed_on:
        said["dissolutionDate"] = page.agency.closed_on.isoformat()
    way = [(home, f"{base_url}/agencies")]
    way += [(one["name"], one["url"]) for one in (said.get("parentOrganization"), said) if one]
    return {"@context": SCHEMA, "@graph": [said, _breadcrumbs(way)]}


def _breadcrumbs(way: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": address}
            for n, (name, address) in enumerate(way, start=1)
        ],
    }


def draft_data(
    page: DraftPage, outcome: ActOutcome | None, base_url: str, lang: str, today: date
) -> dict[str, Any]:
    """The text of a draft that is shown; `outcome` is how its way ended, if it has."""
    draft, version, pack = page.draft, page.version, page.law.pack
    title, _ = text_in(draft.titles, page.lang)
    address = _address(page, base_url, page.lang)
    said: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Legislation",
        "@id": address,
        "url": address,
        "name": title,
        "inLanguage": page.lang,
        "legislationType": type_name(pack, draft.act_type, lang),
        "legislationJurisdiction": pack.names.in_language(lang),
        "legislationLegalForce": NOT_IN_FORCE,
        "legislationResponsible": agency_said(page.agency, base_url, lang),
        "commentCount": page.comments,
        "version": version.n,
        "encoding": _files(page, version, base_url),
    }
    if summary := text_in(draft.summaries, page.lang)[0]:
        said["abstract"] = summary
    if topic := pack.topics.get(draft.topic):
        said["about"] = topic.in_language(lang)
    if draft.published_at:
        said["datePublished"] = local_day(draft.published_at, page.law.tz).isoformat()
    if version.published_at:
        said["legislationDateVersion"] = local_day(version.published_at, page.law.tz).isoformat()
    others = [code for code in version.langs if code != page.lang]
    if others:
        said["workTranslation"] = [
            {"@type": "Legislation", "@id": _address(page, base_url, code), "inLanguage": code}
            for code in others
        ]
    if outcome and outcome.outcome == "adopted" and version.id == outcome.version_id:
        said |= _adopted(outcome, today)
    return said


def _adopted(outcome: ActOutcome, today: date) -> dict[str, Any]:
    """What is true of the final text alone, and not of the drafts before it."""
    said = {
        "legislationIdentifier": outcome.number,
        "legislationDate": outcome.decided_on.isoformat(),
    }
    if outcome.in_force_on:
        said["legislationDateOfApplicability"] = outcome.in_force_on.isoformat()
        if outcome.in_force_on <= today:
            said["legislationLegalForce"] = IN_FORCE
    return said


def _address(page: DraftPage, base_url: str, lang: str) -> str:
    """The canonical address of the text in a language."""
    older = page.version.n if page.version.n != page.versions[-1].n else 0
    text = lang if len(page.version.langs) > 1 else ""
    return base_url + place_url(page.draft.id or 0, text=text, version=older)


def _files(page: DraftPage, version: DraftVersion, base_url: str) -> list[dict[str, Any]]:
    """The files of the text that there always are."""
    place = f"{base_url}/drafts/{page.draft.id}/versions/{version.n}/{page.lang}"
    return [
        {
            "@type": "LegislationObject",
            "contentUrl": place + each.ending,
            "encodingFormat": each.media_type,
            "inLanguage": page.lang,
            "legislationLegalValue": NO_STANDING,
        }
        for each in FORMATS.values()
        if not each.needs
    ]
