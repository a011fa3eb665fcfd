"""How well and how fast comments hold on to their words: `python -m tests.bench.anchors`.

Quality: laws are rewritten at random (rewriting.py), version after version, aligned and resolved
as the site does it, with nobody to confirm a doubtful pair; the truth about every word is known.
Speed: a law of 1,000 provisions and 250,000 words with 10,000 comments, in a real database.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert
from sqlmodel import Session

from consult.accounts.models import Agency, Person
from consult.anchors.actions import resolve_version
from consult.anchors.rules import Line, Standing, Step, Steps, Text, heirs, stands
from consult.app import build_platform
from consult.comments.models import Comment
from consult.config import Settings
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.schema import migrate
from drafts.grammar import line as grammar
from drafts.grammar.parse import parse
from drafts.models import Draft, DraftVersion, Provision, ProvisionChange
from drafts.storing import provision_rows
from drafts.tree import Tree
from drafts.versions.aligning import Alignment, align, carry_wids
from drafts.versions.anchoring import make_quote
from tests.bench.report import table
from tests.bench.rewriting import Anchor, Rewriting, Snapshot
from tests.bench.texts import as_text, bare, law, revised

SHARES = (0.05, 0.10, 0.20, 0.40)  # of provisions rewritten from each version to the next
VERSIONS = 3  # after the first
PROVISIONS, WORDS, ANCHORS = 240, 12_000, 600
NOW = datetime(2026, 9, 7, tzinfo=UTC)


@dataclass(slots=True)
class Score:
    """What became of anchors. `unaffected`: nobody touched the words and what is around."""

    unaffected: int = 0
    exact: int = 0  # of these, called exact where they are
    whole: int = 0  # the words stand one after another somewhere
    placed: int = 0  # of these, called exact or shifted where they are
    gone: int = 0  # no word is left
    let_go: int = 0  # of these, called text_deleted, provision_only or orphan
    said_exact: int = 0
    wrong_exact: int = 0  # called exact where the words are not the quoted ones
    said_placed: int = 0
    wrong_placed: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: "Score") -> "Score":
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the site has it, and how its provisions follow from the one before."""

    truth: Snapshot
    tree: Tree
    text: Text
    steps: Steps


def versions(rewriting: Rewriting, share: float, later: int) -> Iterator[Version]:
    """A law and its later versions as they are read from a file, with the wids of aligning."""
    truth = Snapshot(rewriting)
    tree = carry_wids(_read(truth.tree), ())
    yield Version(truth, tree, text_of(tree), {})
    used: set[str] = set()
    for _ in range(later):
        rewriting.rewrite(share)
        truth = Snapshot(rewriting)
        used |= {node.wid for node in tree.walk()}
        alignment = align(tree, _read(truth.tree))
        tree = carry_wids(_read(truth.tree), alignment, retired=used)
        yield Version(truth, tree, text_of(tree), steps_of(alignment, tree))


def _read(tree: Tree) -> Tree:
    lines = [grammar.Line(line) for line in as_text(tree).splitlines()]
    return parse(lines, tree.lang)


def text_of(tree: Tree) -> Text:
    """A tree as anchors are resolved in it."""
    return Text(
        Line(node.wid, depth, node.label, node.heading, node.text)
        for node, depth in tree.walk_deep()
    )


def steps_of(alignment: Alignment, tree: Tree) -> Steps:
    """The list of changes as anchors are led by it."""
    wid_of = {node.eid: node.wid for node in tree.walk()}
    steps: dict[str, list[Step]] = {}
    for change in alignment:
        for old in change.old_wids:
            for new in change.new_eids or ("",):
                steps.setdefault(old, []).append(Step(change.kind, wid_of.get(new, "")))
    return steps


def scores(seed: int, share: float) -> list[Score]:
    """For each later version, what became of anchors made on the first."""
    first, *others = versions(Rewriting(PROVISIONS, WORDS, seed), share, VERSIONS)
    rng = random.Random(seed)
    made = [first.truth.anchor(rng) for _ in range(ANCHORS)]
    return [score_of(made, first, others[:n]) for n in range(1, VERSIONS + 1)]


def score_of(made: Sequence[Anchor], first: Version, later: Sequence[Version]) -> Score:
    """What became of anchors from the first version to the last of the later ones."""
    wid_of = {node.eid: node.wid for node in first.tree.walk()}
    newest, steps = later[-1], [one.steps for one in later]
    eid_of = {node.wid: node.eid for node in newest.tree.walk()}
    score = Score()
    for anchor in made:
        wid = wid_of[anchor.eid]
        quote = make_quote(first.text.own(wid), anchor.start, anchor.end)
        here = stands(quote, wid, first.text, newest.text, heirs(wid, steps))
        _count(score, anchor, newest.truth, here, eid_of)
    return score


def _count(
    score: Score, anchor: Anchor, truth: Snapshot, here: Standing, eid_of: dict[str, str]
) -> None:
    place = truth.place_of(anchor.words)
    stood = (eid_of.get(here.wid, ""), here.start, here.end)
    right = place is not None and stood == (place.eid, place.start, place.end)
    right = right or truth.reads_as_before(anchor, *stood[:2])
    placed = here.state in {"exact", "shifted"}
    score.states[here.state] += 1
    score.said_exact += here.state == "exact"
    score.wrong_exact += here.state == "exact" and not right
    score.said_placed += placed
    score.wrong_placed += placed and not right
    if truth.is_unaffected(anchor):
        score.unaffected += 1
        score.exact += here.state == "exact" and right
    if place:
        score.whole += 1
        score.placed += placed and right
    if not truth.left_of(anchor.words):
        score.gone += 1
        score.let_go += here.state in {"text_deleted", "provision_only", "orphan"}


