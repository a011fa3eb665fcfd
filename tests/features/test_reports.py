"""The report: what is kept of a consultation for good, and what of it may still be shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from consult.campaigns.models import Cluster, Fingerprint
from consult.campaigns.rules import text_of
from consult.cli import report as command
from consult.comments.models import Comment
from consult.errors import Invalid, NotFound
from consult.events import CommentRedacted
from consult.platform import Platform
from consult.reports.campaigns import campaigns_in
from consult.reports.data import as_csv, as_json
from consult.reports.formats import FORMATS, stamp_of, written
from consult.reports.handlers import keep_redacted
from consult.reports.models import Report, ReportLine
from consult.reports.queries import (
    head_of,
    newest_report,
    page_of,
    report_of_round,
    snapshot_of,
)
from tests.conftest import START
from tests.discussed import Discussed, make_discussed
from tests.factories import add_version
from tests.features.desk import Desk, make_desk
from tests.reported import missing, words_in

OLD = Path(__file__).parent.parent / "data/reports/schema-1.json"


@pytest.fixture
def scene(session: Session) -> Discussed:
    scene = make_discussed(session)
    scene.report()
    return scene


def report_of(session: Session, scene: Discussed) -> Report:
    return report_of_round(session, scene.draft.id or 0, 1)


def everywhere(session: Session, report: Report, platform: Platform) -> dict[str, str]:
    """All words of the report in each of its forms, in English."""
    session.flush()
    snapshot = snapshot_of(session, report)
    found = {"json": as_json(snapshot).decode(), "csv": as_csv(snapshot).decode()}
    for code, form in FORMATS.items():
        session.commit()
        found[code] = words_in(code, written(session, report, form, "en", platform))
    return found


def test_what_is_answered_together_is_one_row_and_a_reply_stands_with_its_thread(
    session: Session, scene: Discussed
) -> None:
    rows = snapshot_of(session, report_of(session, scene)).rows
    told = [[said.receipt for said in row.said] for row in rows]
    names = {comment.receipt: key for key, comment in scene.comments.items()}
    assert [[names[receipt] for receipt in row] for row in told] == [
        ["where", "reply"],
        ["days", "again"],
        ["cold"],
    ]
    assert [(row.number, row.answer.comments) for row in rows] == [(1, 2), (2, 2), (3, 1)]
    assert rows[1].answer.issue == "Opening days"


def test_a_report_counts_people_organisations_texts_and_outcomes(
    session: Session, scene: Discussed
) -> None:
    head = head_of(report_of(session, scene))
    assert (head.comments, head.replies, head.people, head.organisations) == (5, 1, 2, 1)
    assert head.outcomes == {"rejected": 3, "accepted": 2}
    assert (head.distinct, head.channels) == (4, {"web": 5})
    assert head.term
    assert (head.term["amount"], head.term["unit"]) == (1, "month")
    assert head.term["citation"]
    assert (head.promised, head.kept) == (1, 1)


def test_a_changed_provision_names_the_rows_that_say_why(
    session: Session, scene: Discussed
) -> None:
    (change,) = snapshot_of(session, report_of(session, scene)).changes
    assert (change.wid, change.kind, change.sources) == ("art_2", "edited", [2])
    assert change.in_language("en") == (
        "It is open three days a week.",
        "It is open five days a week.",
        "en",
    )
    assert head_of(report_of(session, scene)).unexplained == 0


def test_a_change_nobody_gave_a_reason_for_is_counted(session: Session) -> None:
    desk = answered_desk(session)
    (change,) = snapshot_of(session, report_of_round(session, desk.draft.id or 0, 1)).changes
    assert change.sources == []
    assert head_of(report_of_round(session, desk.draft.id or 0, 1)).unexplained == 1


def answered_desk(session: Session) -> Desk:
    """A desk whose comments are all refused, though the text changes."""
    desk = make_desk(session)
    add_version(session, desk.draft, ("A library stands in every village.", "It is open always."))
    for comment in desk.comments:
        desk.approve(desk.decide(comment))
    desk.publish()
    return desk


def hides(comment: Comment) -> None:
    comment.hidden_at = START


def withdraws(comment: Comment) -> None:
    comment.withdrawn_at = START


def disavows(comment: Comment) -> None:
    comment.withdrawn_at = comment.disavowed_at = START


def holds(comment: Comment) -> None:
    comment.held_at = START


MARKS = {
    hides: "Hidden by a moderator.",
    withdraws: "Withdrawn by its author.",
    disavows: "Sent in somebody's name who says it is not theirs.",
    holds: "Held until a moderator has looked at it.",
}


@pytest.mark.parametrize("act", MARKS)
def test_words_that_may_no_longer_be_shown_are_in_no_form_and_a_mark_is(
    session: Session, scene: Discussed, platform: Platform, act: Callable[[Comment], None]
) -> None:
    report = report_of(session, scene)
    act(scene.comments["cold"])
    for code, words in everywhere(session, report, platform).items():
        assert "It is not warm." not in words
        assert missing(["There is no money for it this year."], words) == []
        assert missing([MARKS[act]], words) == [] or code in ("json", "csv")


def redact(session: Session, comment: Comment, platform: Platform) -> None:
    comment.body, comment.redacted_at = "It is not [personal data removed 4].", START
    session.add(comment)
    session.flush()


def test_what_was_redacted_since_is_in_no_form(
    session: Session, scene: Discussed, platform: Platform
) -> None:
    redact(session, scene.comments["cold"], platform)
    for words in everywhere(session, report_of(session, scene), platform).values():
        assert "warm" not in words
        assert "[personal data removed" in words


def test_what_was_redacted_is_not_kept_either(
    session: Session, scene: Discussed, platform: Platform
) -> None:
    comment = scene.comments["cold"]
    redact(session, comment, platform)
    for _ in range(2):
        keep_redacted(
            session, platform, CommentRedacted(comment.id or 0, scene.draft.id or 0, 1), START
        )
    session.flush()
    session.expire_all()
    kept = [line.content for line in session.exec(select(ReportLine)).all()]
    assert "warm" not in json.dumps(kept)
    comment.body, comment.redacted_at = "It is not warm.", None  # an appeal succeeds
    session.add(comment)
    keep_redacted(
        session, platform, CommentRedacted(comment.id or 0, scene.draft.id or 0, 1), START
    )
    session.flush()
    assert b"warm" in as_csv(snapshot_of(session, report_of(session, scene)))


def test_a_report_has_titles_in_languages_its_text_is_not_in(session: Session) -> None:
    scene = make_discussed(session)
    scene.draft.titles = {**scene.draft.titles, "kk": "Кітапханалар туралы"}
    scene.report()
    head = head_of(report_of(session, scene))
    assert (head.titles["kk"], tuple(head.langs)) == ("Кітапханалар туралы", ("en",))


def test_nothing_else_changes_what_was_published(session: Session, scene: Discussed) -> None:
    report = report_of(session, scene)
    before = as_json(snapshot_of(session, report))
    scene.draft.titles = {"en": "Another name"}
    scene.agency.names = {"en": "Another ministry"}
    add_version(session, scene.draft, ("Nothing is left.",))
    session.flush()
    session.expire_all()
    assert as_json(snapshot_of(session, report_of(session, scene))) == before


@pytest.mark.parametrize("code", sorted(FORMATS))
def test_a_file_gets_another_stamp_when_words_go(
    session: Session, scene: Discussed, platform: Platform, code: str
) -> None:
    report, form = report_of(session, scene), FORMATS[code]

    def stamp(lang: str = "en") -> str:
        session.flush()
        return stamp_of(session, report, form, lang, platform)

    seen = [stamp(), stamp("ru")]
    assert stamp() == seen[0]
    for act in (hides, disavows):
        act(scene.comments["cold"])
        seen.append(stamp())
    redact(session, scene.comments["days"], platform)
    seen.append(stamp())
    assert len(set(seen)) == len(seen)


def test_a_page_that_begins_within_a_row_says_its_answer_again(
    session: Session, scene: Discussed
) -> None:
    shown, more = page_of(session, report_of(session, scene), start=4, most=1)
    (row,) = shown.rows
    assert (row.number, row.continued, more) == (2, True, True)
    assert row.answer.issue == "Opening days"
    assert [said.receipt for said in row.said] == [scene.comments["again"].receipt]


def test_pages_together_are_the_whole(session: Session, scene: Discussed) -> None:
    report = report_of(session, scene)
    whole = [said for row in snapshot_of(session, report).rows for said in row.said]
    for most in (1, 2, 3, 5, 9):
        pages = [page_of(session, report, start=at, most=most) for at in range(1, 6, most)]
        assert [said for page, _ in pages for row in page.rows for said in row.said] == whole
        assert [more for _, more in pages] == [True] * (len(pages) - 1) + [False]


@pytest.fixture
def old(session: Session, scene: Discussed) -> Report:
    """A report of the first form, on comments that are there."""
    report = report_of(session, scene)
    content: dict[str, Any] = json.loads(OLD.read_text("utf-8"))
    for line in session.exec(select(ReportLine).where(col(ReportLine.part) != "")).all():
        session.delete(line)
    for row, key in zip(content["rows"], ("where", "days"), strict=True):
        row["comment_id"] = scene.comments[key].id
    report.content = content
    session.add(report)
    session.flush()
    return report


def test_a_report_of_the_first_form_is_read_and_written_as_ever(
    session: Session, old: Report, platform: Platform
) -> None:
    wanted = ["Ким төлөйт?", "Республикалык бюджет төлөйт.", "алты күн", "Union of Readers"]
    for code, words in everywhere(session, old, platform).items():
        assert missing(wanted, words) == []
        assert "Окурмандар бирлиги" not in words, "a name that was kept once is not read"
        assert missing(["Distinct texts"], words) == ["Distinct texts"], code
    head = head_of(old)
    assert (head.schema, head.comments, head.outcomes["answered"]) == (1, 2, 1)
    page, more = page_of(session, old, start=2, most=1, beside=5)
    assert (page.rows[0].number, page.rows[0].answer.issue, more) == (2, "Иш күндөрү", False)


def test_a_report_of_the_first_form_loses_words_as_any_other(
    session: Session, old: Report, scene: Discussed, platform: Platform
) -> None:
    hides(scene.comments["where"])
    redact(session, scene.comments["days"], platform)
    event = CommentRedacted(scene.comments["days"].id or 0, scene.draft.id or 0, 1)
    keep_redacted(session, platform, event, START)
    session.flush()
    for words in everywhere(session, old, platform).values():
        assert "Ким төлөйт?" not in words
        assert "Жекшемби" not in words
    assert "Жекшемби" not in json.dumps(old.content, ensure_ascii=False)


@pytest.fixture
def consult_report(
    session: Session, scene: Discussed, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """The command, on what this session has written."""
    session.commit()
    monkeypatch.setattr(command, "open_platform", lambda: platform)

    def run(out: Path, form: str, draft: int = scene.draft.id or 0, **more: object) -> None:
        asked = {"lang": "", "n": None} | more
        command.report(draft, form, out, **asked)  # type: ignore[arg-type]

    return run


@pytest.mark.parametrize("code", sorted(FORMATS))
def test_the_command_writes_the_newest_report(
    consult_report: Callable[..., None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    code: str,
) -> None:
    out = tmp_path / f"report.{code}"
    consult_report(out, code, lang="ru")
    asked = ["Отчёт об общественном обсуждении", "It is not warm."]
    assert missing(asked, words_in(code, out.read_bytes())) == []
    assert "report on round 1 (ru)" in capsys.readouterr().out


def test_the_command_writes_data(consult_report: Callable[..., None], tmp_path: Path) -> None:
    consult_report(tmp_path / "report.json", "json", n=1)
    content = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (content["schema"], content["comments"], len(content["rows"])) == (2, 5, 3)


def test_the_command_says_what_there_is_not(
    consult_report: Callable[..., None], tmp_path: Path
) -> None:
    out = tmp_path / "report.pdf"
    for wrong, error in (
        ({"form": "papyrus"}, Invalid),
        ({"form": "pdf", "lang": "xx"}, Invalid),
        ({"form": "pdf", "n": 7}, NotFound),
        ({"form": "pdf", "draft": 99}, NotFound),
    ):
        with pytest.raises(error):
            consult_report(out, **wrong)
    assert not out.exists()


def test_without_a_report_that_is_said(session: Session) -> None:
    desk = make_desk(session)
    with pytest.raises(NotFound, match="No report on this draft"):
        newest_report(session, desk.draft.id or 0)


def test_a_campaign_is_told_with_both_counts_and_what_people_added(
    session: Session, scene: Discussed
) -> None:
    text = "Please do not close the only library of our village before the winter ends."
    own = f"{text} My daughter reads there every day after school."
    same, other, mine = (
        scene.comments[key].model_copy(update={"body": body, "proposed": "", "body_hash": body})
        for key, body in (("days", text), ("again", text), ("cold", own))
    )
    cluster = Cluster(
        draft_id=scene.draft.id or 0,
        medoid_id=same.id or 0,
        submissions=3,
        distinct_n=2,
        first_at=START,
        last_at=START,
    )
    session.add(cluster)
    session.flush()
    session.execute(delete(Fingerprint))
    for comment in (same, other, mine):
        session.add(
            Fingerprint(
                comment_id=comment.id or 0,
                draft_id=comment.draft_id,
                exact=text_of(comment.body).exact,
                sketch=b"",
                cluster_id=cluster.id,
            )
        )
    session.flush()
    rows = {same.id or 0: 2, other.id or 0: 2, mine.id or 0: 3}
    distinct, (campaign,) = campaigns_in(session, [same, other, mine], rows)
    assert (distinct, campaign.submissions, campaign.distinct, campaign.row) == (2, 3, 2, 2)
    (added,) = campaign.residues
    assert added.comment_id == mine.id
    assert "My daughter reads there" in added.words
    assert "library" not in added.words
