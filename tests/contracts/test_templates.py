"""Every template compiles in every language; htmx only adds to what works without it."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from consult.i18n.catalogues import LANGUAGES
from consult.obligations.ledger.rules import Kind
from consult.procedure.deadlines import Term, Trigger
from consult.templating import environment
from tests.contracts.test_size import ROOT, name

TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"}
)
WITH_HTMX = re.compile(r"<(\w+)([^<>]*\bhx-(?:get|post)[^<>]*)>")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_compiles(lang: str) -> None:
    env = environment(lang, ZoneInfo("Asia/Bishkek"))
    for path in TEMPLATES:
        env.get_template(path.relative_to(ROOT / "templates").as_posix())


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_what_htmx_does_a_form_or_link_does_too(path: Path) -> None:
    text = re.sub(r"{[%#{].*?[%#}]}", "", path.read_text("utf-8"), flags=re.DOTALL)
    for tag, attributes in WITH_HTMX.findall(text):
        plain = re.sub(r"\bhx-[\w-]+=\"[^\"]*\"", "", attributes)
        assert (tag == "form" and "action=" in plain) or (tag == "a" and "href=" in plain), tag


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_where_htmx_puts_an_answer_is_said_on_the_element(path: Path) -> None:
    text = path.read_text("utf-8")
    for _, attributes in WITH_HTMX.findall(re.sub(r"{[%#].*?[%#]}", "", text, flags=re.DOTALL)):
        assert "hx-target=" in attributes
        assert "hx-swap=" in attributes


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_holds_script_or_style(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.parent.name != "mail":  # a mail has no style sheet to link to
        assert "<style" not in text
        assert not re.search(r"\sstyle=\"", text)
    if path.name == "linked.html":  # data, which no browser runs
        text = text.replace('<script type="application/ld+json">', "")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son(click|load|submit|change)=", text)


def test_whatever_a_rule_or_a_ledger_speaks_of_has_its_words() -> None:
    env = environment("en", ZoneInfo("Asia/Bishkek"))
    law = env.get_template("law/_words.html").module
    duties = env.get_template("obligations/_words.html").module
    assert set(law.TERMS) == set(Term)
    assert set(duties.TRIGGERS) == {*Trigger, ""}
    assert set(duties.EVENTS) == set(Kind)


def test_htmx_adds_no_style_of_its_own() -> None:
    shell = (ROOT / "templates/layout.html").read_text("utf-8")
    assert '"includeIndicatorStyles":false' in shell
