"""A year with a worker that stood still twice ends as one in which it never did: nothing is lost,
nothing is done twice."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest

from consult.app import build_platform
from consult.config import Settings
from consult.platform import Platform
from consult.procedure.duties import Rung
from tests.conftest import TestClock
from tests.features.year import OUTAGES, Snapshot, lived


@pytest.fixture(scope="module")
def unbroken(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The year of a worker that never stood still."""
    folder = tmp_path_factory.mktemp("unbroken")
    copyfile(sqlite_template, folder / "kenesh.db")
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'kenesh.db'}",
        embedded_worker=False,
        jurisdiction="kg",
        default_lang="en",
    )
    platform = build_platform(settings, TestClock())
    yield lived(platform, ())
    platform.database.engine.dispose()


def test_look(platform: Platform, unbroken: Snapshot) -> None:
    broken = lived(platform, OUTAGES)
    for k in sorted(unbroken.duties.keys() | broken.duties.keys()):
        a, b = unbroken.duties.get(k), broken.duties.get(k)
        print(
            "=" if a == b else "!",
            k,
            a,
            b if a != b else "",
            unbroken.fulfilled.get(k),
            broken.fulfilled.get(k),
        )
    for r in (unbroken, broken):
        print(sorted(k for k in r.rungs if k[0].startswith(("answer:4", "report:4", "report:1", "answer:1"))))
    print("RUNGS lost", sorted(unbroken.rungs.keys() - broken.rungs.keys()))
    print("RUNGS new", sorted(broken.rungs.keys() - unbroken.rungs.keys()))
    print("overtaken unbroken", [k for k, v in unbroken.rungs.items() if v])
    print("overtaken broken", [k for k, v in broken.rungs.items() if v])
    print("lost notices", sorted(unbroken.notices - broken.notices))
    print("new notices", sorted(broken.notices - unbroken.notices))
    print(len(unbroken.rungs), len(unbroken.notices), len(unbroken.duties))
    assert 0
