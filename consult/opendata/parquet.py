"""Writes lines of JSON as Parquet by DuckDB, if it is installed; in a process of its own.

It takes 150 MB, which a server would not give back, for a minute of every night.
"""

import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from json import loads
from pathlib import Path

from consult.opendata.columns import Type

MEMORY = "300MB"  # what DuckDB may take; it cannot put all of its work on the disk
ROWS = 10_240  # held at once: with as many as it likes, 250,000 comments do not fit
TYPES: Mapping[Type, str] = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.INSTANT: "TIMESTAMPTZ",
    Type.LIST: "VARCHAR[]",
    Type.ADDRESS: "VARCHAR",
}


def is_here() -> bool:
    """Whether Parquet can be written."""
    return find_spec("duckdb") is not None


def write(folder: Path, dictionary: Path) -> None:
    """Write NAME.parquet beside every NAME.jsonl.gz of a folder; raises CalledProcessError."""
    subprocess.run(  # noqa: S603 - the paths are our own
        [sys.executable, "-m", __name__, str(folder), str(dictionary)],
        check=True,
        stdout=subprocess.DEVNULL,  # what went wrong is said where the server says it
        stdin=subprocess.DEVNULL,
    )


def _convert(folder: Path, dictionary: Path) -> None:
    connection = import_module("duckdb").connect(":memory:")
    for setting in (
        f"memory_limit='{MEMORY}'",
        "threads=1",
        f"temp_directory={_quoted(folder / '.duckdb')}",
        "TimeZone='UTC'",
        "autoinstall_known_extensions=false",
    ):
        connection.execute(f"SET {setting}")
    for resource in loads(dictionary.read_text("utf-8"))["resources"]:
        fields = resource["fields"]
        types = ", ".join(f"{_quoted(one['name'])}: '{TYPES[Type(one['type'])]}'" for one in fields)
        source = _quoted(folder / f"{resource['name']}.jsonl.gz")
        target = _quoted(folder / f"{resource['name']}.parquet")
        connection.execute(
            f"COPY (SELECT * FROM read_json({source}, format='newline_delimited', "  # noqa: S608
            f"columns={{{types}}}, compression='gzip')) TO {target} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS})"
        )
    connection.close()


def _quoted(value: object) -> str:
    """A text of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


if __name__ == "__main__":
    _convert(Path(sys.argv[1]), Path(sys.argv[2]))
