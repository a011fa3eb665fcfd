"""[pure] The dictionary of the data: for people as a table, for programs as JSON and as CSVW.

CSVW: Metadata Vocabulary for Tabular Data, W3C Recommendation of 17 December 2015.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from consult.opendata.columns import Column, Type
from consult.opendata.writing import LICENCE
from consult.spreadsheets import csv_text

COLUMNS = ("resource", "field", "type", "nullable", "values", "key", "meaning")
CSVW_TYPES: Mapping[Type, str] = {
    Type.TEXT: "string",
    Type.INTEGER: "integer",
    Type.NUMBER: "decimal",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.INSTANT: "dateTime",
    Type.LIST: "string",
    Type.ADDRESS: "anyURI",
}


def as_json(resources: Iterable[Any]) -> dict[str, Any]:
    """The dictionary as it is."""
    return {
        "resources": [
            {
                "name": one.name,
                "title": one.title,
                "meaning": one.meaning,
                "key": list(one.key),
                "rights": one.rights or LICENCE["name"],
                "fields": [_field(column) for column in one.columns],
            }
            for one in resources
        ]
    }


def _field(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": column.type.value}
    told |= {"meaning": column.meaning, "nullable": column.nullable}
    return told | ({"values": list(column.values)} if column.values else {})


def as_csv(resources: Iterable[Any]) -> str:
    """The same as a table: a line a field."""
    return csv_text(
        COLUMNS,
        (
            (
                *(one.name, column.name, column.type.value),
                *("yes" if column.nullable else "no", " ".join(column.values)),
                *("yes" if column.name in one.key else "no", column.meaning),
            )
            for one in resources
            for column in one.columns
        ),
    )


def as_csvw(resources: Iterable[Any], ending: str = ".csv") -> dict[str, Any]:
    """What the CSV files are, for programs that read CSV on the web."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "tables": [
            {
                "url": f"{one.name}{ending}",
                "dc:title": one.title,
                "dc:description": one.meaning,
                "dialect": {"header": True, "encoding": "utf-8"},
                "tableSchema": {
                    "columns": [_csvw(column) for column in one.columns],
                    "primaryKey": list(one.key),
                },
            }
            for one in resources
        ],
    }


def _csvw(column: Column) -> dict[str, Any]:
    kind = CSVW_TYPES[column.type]
    told: dict[str, Any] = {"name": column.name, "titles": column.name, "datatype": kind}
    told |= {"dc:description": column.meaning}
    if column.values:
        told["datatype"] = {"base": kind, "format": "|".join(column.values)}
    if column.type is Type.LIST:
        told["separator"] = " "
    elif not column.nullable and column.type not in {Type.TEXT, Type.ADDRESS}:
        told["required"] = True  # of a text, empty is a value too
    return told
