"""The condition that a provision stands in another one, for queries. Nothing is read here."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from drafts.models import Provision


def stands_in(top: Any) -> ColumnElement[bool]:
    """Whether a provision is `top` (an alias of Provision) or stands anywhere below it.

    What is below comes right after it in reading order, up to the next that is no deeper: the
    unique index on version, language and position finds it, however large the text.
    """
    after = aliased(Provision)
    end = select(func.min(after.position)).where(
        col(after.version_id) == top.version_id,
        col(after.lang) == top.lang,
        col(after.position) > top.position,
        col(after.depth) <= top.depth,
    )
    return and_(
        col(Provision.version_id) == top.version_id,
        col(Provision.lang) == top.lang,
        col(Provision.position) >= top.position,
        col(Provision.position) < func.coalesce(end.scalar_subquery(), 2**31 - 1),
    )
