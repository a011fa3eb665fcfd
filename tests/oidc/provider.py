"""A real OpenID provider (server.js, under node), and a person's browser while it is there."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx2

HERE = Path(__file__).parent
SECRET = "the secret of this site at the eID"
RETURN = "http://127.0.0.1:8000/eid/return"
IS_THERE = shutil.which("node") is not None and (HERE / "node_modules" / "oidc-provider").is_dir()


class Provider:
    """The eID as its visitors and its operator see it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def visit(self, address: str, person: str, *, refuses: bool = False, **changed: str) -> str:
        """Go through with it as `person`; returns where the browser is sent back to.

        `changed` are parameters of the address that somebody altered on the way.
        """
        place = urlsplit(address)
        query = urlencode(dict(parse_qsl(place.query)) | changed)
        address = place._replace(query=query).geturl()
        headers = {"person": person} | ({"refuses": "yes"} if refuses else {})
        with httpx2.Client(headers=headers, trust_env=False) as browser:
            for _ in range(10):
                answer = browser.get(address)
                assert answer.status_code in {302, 303}, answer.text
                address = urljoin(address, answer.headers["location"])
                if address.startswith(RETURN):
                    return address.removeprefix("http://127.0.0.1:8000")
        raise AssertionError("the eID leads in circles")

    @contextmanager
    def spoiled(self, **how: Any) -> Iterator[None]:
        """Its ID tokens are wrong for a while: claims, drop, alg, key; `wait` milliseconds late."""
        self._spoil(how)
        try:
            yield
        finally:
            self._spoil({})

    def _spoil(self, how: dict[str, Any]) -> None:
        httpx2.post(f"{self.issuer}/spoil", content=json.dumps(how), trust_env=False)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """On a free port of 127.0.0.1; it ends with the tests."""
    with subprocess.Popen(
        ["node", "server.js"],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout
            line = next((line for line in process.stdout if line.startswith("http")), "")
            assert line, "the OpenID provider did not start"
            yield Provider(line.strip())
        finally:
            process.kill()
