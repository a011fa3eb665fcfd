"""What a handler of events looks like: one that is done at once, one that goes in steps.

Which events have which is wiring.py; how they are run, worker.py.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.platform import Platform

Handler = Callable[[Session, Platform, Any, datetime], str | None]
# Given how far it came, it says how far it is now: "" when it is done.
Steps = Callable[[Session, Platform, Any, datetime, str], str]
