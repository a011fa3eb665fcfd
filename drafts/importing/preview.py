"""Placeholder until the importer is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from drafts.tree import Tree


@dataclass(frozen=True)
class Warning_:  # noqa: N801
    message: str
    params: Mapping[str, object]
    place: str


@dataclass(frozen=True)
class Preview:
    tree: Tree
    title: str
    warnings: tuple[Warning_, ...]
    coverage: float


def import_bytes(data: bytes, filename: str, lang: str, tracked: str = "accepted") -> Preview:
    raise NotImplementedError
