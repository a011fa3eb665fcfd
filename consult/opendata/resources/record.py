"""The resources of the public record and of what figures mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col

from consult.errors import N_
from consult.opendata.columns import LANGUAGES, Column, Type
from consult.opendata.resource import Asked, Context, Resource
from consult.record.models import RecordEntry
from consult.statistics.metrics import CHAPTERS, metrics

FACTS = ("code", "kind", "chapter", "unit", "direction", "version")
TOLD = {
    "name": "What it is called",
    "definition": "What it counts",
    "includes": "What is counted",
    "excludes": "What is not counted",
}

RECORD = Resource(
    name="record",
    title=N_("Public record"),
    meaning=N_("What happened, entry by entry, each a leaf of the tree that anybody can check."),
    key=("number",),
    source=lambda query: query.select_from(RecordEntry),
    dated="recorded_at",
    columns=(
        Column(
            "number",
            Type.INTEGER,
            "Its place in the record; 0 is the first",
            (col(RecordEntry.number),),
        ),
        Column("kind", Type.TEXT, "What it is about", (col(RecordEntry.kind),)),
        Column("row", Type.INTEGER, "The number of that", (col(RecordEntry.row_id),)),
        Column(
            "turn",
            Type.INTEGER,
            "Which entry about it this is; 1 is the first",
            (col(RecordEntry.turn),),
        ),
        Column(
            "recorded_at", Type.INSTANT, "When it was written down", (col(RecordEntry.recorded_at),)
        ),
        Column(
            "payload",
            Type.TEXT,
            "The entry itself, canonical JSON (RFC 8785)",
            (col(RecordEntry.payload),),
        ),
        Column("leaf", Type.TEXT, "Its hash in the tree (RFC 9162)", (col(RecordEntry.leaf),)),
    ),
)


def _metrics(_session: Session, _context: Context, _asked: Asked) -> Sequence[Mapping[str, Any]]:
    rows = []
    for metric in metrics().values():
        said = {"name": metric.names, "definition": metric.definition}
        said |= {"includes": metric.includes, "excludes": metric.excludes}
        words = {
            f"{part}_{lang}": getattr(names, lang) or None
            for part, names in said.items()
            for lang in LANGUAGES
        }
        rows.append({name: getattr(metric, name) for name in FACTS} | words)
    return sorted(rows, key=lambda row: str(row["code"]))


METRICS = Resource(
    name="metrics",
    title=N_("What every figure means"),
    meaning=N_("The definitions of all figures on this site."),
    key=("code",),
    listed=_metrics,
    columns=(
        Column("code", Type.TEXT, "The code of the figure"),
        Column("kind", Type.TEXT, "What it tells", values=("quantity", "quality")),
        Column("chapter", Type.TEXT, "What it is about", values=CHAPTERS),
        Column("unit", Type.TEXT, "What it is counted in", values=("count", "share", "days")),
        Column("direction", Type.TEXT, "Which way is better", values=("higher", "lower", "none")),
        Column("version", Type.INTEGER, "Rises when its meaning changes"),
        *(
            Column(f"{part}_{lang}", Type.TEXT, f"{meaning}, in the language {lang}", nullable=True)
            for part, meaning in TOLD.items()
            for lang in LANGUAGES
        ),
    ),
)
