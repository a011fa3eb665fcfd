"""Small laws to align: articles with known words, and trees of any shape."""

from hypothesis import strategies as st

from drafts.tree import Node, Tree, identify

SPEECH = (
    "мыйзам долбоор орган жооп мөөнөт талкуу жаран укук тартип бекитүү заявление срок решение "
    "комиссия государственный порядок обращение реестр проект гражданин the agency shall publish "
    "every draft on portal within term court appeal applicant fee register public council opinion "
    "заң жоба азамат құқық қоғамдық кеңес тіркеу ұсыныс шешім бекіту жауап мерзім"
)
VOCABULARY = SPEECH.split()

REGISTER = "The agency registers the application within one day and gives the applicant a receipt."
PAY = "The fee is paid to the account of the treasury before the application is examined."
REFUSE = "A refusal states its reasons and the court to which the applicant may appeal."
NEW = "Nobody is asked for a document that another authority already holds."


def articles(*texts: str) -> tuple[Node, ...]:
    return tuple(Node("article", number=str(n), text=text) for n, text in enumerate(texts, 1))


def law(*texts: str) -> Tree:
    return identify(Tree("en", articles(*texts)))


def chapter(number: str, *nodes: Node) -> Node:
    return Node("chapter", number=number, heading=f"Chapter {number}", children=nodes)


def nodes(depth: int) -> st.SearchStrategy[tuple[Node, ...]]:
    node = st.builds(
        Node,
        kind=st.just(("article", "paragraph", "item")[3 - depth]),
        number=st.sampled_from(["", "1", "2", "2-1", "а"]),
        heading=st.sampled_from(["", "Жалпы жоболор"]),
        text=st.lists(st.sampled_from(VOCABULARY[:12]), max_size=8).map(" ".join),
        children=nodes(depth - 1) if depth > 1 else st.just(()),
    )
    return st.lists(node, max_size=4).map(tuple)


TREES = st.builds(Tree, lang=st.just("ky"), nodes=nodes(3)).map(identify)
