"""A text that is not in the language it is said to be in is doubted."""

from pathlib import Path

import pytest

from consult.demo.scenario import FOLDER
from drafts.importing.preview import import_bytes
from drafts.importing.wording import FEWEST, looks_like

TEXTS = sorted(
    file for file in (FOLDER / "drafts").glob("*.txt") if len(file.read_text("utf-8")) > 3 * FEWEST
)
LANGUAGES = ("en", "kk", "ky", "ru")


def language_of(file: Path) -> str:
    return file.name.split(".")[-2]


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_looks_like_its_own_language_and_no_other(file: Path, lang: str) -> None:
    assert looks_like(file.read_text("utf-8"), lang) == (lang == language_of(file))


def test_of_a_few_words_nothing_is_said() -> None:
    assert all(looks_like("Article 1. Scope", lang) for lang in LANGUAGES)


def test_the_doubt_is_told_before_anything_else() -> None:
    file = next(file for file in TEXTS if language_of(file) == "ky")
    warnings = import_bytes(file.read_bytes(), file.name, "en").warnings
    assert "Is the language right" in str(warnings[0])
