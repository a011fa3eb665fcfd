"""Interface languages and their catalogues. English is the language of the keys, so it has none."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"ky": "Кыргызча", "ru": "Русский", "kk": "Қазақша", "en": "English"}
LOCALES = {"ky": "ky", "ru": "ru", "kk": "kk", "en": "en_GB"}
FOLDER = Path(__file__).parent


@cache
def translations(lang: str) -> NullTranslations:
    """The catalogue of a language, compiled in memory from its .po: no build step to forget."""
    path = FOLDER / f"{lang}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def in_languages(message: str) -> dict[str, str]:
    """A sentence in every language of the interface."""
    return {lang: translations(lang).gettext(message) for lang in LANGUAGES}


def choose_language(*wishes: str, default: str) -> str:
    """The first wish that is an interface language; a wish may be an Accept-Language header."""
    for wish in wishes:
        for part in wish.split(","):
            code = part.split(";")[0].strip().split("-")[0].casefold()
            if code in LANGUAGES:
                return code
    return default
