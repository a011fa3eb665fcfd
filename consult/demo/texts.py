"""The texts of the demonstration's drafts: files as people import them, or answers to questions."""

import tomllib

from consult.demo.scenario import FOLDER
from consult.procedure.acts import ActForm, ActType
from drafts.answering.rules import cleaned, text_of
from drafts.importing.preview import Preview, import_bytes


def read_text(act: ActType, name: str, lang: str) -> Preview:
    """A file of the demonstration as the text of such an act."""
    data = (FOLDER / "drafts" / name).read_bytes()
    if act.form is not ActForm.QUESTIONS:
        return import_bytes(data, name, lang, act=act)
    answers = {code: cleaned(said) for code, said in tomllib.loads(data.decode()).items()}
    return Preview(text_of(act, answers, lang), name, (), 1.0, own_wids=True)
