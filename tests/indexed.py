"""What an index holds, to be compared with what one rebuilt from nothing would hold."""

from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from consult.platform import Platform
from drafts.search.following import rebuild
from drafts.search.interface import UNITS, Query, SearchEngine
from drafts.search.tantivy_engine import TantivyEngine

MOST = 500


def holds(engine: SearchEngine) -> dict[str, Any]:
    """Everything that is found, and the figures beside it."""
    told: dict[str, Any] = {}
    for unit in UNITS:
        page = engine.search(Query(unit=unit, limit=MOST))
        assert not page.lost
        told[unit] = sorted(map(str, (replace(hit, score=0.0) for hit in page.hits)))
        told[f"{unit} facets"] = {facet: dict(counts) for facet, counts in page.facets.items()}
    return told


def holds_anew(platform: Platform) -> dict[str, Any]:
    """The same of an index built from the database, by the other engine."""
    folder = Path(mkdtemp(dir=platform.settings.data_dir))
    other = TantivyEngine(folder)
    rebuild(replace(platform, search=other))
    return holds(other)
