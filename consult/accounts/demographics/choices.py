"""What a person may say of themselves to be counted: the lists to choose from."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from consult.procedure.duties import Names
from consult.procedure.packs import RulePack

SOURCE = Path(__file__).with_name("choices.toml")


@cache
def fixed_choices() -> dict[str, dict[str, Names]]:
    """Those that are the same everywhere: {"age_band", "gender": {code: names}}."""
    with SOURCE.open("rb") as source:
        read = tomllib.load(source)
    return {
        what: {entry["code"]: Names.model_validate(entry["names"]) for entry in entries}
        for what, entries in read.items()
    }


def choices(pack: RulePack) -> dict[str, Mapping[str, Names]]:
    """{"region", "age_band", "gender": {code: names}}, each in the order in which it is shown."""
    return {"region": pack.regions, **fixed_choices()}
