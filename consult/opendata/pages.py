"""Pages of open data for people, the dictionary and the catalogue, and the files of the nights."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from consult.errors import NotFound
from consult.files import unless_known
from consult.opendata import dictionary
from consult.opendata.asking import allowed
from consult.opendata.catalogue import Filed, catalogue
from consult.opendata.columns import LANGUAGES
from consult.opendata.dumps import ABOUT, CATALOGUE, DICTIONARY, SUMS, Dump, dumps, home_of
from consult.opendata.registry import RESOURCES
from consult.opendata.routes import ANY_SITE, base_url
from consult.opendata.writing import as_json
from consult.security import Reader
from consult.web import platform_of, render

router = APIRouter()

ENDINGS = ("csv.gz", "jsonl.gz", "parquet")
BESIDE = (SUMS, ABOUT, CATALOGUE, DICTIONARY, "dictionary.csv", "csv-metadata.json")
TYPES = {
    "gz": "application/gzip",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "csv": "text/csv; charset=utf-8",
    SUMS: "text/plain; charset=ascii",
}
Day = Annotated[str, Path(max_length=10)]


@router.get("/open-data")
def page(request: Request, _actor: Reader) -> Response:
    """Everything that a program can read, for whoever writes one."""
    platform = platform_of(request)
    found = dumps(platform)
    day = next(iter(found), None)
    return render(
        request,
        "opendata/page.html",
        resources=RESOURCES.values(),
        base=base_url(request),
        day=day,
        dump=found[day] if day else None,
        earlier=list(found)[1:],
        files=_files(found[day]) if day else {},
        beside=BESIDE,
        kept=platform.settings.dumps_kept,
    )


def _files(dump: Dump) -> dict[str, list[Filed]]:
    """By resource, the files that hold it, in the order of ENDINGS."""
    named = {filed.name: filed for filed in dump.files}
    names = {one: [f"{one}.{ending}" for ending in ENDINGS] for one in RESOURCES}
    return {one: [named[name] for name in of if name in named] for one, of in names.items()}


@router.get("/open-data/dictionary")
def dictionary_page(request: Request, _actor: Reader) -> Response:
    """What every field means."""
    asked = {one.name: allowed(one, paged=True) for one in RESOURCES.values()}
    return render(request, "opendata/dictionary.html", resources=RESOURCES.values(), asked=asked)


@router.get("/open-data/dictionary.json")
def dictionary_json(request: Request, _actor: Reader) -> Response:
    """The same for programs."""
    return _document(request, dictionary.as_json(RESOURCES.values()), "application/json")


@router.get("/open-data/dictionary.csv")
def dictionary_csv(request: Request, _actor: Reader) -> Response:
    """The same as a table."""
    content = dictionary.as_csv(RESOURCES.values()).encode()
    return unless_known(request, content, TYPES["csv"], ANY_SITE)


@router.get("/open-data/catalog.jsonld")
def catalogue_json(request: Request, _actor: Reader) -> Response:
    """The catalogue for portals (DCAT-AP), with the files of the newest night."""
    found = dumps(platform_of(request))
    day = next(iter(found), None)
    files = found[day].files if day else ()
    said = catalogue(RESOURCES.values(), base_url(request), LANGUAGES, day, files)
    return _document(request, said, "application/ld+json")


def _document(request: Request, said: dict[str, Any], media_type: str) -> Response:
    return unless_known(request, as_json(said), media_type, ANY_SITE)


@router.get("/open-data/dumps/latest/{name}")
def newest_file(request: Request, _actor: Reader, name: str) -> Response:
    """The file of the newest night, wherever that stands. Raises NotFound."""
    for day, dump in dumps(platform_of(request)).items():
        if name in _names(dump):
            return RedirectResponse(f"/open-data/dumps/{day}/{name}", 302, headers=ANY_SITE)
        break
    raise NotFound("There is no such page.")


@router.get("/open-data/dumps/{day}/{name}")
def file(request: Request, _actor: Reader, day: Day, name: str) -> Response:
    """A file of one night; a part of it, if only that is asked for. Raises NotFound."""
    platform = platform_of(request)
    found = dumps(platform)
    dump = next((found[one] for one in found if one.isoformat() == day), None)
    path = home_of(platform) / day / name
    if dump is None or name not in _names(dump) or not path.is_file():
        raise NotFound("There is no such page.")
    kind = TYPES.get(name) or TYPES[name.rpartition(".")[2]]
    return FileResponse(path, media_type=kind, filename=name, headers=ANY_SITE)


def _names(dump: Dump) -> set[str]:
    return {filed.name for filed in dump.files} | set(BESIDE)
