"""The resources of drafts, their versions and provisions: what is public of them."""

from typing import Any

from sqlmodel import col

from consult.errors import N_
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Resource, address, in_languages
from consult.opendata.resources.shared import (
    PUBLIC_DRAFT,
    PUBLIC_VERSION,
    agency_column,
    draft_column,
    id_column,
)
from drafts.models import Draft, DraftVersion, Provision
from drafts.queries import PUBLIC_STAGES
from drafts.tree import KINDS


def _versions(query: Any) -> Any:
    joined = query.select_from(DraftVersion).outerjoin(
        Draft, col(Draft.id) == DraftVersion.draft_id
    )
    return joined.where(PUBLIC_VERSION)


def _provisions(query: Any) -> Any:
    return (
        query.select_from(Provision)
        .outerjoin(DraftVersion, col(DraftVersion.id) == Provision.version_id)
        .outerjoin(Draft, col(Draft.id) == DraftVersion.draft_id)
        .where(PUBLIC_VERSION)
    )


DRAFTS = Resource(
    name="drafts",
    title=N_("Drafts"),
    meaning=N_("Drafts of acts that were published."),
    source=lambda query: query.select_from(Draft).where(PUBLIC_DRAFT),
    filters={"agency": col(Draft.agency_id), "draft": col(Draft.id)},
    dated="published_at",
    columns=(
        id_column(col(Draft.id), "the draft"),
        agency_column(col(Draft.agency_id)),
        Column("act_type", Type.TEXT, "The kind of act, by its code", (col(Draft.act_type),)),
        Column("topic", Type.TEXT, "The topic, by its code; empty: none", (col(Draft.topic),)),
        Column("stage", Type.TEXT, "How far it is", (col(Draft.stage),), values=PUBLIC_STAGES),
        Column(
            "attributes", Type.LIST, "What a term of law may depend on", (col(Draft.attributes),)
        ),
        *in_languages("title", "Its title", col(Draft.titles)),
        *in_languages("summary", "What it is about", col(Draft.summaries)),
        Column("published_at", Type.INSTANT, "When it became public", (col(Draft.published_at),)),
        address("/drafts/{}", col(Draft.id)),
    ),
)

VERSIONS = Resource(
    name="versions",
    title=N_("Versions"),
    meaning=N_("The texts of a draft that were published, one after another; each never changes."),
    source=_versions,
    filters={"agency": col(Draft.agency_id), "draft": col(Draft.id)},
    dated="published_at",
    columns=(
        id_column(col(DraftVersion.id), "the version"),
        draft_column(col(DraftVersion.draft_id)),
        Column(
            "n",
            Type.INTEGER,
            "Which version of the draft it is: 1 is the first",
            (col(DraftVersion.n),),
        ),
        Column("langs", Type.LIST, "The languages it has a text in", (col(DraftVersion.langs),)),
        *in_languages(
            "title", "The title the draft has since this version", col(DraftVersion.titles)
        ),
        *in_languages("note", "Why the text was changed", col(DraftVersion.note)),
        Column(
            "published_at", Type.INSTANT, "When it became public", (col(DraftVersion.published_at),)
        ),
        address("/drafts/{}/versions/{}", col(DraftVersion.draft_id), col(DraftVersion.n)),
    ),
)

PROVISIONS = Resource(
    name="provisions",
    rights=N_("The texts of drafts are official documents."),
    title=N_("Provisions"),
    meaning=N_("The texts themselves, provision by provision, in each language."),
    source=_provisions,
    filters={"agency": col(Draft.agency_id), "draft": col(Draft.id)},
    columns=(
        id_column(col(Provision.id), "the row"),
        draft_column(col(DraftVersion.draft_id)),
        Column(
            "version", Type.INTEGER, "The version of the draft: versions.n", (col(DraftVersion.n),)
        ),
        Column("lang", Type.TEXT, "The language of the text", (col(Provision.lang),)),
        Column(
            "wid",
            Type.TEXT,
            "The name of the provision in all versions and languages",
            (col(Provision.wid),),
        ),
        Column(
            "eid", Type.TEXT, "Where it stands in this text (Akoma Ntoso)", (col(Provision.eid),)
        ),
        Column(
            "parent_eid",
            Type.TEXT,
            "The eid of what it stands in; empty: the whole",
            (col(Provision.parent_eid),),
        ),
        Column("position", Type.INTEGER, "Its place in reading order", (col(Provision.position),)),
        Column(
            "depth", Type.INTEGER, "How deep it stands: 0 is outermost", (col(Provision.depth),)
        ),
        Column("kind", Type.TEXT, "What it is (Akoma Ntoso)", (col(Provision.kind),), values=KINDS),
        Column("number", Type.TEXT, "Its number without punctuation", (col(Provision.number),)),
        Column("label", Type.TEXT, "Its number or mark as printed", (col(Provision.label),)),
        Column("heading", Type.TEXT, "Its heading", (col(Provision.heading),)),
        Column(
            "text", Type.TEXT, "Its own words, without what stands below it", (col(Provision.text),)
        ),
    ),
)
