"""What both search engines cost: `python -m tests.bench.engines 5000 tantivy`.

Drafts of 600 words in four provisions and a comment each, with words spread as in a language.
Times are those of the processor, all threads together, for a machine may have other work.
"""

import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from drafts.search.asking import MOST_WORDS
from drafts.search.engines import ENGINES
from drafts.search.interface import Batch, Document, Query, SearchEngine

WORDS_PER_DRAFT, PROVISIONS, BATCH = 600, 4, 100
SYLLABLES = (
    "ба",
    "ке",
    "жо",
    "сы",
    "мү",
    "тал",
    "дар",
    "кен",
    "өр",
    "шы",
    "гүл",
    "кыр",
    "нам",
    "лоо",
)
ENDINGS = ("", "", "дын", "лар", "га", "да", "лардын", "сыз")


def vocabulary(rng: random.Random) -> list[str]:
    """Words of two to four syllables, the commonest first."""
    return sorted(
        {"".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4)))) for _ in range(20_000)},
        key=lambda _word: rng.random(),
    )


def text(rng: random.Random, words: list[str], weights: list[float], n: int) -> str:
    """So many words."""
    chosen = rng.choices(words, cum_weights=weights, k=n)
    return " ".join(word + rng.choice(ENDINGS) for word in chosen)


def drafts(rng: random.Random, many: int) -> Iterator[tuple[str, list[Document]]]:
    """Groups of drafts and comments."""
    words = vocabulary(rng)
    weights = list(itertools.accumulate(1 / (n + 3) for n in range(len(words))))
    for n in range(1, many + 1):
        base = {
            "draft_id": n,
            "agency": f"A{n % 40}",
            "act_type": "law",
            "topic": f"t{n % 9}",
            "stage": "open",
            "year": 2020 + n % 7,
            "at": n,
            "title": text(rng, words, weights, 8),
        }
        yield (
            f"draft:{n}",
            [
                Document(id=f"draft:{n}:ky", body=text(rng, words, weights, 30), **base),
                *(
                    Document(
                        id=f"provision:{n}:ky:art_{k}",
                        wid=f"art_{k}",
                        heading=f"{k}-берене",
                        body=text(rng, words, weights, WORDS_PER_DRAFT // PROVISIONS),
                        **base,
                    )
                    for k in range(PROVISIONS)
                ),
            ],
        )
        said = text(rng, words, weights, 40)
        yield f"comment:{n}", [Document(id=f"comment:{n}", draft_id=n, body=said, at=n)]


def batches(many: int) -> Callable[[str], Iterator[Batch]]:
    """What a rebuild reads."""

    def read(_mark: str) -> Iterator[Batch]:
        groups = drafts(random.Random(7), many)
        while some := dict(itertools.islice(groups, BATCH)):
            yield Batch(some, "x", "")

    return read


def spread(engine: SearchEngine, queries: list[Query]) -> str:
    """p50, p99 and the most of how long they take, in milliseconds."""
    took = []
    for query in queries:
        began = time.process_time()
        engine.search(query)
        took.append((time.process_time() - began) * 1000)
    took.sort()
    return f"p50 {took[len(took) // 2]:.1f}  p99 {took[int(len(took) * 0.99)]:.1f} ms"


def main(many: int, name: str) -> None:
    """One engine in this process, so that its memory can be told."""
    rng = random.Random(8)
    words = vocabulary(random.Random(7))
    common, rare = words[:30], words[2000:6000]
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        for _ in batches(many)(""):
            pass
        making = time.process_time() - began
        engine = ENGINES[name](Path(folder))
        began = time.process_time()
        engine.rebuild(batches(many))
        took = time.process_time() - began - making
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: {many} drafts in {took:.0f} s, {many / took:.0f}/s, {size / 1e6:.0f} MB,")
        print(f"  {memory:.0f} MB of memory at most")
        changed = dict(itertools.islice(drafts(random.Random(9), 60), 120))
        began = time.process_time()
        for group, documents in changed.items():
            engine.replace({group: documents})
        print(f"  update {(time.process_time() - began) * 1000 / len(changed):.0f} ms")
        began = time.process_time()
        count = len(engine.words(MOST_WORDS))
        print(f"  {count} words in {time.process_time() - began:.2f} s")
        asked = {
            "nothing": [""] * 20,
            "rare word": rng.sample(rare, 60),
            "common word": common,
            "two common": [" ".join(rng.sample(common, 2)) for _ in range(40)],
            "common phrase": [f'"{" ".join(rng.sample(common, 2))}"' for _ in range(40)],
            "phrase of four": [f'"{" ".join(rng.sample(common, 4))}"' for _ in range(40)],
            "beginning": [f"{one[:2]}*" for one in rng.sample(words, 40)],
            "twelve common": [" ".join(rng.sample(common, 12)) for _ in range(10)],
        }
        for kind, texts in asked.items():
            print(f"  {kind}: {spread(engine, [Query(one) for one in texts])}")
        narrow = {"agency": ["A3"], "year": ["2024"]}
        print(f"  facets: {spread(engine, [Query(one, filters=narrow) for one in common])}")
        for unit in ("provision", "comment"):
            print(f"  {unit}: {spread(engine, [Query(one, unit=unit) for one in common])}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
