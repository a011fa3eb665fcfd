"""Nobody shows a person's name to the public but by the rule of consult/naming.py.

Found in the syntax tree: who reads the columns of a name, who asks for the names of some people,
and who asks for what officers see. Each stands here with the reason why no visitor is shown it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.test_size import ROOT, name, sources

A_PERSON = re.compile(
    r"(^|\.)(Person|person|people|author|signer|whom|officer|member|reader|moderator|owner)$"
    r"|\(Person\b"
)
OWN = "the person themselves, or what their row is made of"
COLLEAGUES = "officers among themselves: who wrote a note, holds a duty, gave an answer"
ADMINISTRATION = "who gave whom which right: for the administrator and the oversight body"

READS = {
    "consult/accounts/shown.py": "the rule",
    "consult/accounts/queries.py": "the actor's own name; `names_of`, whose callers stand below",
    "consult/accounts/routes.py": OWN,
    "consult/accounts/appearance/actions.py": OWN,
    "consult/accounts/appearance/routes.py": OWN,
    "consult/accounts/invitations/actions.py": OWN,
    "consult/accounts/invitations/queries.py": "whoever is invited is told by whom",
    "consult/accounts/organisations/queries.py": "members of an organisation among themselves",
    "consult/accounts/second_factor/passkeys.py": OWN,
    "consult/accounts/second_factor/queries.py": OWN,
    "consult/accounts/reserved.py": "what nobody may be called: whose a name is, is not told",
    "consult/answers/detector.py": "how people are addressed is left out of what is compared",
    "consult/answers/teamwork/queries.py": COLLEAGUES,
    "consult/exchange/rules.py": "the officer a system acts as: of one actor the other is made",
    "consult/demo/load.py": "the operator is told whom the demonstration made",
    "consult/demo/stage.py": "people of the demonstration",
    "consult/intake/actions.py": "whether an officer entered this person before",
    "consult/obligations/duty_page.py": COLLEAGUES,
    "consult/privacy/forgetting.py": "what is to be forgotten",
    "consult/site/duty_desk.py": COLLEAGUES,
    "notifications/answers.py": COLLEAGUES,
}
ASKS = {
    "names_of": {
        "consult/answers/release_routes.py": COLLEAGUES,
        "consult/obligations/duty_page.py": COLLEAGUES,
        "consult/site/duty_desk.py": COLLEAGUES,
        "consult/site/lawbook.py": "officials who confirmed a rule or a calendar",
        "consult/site/audit.py": ADMINISTRATION,
        "drafts/confirmation/routes.py": COLLEAGUES,
    },
    "known_as": {
        "consult/answers/worklist.py": "the agency that answers",
        "consult/hearings/queries.py": "the agency that holds the hearing",
        "consult/intake/queries.py": "the agency that entered it",
        "consult/moderation/queries.py": "moderators",
        "consult/moderation/signals.py": "moderators",
        "consult/questions/queries.py": "the agency that answers",
    },
}
TEMPLATES = {
    "admin/people.html": ADMINISTRATION,
    "admin/person.html": ADMINISTRATION,
    "appearance/choice.html": OWN,
    "desk/duties.html": COLLEAGUES,
    "obligations/_duty_forms.html": COLLEAGUES,
}
IN_TEMPLATE = re.compile(r"\b(person|author|signer|member|whom)\.(name|pseudonym)\b")


def names_read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        is_name = isinstance(node, ast.Attribute) and node.attr in ("name", "pseudonym")
        if is_name and A_PERSON.search(said := ast.unparse(node.value)):
            yield f"{said}.{node.attr}"


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in sources():
        if "migrations" not in path.parts:
            yield name(path), ast.parse(path.read_text("utf-8"))


def test_only_these_modules_read_the_name_of_a_person() -> None:
    found = {module for module, tree in trees() if any(names_read(tree))}
    assert found == set(READS)


def test_only_these_modules_ask_for_names_that_the_public_may_not_see() -> None:
    for function, allowed in ASKS.items():
        asking = {
            module
            for module, tree in trees()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == function
        }
        assert asking == set(allowed), function


def test_only_these_templates_say_the_name_of_a_person() -> None:
    folder = ROOT / "templates"
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and IN_TEMPLATE.search(path.read_text("utf-8"))
    }
    assert found == set(TEMPLATES)


def test_what_is_read_of_a_name_is_found() -> None:
    told = "select(Person.name); x = session.get_one(Person, 1).name; held.person.pseudonym"
    assert len(list(names_read(ast.parse(told)))) == 3
    assert not list(names_read(ast.parse("agency.name; who.name; Personal.name")))
    assert IN_TEMPLATE.search("{{ one.author.name }}")
    assert Path(ROOT / "consult/naming.py").exists()
