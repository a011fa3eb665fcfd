"""Collects the sentences of the interface into the catalogues: `make messages`. For developers.

What is no longer said is dropped; what is new comes in untranslated, and a test asks for it.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from consult.i18n.catalogues import FOLDER, LANGUAGES

ROOT = FOLDER.parent.parent
METHODS = [
    ("templates/**", "jinja2.ext:babel_extract"),
    ("consult/**.py", "python"),
    ("drafts/**.py", "python"),
    ("notifications/**.py", "python"),
]
# Where a sentence stands among the arguments of what takes one.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
    "Warning_": None,
    "DomainError": None,
    "Invalid": None,
    "NotAllowed": None,
    "NotFound": None,
    "Conflict": None,
    "TooLarge": None,
    "Unsupported": None,
    "SignInNeeded": None,
    "Notice": None,
    "go": (2,),
    "Reason": (2,),
    "FieldError": (2,),
}
OPTIONS = {
    "templates/**": {
        "trimmed": "true",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "encoding": "utf-8",
    }
}


def collect() -> Catalog:
    """Every sentence the interface can say, with the files that say it."""
    catalogue = Catalog(project="Kenesh", charset="utf-8", fuzzy=False)
    found = extract_from_dir(ROOT, METHODS, OPTIONS, KEYWORDS, ("Translators:",))
    for filename, _line, message, comments, context in found:
        if message and message != ("", ""):
            place = [(Path(filename).as_posix(), 0)]
            catalogue.add(message, None, place, auto_comments=comments, context=context)
    return catalogue


def main() -> None:
    """Bring each language's catalogue up to what the interface says today."""
    template = collect()
    for lang in LANGUAGES:
        if lang == "en":
            continue  # the keys are English
        path = FOLDER / f"{lang}.po"
        catalogue = Catalog(locale=lang, charset="utf-8", fuzzy=False)
        if path.exists():
            with path.open("rb") as source:
                catalogue = read_po(source, locale=lang)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        catalogue.header_comment = f"# Kenesh in {LANGUAGES[lang]}; collected by `make messages`."
        catalogue.project, catalogue.version = "Kenesh", "0.1"
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
        with path.open("wb") as target:
            write_po(target, catalogue, width=100, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    main()
