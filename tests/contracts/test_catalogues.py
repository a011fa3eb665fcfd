"""The interface is complete in all its languages, and every translation keeps its placeholders."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from consult.i18n.catalogues import FOLDER, LANGUAGES
from consult.i18n.collect import collect

TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]  # the keys are English
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}|%%|<[^>]+>")


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What the interface can say today."""
    return collect()


def catalogue(lang: str) -> Catalog:
    with (FOLDER / f"{lang}.po").open("rb") as source:
        return read_po(source, locale=lang)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_sentence_is_translated(lang: str, said: Catalog) -> None:
    known = catalogue(lang)
    missing = [
        message.id
        for message in said
        if message.id and not (message.id in known and all(forms(known[message.id])))
    ]
    assert not missing, "run `make messages` and translate what is new"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_sentence_is_kept_that_is_no_longer_said(lang: str, said: Catalog) -> None:
    assert not [m.id for m in catalogue(lang) if m.id and m.id not in said]


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_keeps_the_placeholders(lang: str) -> None:
    for message in catalogue(lang):
        if not message.id:
            continue
        keys = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = set(PLACEHOLDER.findall(keys[-1]))
        for text in forms(message):
            assert set(PLACEHOLDER.findall(text)) == wanted, f"{keys[0]} → {text}"
