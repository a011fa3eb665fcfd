"""What of a report is one text sent many times: the two counts, and what people added to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from consult.campaigns.models import Cluster, Fingerprint
from consult.campaigns.queries import said
from consult.campaigns.rules import residue
from consult.comments.models import Comment
from consult.reports.snapshot import Campaign, Residue

AT_ONCE = 5_000  # ids asked for together
MOST = 200  # additions that are kept of one campaign; every comment stands in the rows all the same


def campaigns_in(
    session: Session, comments: Sequence[Comment], rows: Mapping[int, int]
) -> tuple[int, list[Campaign]]:
    """(distinct texts, the campaigns among these comments, the largest first).

    `rows` are the numbers of the rows the comments stand in.
    """
    known = {comment.id or 0: comment for comment in comments}
    prints = _fingerprints(session, list(known))
    distinct = {prints[id_].exact if id_ in prints else known[id_].body_hash for id_ in known}
    members: dict[int, list[int]] = defaultdict(list)
    for id_, one in prints.items():
        if one.cluster_id is not None:
            members[one.cluster_id].append(id_)
    medoids = dict(
        session.execute(
            select(Cluster.id, Cluster.medoid_id).where(col(Cluster.id).in_(members))
        ).all()
    )
    found = []
    for cluster_id, ids in members.items():
        if len(ids) > 1:
            stands = medoids[cluster_id]
            medoid = known[stands if stands in known else min(ids)]
            own = {id_: prints[id_].exact for id_ in ids}
            found.append(_campaign(medoid, [known[id_] for id_ in sorted(ids)], own, rows))
    return len(distinct), sorted(found, key=lambda one: (-one.submissions, one.comment_id))


def _campaign(
    medoid: Comment, members: Sequence[Comment], texts: Mapping[int, str], rows: Mapping[int, int]
) -> Campaign:
    seen = {texts[medoid.id or 0]}
    residues = []
    for comment in members:
        if texts[comment.id or 0] in seen:
            continue
        seen.add(texts[comment.id or 0])
        if added := residue(said(comment), said(medoid)):
            residues.append(Residue(comment.id or 0, comment.lang, " … ".join(added)))
    return Campaign(
        comment_id=medoid.id or 0,
        lang=medoid.lang,
        text=medoid.body,
        submissions=len(members),
        distinct=len(set(texts.values())),
        row=rows[medoid.id or 0],
        residues=residues[:MOST],
    )


def _fingerprints(session: Session, ids: Sequence[int]) -> dict[int, Fingerprint]:
    found: dict[int, Fingerprint] = {}
    for at in range(0, len(ids), AT_ONCE):
        query = select(Fingerprint).where(col(Fingerprint.comment_id).in_(ids[at : at + AT_ONCE]))
        found |= {row.comment_id: row for row in session.exec(query)}
    return found
