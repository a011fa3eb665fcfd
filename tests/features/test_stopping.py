"""Ctrl-C: a command that is stopped ends without a traceback, whenever it is."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SLOWLY = """
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
from consult.cli import main, serving
def build(platform, anew, tell):
    print("building", flush=True)
    time.sleep(60)
serving.rebuild = build
main.main()
"""
LOADING = """
import runpy, sys, time
class Slow:
    def find_spec(self, name, *_more):
        if name == "consult.cli.main":
            print("loading", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow())
runpy.run_module("consult", run_name="__main__")
"""


def stopped(command: list[str], told: dict[str, str], begun: str, after: float) -> tuple[int, str]:
    """A command that got a SIGINT some seconds after it said what it does: its end, its errors."""
    with subprocess.Popen(
        command, env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        if begun:
            assert select.select([process.stdout], [], [], 50)[0]
            assert process.stdout.readline().strip() == begun
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=50)
        return process.returncode, errors


@pytest.fixture
def told(tmp_path: Path, sqlite_template: Path) -> dict[str, str]:
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    (data_dir / "kenesh.db").write_bytes(sqlite_template.read_bytes())
    return {"CONSULT_DATA_DIR": str(data_dir)}


def test_a_rebuild_that_is_stopped_says_how_it_goes_on(told: dict[str, str]) -> None:
    command = [sys.executable, "-c", SLOWLY, "reindex"]
    code, errors = stopped(command, told, "building", 0.2)
    assert code != 0
    assert "goes on from here" in errors
    assert "Traceback" not in errors


def test_while_it_loads_it_just_ends(told: dict[str, str]) -> None:
    code, errors = stopped([sys.executable, "-c", LOADING], told, "loading", 0)
    assert (code, errors) == (-signal.SIGINT, "")
