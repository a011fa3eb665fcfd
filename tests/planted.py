"""A person who has left something of themselves in every place there is, to be looked for later.

Whatever is personal begins with "zq", whatever they said in public with "wq".
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from httpx2 import Response
from sqlalchemy import select as sa_select
from starlette.testclient import TestClient

from consult.accounts.models import Person
from consult.platform import Platform
from consult.schema import METADATA
from consult.worker import drain
from tests.client import Application
from tests.conftest import TestClock
from tests.reported import pdf_words

PLANTED = (
    "agent appeal brought browser call campaign city code contact content contest disavowal "
    "earlier error file flag hidden hook invitation invited issuer key mandate membership "
    "name new next nonce old payload phone problem proposal pseudonym public redacted reference "
    "region reply residue scan scanned secret seed signature signin state subject telephone title "
    "token verifier withdrawn wording zone"
)
TRACE = re.compile(f"[wz]q(?:{'|'.join(PLANTED.split())})")
TEXT = "wqcampaign the village school needs a warm library with books for all of its children " * 3
LINK = re.compile(r'(?:href|src)="(/[^"#]*)')


@dataclass
class Planted:
    """The person is Zqname; Bolot talked with them; Olga and Nurlan answered."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person]

    @property
    def person_id(self) -> int:
        return self.people["Zqname"].id or 0

    def drain(self) -> None:
        drain(self.platform, self.clock.now)

    def in_tables(self) -> dict[str, set[str]]:
        """What is left of them in the database, by "table.column"."""
        found: dict[str, set[str]] = {}
        with self.platform.database.reading() as session:
            for table in METADATA.sorted_tables:
                for row in session.execute(sa_select(table)).mappings():
                    for name, value in row.items():
                        if traces := traces_in(value):
                            found.setdefault(f"{table.name}.{name}", set()).update(traces)
        return found

    def in_files(self) -> dict[str, set[str]]:
        """What is left of them in the folder of data and the files of the database, by file."""
        folder = self.platform.settings.data_dir
        paths = [path for path in folder.rglob("*") if path.is_file()]
        if self.platform.database.engine.dialect.name == "sqlite":
            live = Path(self.platform.database.engine.url.database or "")
            paths += live.parent.glob(f"{live.name}*")
        found = {path.name: traces_in(path.read_bytes()) for path in paths}
        return {name: traces for name, traces in found.items() if traces}

    def read(self, address: str) -> Response:
        """A page or a file as everybody gets it."""
        app = Application(self.platform)
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        return client.get(address)

    def on_pages(self, most: int = 400) -> dict[str, set[str]]:
        """What everybody can still read of them, by address: every page and file that leads on."""
        found: dict[str, set[str]] = {}
        waiting, known = ["/"], Counter("/")
        while waiting and most:
            address, most = waiting.pop(0), most - 1
            answer = self.read(address)
            if traces := traces_in(answer.content):
                found[address] = traces
            if answer.headers.get("content-type", "").startswith("text/html"):
                links = [link.replace("&amp;", "&") for link in LINK.findall(answer.text)]
                waiting += [link for link in dict.fromkeys(links) if _is_new(link, known)]
        assert most, "there are more pages than were read"
        return found


def _is_new(link: str, known: Counter[str]) -> bool:
    """Of pages that say the same in another order, or of another month, some are enough."""
    path = link.partition("?")[0]
    known[link] += 1
    known[path] += link != path
    return known[link] == 1 and known[path] <= 3 and not path.startswith("/static/")


def traces_in(value: Any) -> set[str]:
    """The planted words in a value, in bytes, in the parts of a packed file, in a PDF."""
    if isinstance(value, bytes | memoryview):
        value = bytes(value)
        text = value.decode("latin-1")
        if value.startswith(b"PK"):
            with zipfile.ZipFile(BytesIO(value)) as packed:
                text = " ".join(packed.read(name).decode("latin-1") for name in packed.namelist())
        if value.startswith(b"%PDF"):
            text = pdf_words(value)
    else:
        text = str(value)
    return set(TRACE.findall(text.casefold()))


def lines_of(found: dict[str, set[str]]) -> Iterator[str]:
    """For whoever reads why a test failed."""
    for where, traces in sorted(found.items()):
        yield f"{where}: {', '.join(sorted(traces))}"
