"""The search engines there are, by the name a setting or a command calls them."""

from collections.abc import Callable
from pathlib import Path

from drafts.search.interface import SearchEngine
from drafts.search.tantivy_engine import TantivyEngine
from drafts.search.whoosh_engine import WhooshEngine

ENGINES: dict[str, Callable[[Path], SearchEngine]] = {
    "whoosh": WhooshEngine,
    "tantivy": TantivyEngine,
}

# Each has a folder of its own, so that one can be built while the other serves.
FOLDERS = {"whoosh": "index", "tantivy": "index-tantivy"}


def engine_in(data_dir: Path, name: str) -> SearchEngine:
    """The engine of an installation."""
    return ENGINES[name](data_dir / FOLDERS[name])
