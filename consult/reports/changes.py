"""Which provisions read otherwise than when they were discussed, and which answers say why."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from consult.answers.queries import own_words
from drafts.models import DraftVersion
from drafts.queries import place_names, provision_texts, provisions, text_hashes

AT_ONCE = 500  # provisions whose words are asked for together


def place_names_by_language(
    session: Session, discussed: DraftVersion, newest: DraftVersion
) -> dict[str, dict[str, str]]:
    """What each provision is called, by wid and language; in the order of the text discussed.

    Those that only the newest text has come last.
    """
    found: dict[str, dict[str, str]] = {}
    for version in {discussed.id: discussed, newest.id: newest}.values():
        for lang in version.langs:
            for wid, name in place_names(provisions(session, version.id or 0, lang)).items():
                found.setdefault(wid, {}).setdefault(lang, name)
    return found


def changed_provisions(
    session: Session,
    discussed: DraftVersion,
    newest: DraftVersion,
    places: Mapping[str, Mapping[str, str]],
    sources: Mapping[str, Sequence[int]],
) -> list[dict[str, Any]]:
    """Each changed provision (snapshot.Change as JSON), in the order of the text.

    Compared in the languages both texts have: what is not translated yet is not deleted.
    """
    shared = [lang for lang in discussed.langs if lang in newest.langs]
    if newest.id == discussed.id or not shared:
        return []
    before, after = (
        text_hashes(session, version.id or 0, shared) for version in (discussed, newest)
    )
    differing = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    changed = [wid for wid in places if any((wid, lang) in differing for lang in shared)]
    found = []
    for at in range(0, len(changed), AT_ONCE):
        wids = changed[at : at + AT_ONCE]
        old, new = (
            provision_texts(session, version.id or 0, wids) for version in (discussed, newest)
        )
        for wid in wids:
            words = {
                lang: [own_words(old.get((wid, lang))), own_words(new.get((wid, lang)))]
                for lang in shared
                if (wid, lang) in differing
            }
            keys = [(wid, lang) for lang in shared]
            was, stands = (any(key in text for key in keys) for text in (old, new))
            found.append(
                {
                    "wid": wid,
                    "kind": "edited" if was and stands else "added" if stands else "deleted",
                    "places": places[wid],
                    "words": words,
                    "sources": list(sources.get(wid, ())),
                }
            )
    return found