def quality(seeds: Sequence[int] = range(1, 4)) -> dict[float, list[Score]]:
    """By the share rewritten: a score for each later version, over several laws."""
    found = {}
    for share in SHARES:
        total = [Score() for _ in range(VERSIONS)]
        for seed in seeds:
            for so_far, one in zip(total, scores(seed, share), strict=True):
                so_far += one
        found[share] = total
    return found


def quality_table(found: dict[float, list[Score]]) -> str:
    """Precision and recall of anchors, a row for each share and version."""

    def per(part: int, whole: int) -> str:
        return f"{part / whole:.2%}" if whole else "—"

    head = (
        *("rewritten, version", "anchors", "unaffected", "called exact", "wrongly exact"),
        *("words left whole", "found", "found: precision", "words gone", "let go"),
    )
    rows = [
        (
            f"{share:.0%}, version {n}",
            str(score.states.total()),
            str(score.unaffected),
            per(score.exact, score.unaffected),
            str(score.wrong_exact),
            str(score.whole),
            per(score.placed, score.whole),
            per(score.said_placed - score.wrong_placed, score.said_placed),
            str(score.gone),
            per(score.let_go, score.gone),
        )
        for share, row in found.items()
        for n, score in enumerate(row, 2)
    ]
    return table(head, rows)


def speed(
    folder: Path, provisions: int = 1_000, words: int = 250_000, comments: int = 10_000
) -> float:
    """Seconds for resolving so many comments on a law of that size, a real database included."""
    settings = Settings(data_dir=folder, database_url="", embedded_worker=False)
    platform = build_platform(settings)
    try:
        migrate(platform.database.engine)
        version_id = _fill(platform, provisions, words, comments)
        start = perf_counter()
        done = resolve_version(platform.database, version_id, NOW)
        seconds = perf_counter() - start
        assert done == comments
        return seconds
    finally:
        platform.database.engine.dispose()


def _fill(platform: Platform, provisions: int, words: int, comments: int) -> int:
    """A law in two versions, the first with comments on its words; returns the second's id."""
    old = carry_wids(bare(law(provisions, words)), ())
    new = bare(revised(old))
    alignment = align(old, new)
    new = carry_wids(new, alignment)
    with platform.database.writing() as session:
        draft_id = _dossier(session, old.lang)
        ids = [_store(session, draft_id, n, tree) for n, tree in ((1, old), (2, new))]
        session.add_all(
            ProvisionChange(version_id=ids[1], kind=step.kind, old_wid=old_wid, new_wid=step.wid)
            for old_wid, row in steps_of(alignment, new).items()
            for step in row
        )
        session.execute(insert(Comment), list(_comments(old, draft_id, ids[0], comments)))
    return ids[1]


def _dossier(session: Session, lang: str) -> int:
    session.add(Agency(id=1, code="MOJ", names={"en": "MOJ"}, created_at=NOW))
    session.add(Person(id=1, email="a@b.kg", name="A", lang=lang, password_hash="", created_at=NOW))
    session.add(Draft(id=1, agency_id=1, act_type="law", titles={lang: "A"}, created_at=NOW))
    session.flush()
    return 1


def _store(session: Session, draft_id: int, n: int, tree: Tree) -> int:
    version = DraftVersion(
        draft_id=draft_id, n=n, langs=[tree.lang], created_at=NOW, published_at=NOW
    )
    session.add(version)
    session.flush()
    session.execute(insert(Provision), provision_rows(tree, version.id or 0))
    if n == 1:
        about = {"draft_id": draft_id, "version_id": version.id, "opens_at": NOW}
        session.add(Consultation(id=1, closes_at=datetime(2026, 12, 1, tzinfo=UTC), **about))
        session.flush()
    return version.id or 0


def _comments(tree: Tree, draft_id: int, version_id: int, most: int) -> Iterator[dict[str, object]]:
    rng = random.Random(1)
    nodes = [node for node in tree.walk() if node.text]
    for n in range(1, most + 1):
        node = rng.choice(nodes)
        start = node.text.rfind(" ", 0, rng.randrange(len(node.text))) + 1
        quote = make_quote(node.text, start, start + rng.randint(15, 120))
        about = {"draft_id": draft_id, "version_id": version_id, "anchor_lang": tree.lang}
        words = {"quote": quote.exact, "quote_start": quote.start}
        around = {"quote_prefix": quote.prefix, "quote_suffix": quote.suffix}
        said = {"kind": "substantive", "stance": "neutral", "body": "A.", "body_hash": ""}
        of = {"consultation_id": 1, "author_id": 1, "lang": tree.lang, "created_at": NOW}
        yield {"id": n, "receipt": f"K-{n}", "wid": node.wid} | about | words | around | said | of


def measure() -> str:
    """Both, as they are printed."""
    with tempfile.TemporaryDirectory(prefix="kenesh-anchors-") as folder:
        seconds = speed(Path(folder))
    return "\n\n".join(
        (
            "Anchors under random edits (a law of 240 provisions, three laws of each kind)",
            quality_table(quality()),
            f"Anchors of 10,000 comments on 1,000 provisions, 250,000 words: {seconds:.1f} s",
        )
    )


if __name__ == "__main__":
    print(measure())
