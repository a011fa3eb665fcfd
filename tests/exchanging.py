"""A document-flow system of an agency, for the tests of what it may send."""

import re
from typing import Any

from consult.access import Role
from consult.platform import Platform
from tests import factories
from tests.client import Client

KEY = re.compile(r"<code>(kenesh_x_[\w-]{43})</code>")
HOME = "/desk/exchange"
TEXT = "Article 1. Subject\n\nA library stands in every village.\n\nArticle 2. Hours\n\nIt is open."


class System:
    """What a system sends with its key; each answer is checked to be JSON."""

    def __init__(self, platform: Platform, key: str) -> None:
        self.client, self.key = Client(platform), key

    def send(
        self, method: str, path: str, said: Any = None, *, status: int, **headers: str
    ) -> dict[str, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        held = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = self.client.http.request(
            method, f"/api/exchange/v1{path}", json=said, headers=held | named
        )
        assert answer.status_code == status, answer.text
        assert "set-cookie" not in answer.headers
        kind = "application/problem+json" if status >= 400 else "application/json"
        assert answer.headers["content-type"] == kind
        told: dict[str, Any] = answer.json()
        self.tag = answer.headers.get("etag", "")
        return told

    def register(self, no: str = "17-2/45", /, *, status: int = 201, **more: Any) -> Any:
        said = {"number": no, "act_type": "law", "lang": "en", "content": TEXT, "title": "On L"}
        key = more.pop("key", no)
        return self.send("POST", "/drafts", said | more, status=status, Idempotency_Key=key)


class Agency:
    """An agency with an officer and an approver, each in a browser."""

    def __init__(self, platform: Platform, code: str = "MOJ") -> None:
        self.platform = platform
        with platform.database.writing() as session:
            agency = factories.make_agency(session, code)
            officer = factories.make_person(
                session, f"Olga{code}", role=Role.OFFICER, agency=agency
            )
            head = factories.make_person(session, f"Nur{code}", role=Role.APPROVER, agency=agency)
            self.id, self.officer_id = agency.id or 0, officer.id or 0
            self.olga = Client(platform, factories.sign_in_token(session, officer))
            self.nurlan = Client(platform, factories.sign_in_token(session, head))

    def named(self) -> System:
        """A system that nobody has permitted yet."""
        page = self.olga.post(HOME, {"title": "Papers"}, status=200)
        assert page.headers["cache-control"] == "no-store"
        (key,) = KEY.findall(page.text)
        return System(self.platform, key)

    def permitted(self) -> System:
        """A system that may work."""
        system = self.named()
        (path,) = re.findall(r'action="(/desk/exchange/\d+/permit)"', self.nurlan.get(HOME).text)
        self.nurlan.post(path)
        return system
