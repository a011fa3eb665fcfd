"""Writes the next migration from what the models have and a migrated database has not."""

import sys
import tempfile
from pathlib import Path

from consult.db import make_engine
from consult.schema import migrate, new_revision


def main() -> None:
    """`python -m consult.migrations.new "what it does"`."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'compare.db'}")
        migrate(engine)
        new_revision(engine, " ".join(sys.argv[1:]) or "change")
        engine.dispose()


if __name__ == "__main__":
    main()
