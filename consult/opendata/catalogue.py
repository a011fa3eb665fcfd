"""[pure] The catalogue of what can be taken away, for portals that gather such: DCAT-AP 3.

https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consult.opendata.writing import LICENCE

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA = "https://www.iana.org/assignments/media-types/"
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
# Of the ending of a file: the media type without gzip, the type of file (EU vocabulary).
KINDS = {
    "csv": ("text/csv", "CSV"),
    "json": ("application/json", "JSON"),
    "jsonl": ("application/jsonl", "JSON"),
    "parquet": ("application/vnd.apache.parquet", "PARQUET"),
}


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of a night: its name ("drafts.csv.gz"), its size and its sum (SHA-256)."""

    name: str
    size: int
    sha256: str


def catalogue(
    resources: Iterable[Any],
    base_url: str,
    languages: Sequence[str],
    day: date | None = None,
    files: Sequence[Filed] = (),
) -> dict[str, Any]:
    """The catalogue as JSON-LD; with the files of the newest night, if there are any."""
    home = f"{base_url}/open-data"
    publisher = {"@id": base_url, "@type": "foaf:Agent", "foaf:name": "Kenesh"}
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": home,
        "@type": "dcat:Catalog",
        "dct:title": _in_english("Kenesh: open data"),
        "dct:description": _in_english("Drafts of acts, what was said of them and answered."),
        "dct:publisher": publisher,
        "dct:license": {"@id": LICENCE["url"]},
        "foaf:homepage": {"@id": home},
        "dct:language": list(languages),
        "dcat:service": {
            "@id": f"{base_url}/api/v1",
            "@type": "dcat:DataService",
            "dct:title": _in_english("Kenesh: read API"),
            "dcat:endpointURL": {"@id": f"{base_url}/api/v1"},
            "dcat:endpointDescription": {"@id": f"{base_url}/api/v1/openapi.json"},
        },
        "dcat:dataset": [_dataset(one, base_url, day, files) for one in resources],
    }
    return said | ({"dct:modified": _day(day)} if day else {})


def _dataset(
    resource: Any, base_url: str, day: date | None, files: Sequence[Filed]
) -> dict[str, Any]:
    api = f"{base_url}/api/v1/{resource.name}"
    rights = {"dct:rights": _in_english(resource.rights)} if resource.rights else {}
    distributions = [
        _distribution(f"{api}{ending}", kind, resource.rights)
        for ending, kind in (("", "json"), (".csv", "csv"), (".jsonl", "jsonl"))
    ]
    for filed in files:
        stem, _, ending = filed.name.partition(".")
        if stem == resource.name and day:
            address = f"{base_url}/open-data/dumps/{day.isoformat()}/{filed.name}"
            kind = ending.removesuffix(".gz")
            distributions.append(_distribution(address, kind, resource.rights, filed))
    return {
        "@id": f"{base_url}/open-data#{resource.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": resource.name,
        "dct:title": _in_english(resource.title),
        "dct:description": _in_english(resource.meaning),
        "dcat:landingPage": {"@id": f"{base_url}/open-data"},
        "dct:accrualPeriodicity": {"@id": f"{FREQUENCY}CONT"},
        "dcat:distribution": distributions,
        **rights,
    }


def _distribution(
    address: str, kind: str, rights: str, filed: Filed | None = None
) -> dict[str, Any]:
    media, file_type = KINDS[kind]
    said: dict[str, Any] = {
        "@id": f"{address}#distribution",
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": address},
        "dcat:mediaType": {"@id": MEDIA + media},
        "dct:format": {"@id": FILE_TYPES + file_type},
    }
    said |= {"dct:rights": _in_english(rights)} if rights else _licensed()
    if filed is not None:
        sum_ = {"spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"}}
        sum_ |= {"@type": "spdx:Checksum", "spdx:checksumValue": filed.sha256}  # type: ignore[dict-item]
        said |= {"dcat:downloadURL": {"@id": address}, "dcat:byteSize": filed.size}
        said |= {"spdx:checksum": sum_}
        if filed.name.endswith(".gz"):
            said["dcat:compressFormat"] = {"@id": f"{MEDIA}application/gzip"}
    return said


def _licensed() -> dict[str, Any]:
    return {"dct:license": {"@id": LICENCE["url"]}}


def _in_english(words: str) -> dict[str, str]:
    return {"@value": words, "@language": "en"}


def _day(day: date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
