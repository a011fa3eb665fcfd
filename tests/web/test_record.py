"""Pages of the public record, and that anybody can check what they hand out, without this site."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from sqlmodel import col, select

from consult.comments.models import Comment
from consult.platform import Platform
from consult.record.models import RecordEntry
from consult.record.writing import forget_person
from drafts.models import Draft
from tests.adopted import Act
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_comment, sign_in_token
from tests.recorded import make_recorded


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    return make_recorded(platform, clock)


@pytest.fixture
def reader(act: Act) -> Client:
    return Client(act.platform)


def signed_in(act: Act, name: str) -> Client:
    with act.platform.database.writing() as session:
        token = sign_in_token(session, act.people[name], act.clock.now)
    return Client(act.platform, token)


def comment(act: Act, *where: Any) -> Comment:
    with act.platform.database.reading() as session:
        return session.exec(select(Comment).where(*where).order_by(col(Comment.id))).first()  # type: ignore[return-value]


def checked(folder: Path, client: Client, *proofs: Any) -> tuple[int, str]:
    """What the downloaded script says of files, in a process of its own."""
    script = folder / "verify.py"
    script.write_bytes(client.get("/record/verify.py").content)
    files = []
    for n, proof in enumerate(proofs):
        files.append(folder / f"{n}.json")
        files[-1].write_text(json.dumps(proof), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", str(script), *map(str, files)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_anybody_checks_a_receipt_offline(act: Act, reader: Client, tmp_path: Path) -> None:
    said = comment(act)
    receipt = reader.get(f"/comments/{said.id}/receipt.json").json()
    head = reader.get("/record/head.json").json()
    code, told = checked(tmp_path, reader, receipt, head)
    assert code == 0, told
    assert "Everything holds." in told
    assert said.body in told


@pytest.mark.parametrize("broken", ["words", "payload", "path", "root", "number", "short", "long"])
def test_the_script_says_what_does_not_hold(
    act: Act, reader: Client, tmp_path: Path, broken: str
) -> None:
    proof = reader.get(f"/comments/{comment(act).id}/receipt.json").json()
    entry = proof["entries"][0]
    zeros = "0" * 64
    if broken == "words":
        entry["opened"]["words"]["value"]["body"] += "!"
    elif broken == "payload":
        entry["payload"] = entry["payload"].replace('"turn":1', '"turn":2')
    elif broken == "path":
        entry["path"][0] = zeros
    elif broken == "root":
        proof["heads"][0]["root"] = zeros
    elif broken == "number":
        entry["number"] += 1
    elif broken == "short":
        entry["path"].pop()
    else:
        entry["path"].append(zeros)
    code, told = checked(tmp_path, reader, proof)
    assert code == 1
    assert "DOES NOT HOLD" in told


def test_the_script_says_when_nothing_was_checked(act: Act, reader: Client, tmp_path: Path) -> None:
    head = reader.get("/record/head.json").json()
    for files in ([], [head], [head, head]):
        code, told = checked(tmp_path, reader, *files)
        assert (code, told[:19]) == (1, "NOTHING WAS CHECKED"), told
    head["heads"][0]["root"] = "ab"
    code, told = checked(tmp_path, reader, head)
    assert (code, "DOES NOT HOLD" in told) == (1, True)


def test_the_script_says_which_words_it_did_not_check(
    act: Act, reader: Client, tmp_path: Path
) -> None:
    receipt = reader.get(f"/comments/{comment(act).id}/receipt.json").json()
    receipt["entries"][0]["opened"] = {}
    told = checked(tmp_path, reader, receipt)[1]
    assert "Everything holds." not in told
    assert f"NOT CHECKED:\n- the words of entry {receipt['entries'][0]['number']}" in told


def test_the_number_of_a_receipt_must_be_that_of_its_entries(
    act: Act, reader: Client, tmp_path: Path
) -> None:
    receipt = reader.get(f"/comments/{comment(act).id}/receipt.json").json()
    for other in (receipt | {"receipt": "K-2026-999999"}, receipt | {"entries": []}):
        code, told = checked(tmp_path, reader, other)
        assert (code, "DOES NOT HOLD: the receipt has another number" in told) == (1, True)


@pytest.mark.parametrize(
    "file", [[], {}, {"heads": []}, {"heads": [{"size": "9", "root": "no"}]}, 7]
)
def test_a_file_the_script_cannot_read_is_said_to_be_one(
    act: Act, reader: Client, tmp_path: Path, file: Any
) -> None:
    code, told = checked(tmp_path, reader, file)
    assert (code, told[:14]) == (1, "CANNOT BE READ"), told
    assert "Traceback" not in told


def test_a_kept_head_that_nothing_ties_to_the_receipt_is_named(
    act: Act, reader: Client, tmp_path: Path
) -> None:
    receipt = reader.get(f"/comments/{comment(act).id}/receipt.json").json()
    proof = reader.get("/record/consistency.json?from=5").json()
    kept = {"heads": [proof["heads"][0]]}
    assert "with the 5 entries of the head you kept" in checked(tmp_path, reader, receipt, kept)[1]
    assert "Everything holds." in checked(tmp_path, reader, receipt, kept, proof)[1]


def test_the_script_makes_the_fingerprint_that_stands_in_the_mail(
    act: Act, reader: Client, tmp_path: Path
) -> None:
    said = comment(act)
    for client in (reader, signed_in(act, "Aizada")):
        receipt = client.get(f"/comments/{said.id}/receipt.json").json()
        told = checked(tmp_path, client, receipt)[1]
        assert f"as in the mail: {said.body_hash}" in told
    cut = comment(act, col(Comment.redacted_at).is_not(None))
    redacted = reader.get(f"/comments/{cut.id}/receipt.json").json()
    assert "as in the mail" not in checked(tmp_path, reader, redacted)[1]  # it is of other words


def test_a_record_begins_with_itself(act: Act, reader: Client) -> None:
    head = reader.get("/record/head.json").json()["heads"][0]
    proof = reader.get(f"/record/consistency.json?from={head['size']}").json()
    assert proof["path"] == []
    assert [one["root"] for one in proof["heads"]] == [head["root"]] * 2
    reader.get(f"/record/consistency.json?from={head['size'] + 1}", status=404)


def test_the_record_of_today_contains_the_record_of_then(
    act: Act, reader: Client, tmp_path: Path
) -> None:
    head = reader.get("/record/head.json").json()
    then = head["heads"][0]["size"]
    for size in (1, 2, then // 2, then - 1, then):
        proof = reader.get(f"/record/consistency.json?from={size}&to={then}").json()
        assert checked(tmp_path, reader, proof, head)[0] == 0, size
    proof = reader.get(f"/record/consistency.json?from={then - 1}").json()
    other = {"heads": [proof["heads"][0] | {"root": "0" * 64}]}
    code, told = checked(tmp_path, reader, other, proof)
    assert (code, f"two records of {then - 1} entries" in told) == (1, True)
    forged = proof | {"heads": [other["heads"][0], proof["heads"][1]]}
    code, told = checked(tmp_path, reader, forged)
    assert (code, "entries were changed" in told) == (1, True)


def test_only_the_author_is_given_what_is_private(act: Act, reader: Client) -> None:
    said = comment(act)
    address = f"/comments/{said.id}/receipt.json"
    assert set(reader.get(address).json()["entries"][0]["opened"]) == {"words"}
    own = signed_in(act, "Aizada").get(address).json()["entries"][0]["opened"]
    assert own["private"]["value"]["author_id"] == said.author_id
    assert own["private"]["salt"] != own["words"]["salt"]


def test_words_that_are_not_shown_are_opened_to_their_author_alone(
    act: Act, reader: Client, tmp_path: Path
) -> None:
    hidden = comment(act, col(Comment.hidden_at).is_not(None))
    page = reader.get(f"/comments/{hidden.id}/receipt").text
    assert hidden.body not in page
    assert hidden.body_hash not in page
    proof = reader.get(f"/comments/{hidden.id}/receipt.json").json()
    assert [entry["opened"] for entry in proof["entries"]] == [{}, {}]
    code, told = checked(tmp_path, reader, proof)
    assert code == 0  # that it is there can be checked all the same
    assert "Everything holds." not in told
    assert told.count("- the words of entry ") == 2
    own = signed_in(act, "Bolot")
    assert hidden.body in own.get(f"/comments/{hidden.id}/receipt").text
    opened = own.get(f"/comments/{hidden.id}/receipt.json").json()["entries"][-1]["opened"]
    assert opened["words"]["value"]["body"] == hidden.body


def test_of_a_redacted_comment_nobody_gets_what_was_cut(act: Act, reader: Client) -> None:
    cut = comment(act, col(Comment.redacted_at).is_not(None))
    for client in (reader, signed_in(act, "Aizada")):
        proof = client.get(f"/comments/{cut.id}/receipt.json")
        assert "0555 12" not in proof.text
        opened = {
            json.loads(entry["payload"])["kind"]: entry["opened"]
            for entry in proof.json()["entries"]
        }
        assert "words" in opened["comment"]
        assert "words" in opened["wording"]
    assert cut.body_hash not in reader.get(f"/comments/{cut.id}/receipt").text


def test_a_forgotten_person_gives_nothing_away(act: Act, reader: Client) -> None:
    said = comment(act)
    with act.platform.database.writing() as session:
        forget_person(session, said.author_id, act.clock.now)
    for client in (reader, signed_in(act, "Aizada")):
        entries = client.get(f"/comments/{said.id}/receipt.json").json()["entries"]
        assert [entry["opened"] for entry in entries] == [{}]
    assert "were forgotten" in reader.get(f"/comments/{said.id}/receipt").text


def test_a_comment_that_is_not_recorded_yet_says_so(act: Act, reader: Client) -> None:
    with act.platform.database.writing() as session:
        newest = session.exec(select(Comment).order_by(col(Comment.id).desc())).first()
        assert newest is not None
        draft = session.get_one(Draft, newest.draft_id)
        made = make_comment(session, draft, act.people["Aizada"], "Late.", now=act.clock.now)
    assert "not in the record yet" in reader.get(f"/comments/{made.id}/receipt").text
    reader.get(f"/comments/{made.id}/receipt.json", status=404)


def test_the_page_finds_a_receipt_by_its_number(act: Act, reader: Client) -> None:
    said = comment(act)
    found = reader.get(f"/record?receipt=%20{said.receipt.lower()}", status=303)
    page = reader.follow(found).text
    assert said.receipt in page
    assert said.body in page
    missing = reader.get("/record?receipt=K-1", status=404).text
    assert "No comment was found under this number." in missing
    assert 'value="K-1"' in missing
    for unknown in ("K-2026-999999", said.receipt.replace("2026", "2025"), "999999999"):
        reader.get(f"/record?receipt={unknown}", status=404)


@pytest.mark.parametrize("written", ["№ K-{}-{}", "К-{}-{}", "k {} {}", "K{}{}", "{1}"])
def test_a_receipt_is_found_however_its_number_is_written(
    act: Act, reader: Client, written: str
) -> None:
    said = comment(act)
    _, year, number = said.receipt.split("-")
    found = reader.get(f"/record?receipt={quote(written.format(year, number))}", status=303)
    assert found.headers["location"] == f"/comments/{said.id}/receipt"


def test_every_entry_can_be_reached_read_and_proved(
    act: Act, reader: Client, tmp_path: Path
) -> None:
    with act.platform.database.reading() as session:
        kinds = dict(session.exec(select(RecordEntry.kind, RecordEntry.number)).all())
        size = len(session.exec(select(RecordEntry.number)).all())
    for kind, number in kinds.items():
        reader.get(f"/record/entries/{number}")
        proof = reader.get(f"/record/proof.json?entry={number}&size={number + 1}").json()
        code, told = checked(tmp_path, reader, proof)
        assert code == 0, (kind, told)
    shown, address = 0, "/record"
    while address:
        page = reader.get(address).text
        shown += page.count('href="/record/entries/')
        older = re.search(r'href="(/record\?before=\d+)"', page)
        address = older[1] if older else ""
    assert shown == size


def test_the_whole_record_can_be_taken_away(act: Act, reader: Client) -> None:
    taken = reader.get("/record/entries.json")
    assert taken.headers["access-control-allow-origin"] == "*"
    numbers = [entry["number"] for entry in taken.json()["entries"]]
    assert numbers == list(range(len(numbers)))
    rest = reader.get("/record/entries.json?from=5").json()
    assert (rest["entries"][0]["number"], rest["next"]) == (5, None)


def test_the_feed_holds_the_last_head_of_each_day_that_is_over(act: Act, reader: Client) -> None:
    act.clock.forward(days=2)
    feed = ET.fromstring(reader.get("/record/heads.atom").text)
    atom = "{http://www.w3.org/2005/Atom}"
    heads = [json.loads(said.text or "") for said in feed.iter(f"{atom}content")]
    assert heads[0] == {
        "heads": [
            {key: head[key] for key in ("root", "size")}
            for head in reader.get("/record/head.json").json()["heads"]
        ]
    }
    days = [title.text[:10] for title in feed.iter(f"{atom}title")][1:]
    assert days == sorted(set(days), reverse=True)
    assert len(days) >= 2


def test_what_is_not_in_the_record_is_not_proved(act: Act, reader: Client) -> None:
    size = reader.get("/record/head.json").json()["heads"][0]["size"]
    reader.get(f"/record/proof.json?entry={size}", status=404)
    reader.get(f"/record/proof.json?entry=5&size={size + 1}", status=404)
    reader.get("/record/proof.json?entry=5&size=5", status=404)
    reader.get("/record/consistency.json?from=9&to=4", status=422)
    reader.get(f"/record/consistency.json?from=9&to={size + 1}", status=404)
    reader.get(f"/record/entries/{size}", status=404)
    reader.get("/comments/99999/receipt", status=404)


def test_how_it_is_checked_is_explained_with_the_script_itself(act: Act, reader: Client) -> None:
    page = reader.get("/record/verify").text
    script = reader.get("/record/verify.py").text
    assert "def climb(" in page
    assert len([line for line in script.splitlines() if line]) <= 80
    assert not [line for line in script.splitlines() if line.startswith("import consult")]


def test_an_empty_record_says_so(platform: Platform) -> None:
    reader = Client(platform)
    assert "has not begun" in reader.get("/record").text
    reader.get("/record/verify")
    reader.get("/record/heads.atom")
    reader.get("/record/head.json", status=404)
