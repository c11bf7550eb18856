"""Taking everything along, and being forgotten: in every table and file."""

import json
from pathlib import Path

import pytest
from sqlalchemy import MetaData, inspect, text

from portal.core import clock
from portal.core.addresses import parse
from portal.core.db import db
from portal.mail.actions import suppress
from portal.mail.models import Stream
from portal.members import queries, traces
from portal.members.models import Level, Member, Note
from tests.members.cast import consents, is_signed_in, join, link_in, member_at
from tests.world import Browser, World

CANARY = "zanzibarcanary"


@pytest.fixture
def canary(world: World, stranger: Browser) -> Browser:
    """A member of whom something stands in every table that can hold it."""
    join(stranger, f"{CANARY}@example.org", name=f"Ada {CANARY}", call_name=CANARY, source=CANARY)
    stranger.post(link_in(world.letters()[0], "/join/confirm"))
    stranger.post("/me/profile", name=f"Ada {CANARY}", call_name=CANARY, level="senior", zone="Asia/Tokyo")
    stranger.post("/sign-in", address=f"{CANARY}@example.org")
    stranger.post("/me/address", address=f"new{CANARY}@example.net")
    stranger.post(link_in(world.letters(f"new{CANARY}")[0], "/address/"))
    stranger.post("/me/address", address=f"third{CANARY}@example.net")
    person = member_at(world, f"new{CANARY}@example.net")
    assert person is not None
    stranger.person = person
    world.make.stored(
        Note(member_id=person.id, staff_id=world.make.staff().id, text=f"Met {CANARY} in May", at=clock.now())
    )
    with world.inside():
        suppress(person.address_key, Stream.marketing, "bounced", f"550 no {CANARY} here")
    world.letters()
    return stranger


def everywhere(world: World) -> list[str]:
    """Tables and files in which the canary stands."""
    found = []
    with world.app.app_context(), db.engine.connect() as connection:
        whole = MetaData()
        whole.reflect(connection)
        for table in inspect(connection).get_table_names():
            columns = ", ".join(
                f"coalesce(CAST({column.name} AS TEXT), '')" for column in whole.tables[table].columns
            )
            rows = connection.execute(text(f"SELECT {columns} FROM {table}")).all()
            if CANARY in str(rows).lower():
                found.append(table)
        url = db.engine.url
    files = [path for path in world.settings.instance.rglob("*") if path.is_file()]
    if url.get_backend_name() == "sqlite":
        files += Path(str(url.database)).parent.glob(Path(str(url.database)).name + "*")
    found += [path.name for path in files if CANARY.encode() in path.read_bytes()]
    return found


def test_forgetting_leaves_no_trace_in_any_table_or_file(world: World, canary: Browser) -> None:
    assert {"members", "messages", "member_notes", "address_changes", "suppressions"} <= set(
        everywhere(world)
    )
    answer = canary.post("/me/data/forget", word="forget")
    assert answer.status_code == 302
    assert everywhere(world) == []
    assert not is_signed_in(canary)
    receipt = canary.get(answer.location)
    assert receipt.status_code == 200
    assert "Notes that staff made about you" in receipt.text
    assert CANARY not in receipt.text
    world.letters()
    assert everywhere(world) == []


def test_the_address_stays_known_as_forgotten_until_the_person_returns(world: World, canary: Browser) -> None:
    canary.post("/me/data/forget", word="Forget")
    address = parse(f"new{CANARY}@example.net")
    with world.inside():
        assert queries.is_forgotten(address)
    join(canary, address.text)
    with world.inside():
        assert queries.is_forgotten(address)
    canary.post(link_in(world.letters(address.text)[0], "/join/confirm"))
    with world.inside():
        assert not queries.is_forgotten(address)
    assert is_signed_in(canary)


def test_the_consent_evidence_stays_and_names_nobody(world: World, canary: Browser) -> None:
    person = canary.person
    assert isinstance(person, Member)
    canary.post("/me/data/forget", word="forget")
    lines = consents(world, person)
    assert lines[-1].how == "forgotten"
    assert not lines[-1].is_given


def test_forgetting_one_leaves_the_others(world: World, canary: Browser) -> None:
    other = world.browser(world.make.member())
    before = other.get("/me/data.json").text
    canary.post("/me/data/forget", word="forget")
    assert is_signed_in(other)
    assert json.loads(other.get("/me/data.json").text)["profile"] == json.loads(before)["profile"]


def test_a_number_is_never_given_twice(world: World) -> None:
    person = world.make.member()
    world.browser(person).post("/me/data/forget", word="forget")
    assert world.make.member().id > person.id


@pytest.mark.parametrize("word", ["", "yes", "forge"])
def test_nobody_is_forgotten_by_accident(world: World, member: Browser, word: str) -> None:
    assert member.post("/me/data/forget", word=word).status_code == 422
    assert is_signed_in(member)


def test_the_page_and_the_file_hold_everything_and_only_mine(world: World, canary: Browser) -> None:
    other = world.make.member(name="Somebody Else", address="else@example.org")
    page = canary.get("/me/data").text
    file = canary.get("/me/data.json")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Cache-Control"] == "no-store"
    whole = json.loads(file.text)
    with world.inside():
        assert {one.name for one in traces.everything(canary.person)} <= set(whole)  # type: ignore[arg-type]
    for held in ("profile", "consents", "mails", "notes", "sessions", "address_changes"):
        assert whole[held]["rows"], held
    assert whole["profile"]["rows"][0]["level"] == Level.senior.words
    assert "Yes, keep what I tell you here" in file.text
    assert "Yes, keep what I tell you here" in page
    for text_ in (page, file.text):
        assert f"Met {CANARY} in May" in text_
        assert other.address not in text_
        assert other.name not in text_


def test_a_session_of_somebody_else_cannot_be_ended(world: World, member: Browser) -> None:
    other = world.browser(world.make.member())
    with world.inside() as current:
        ids = [row[0] for row in current.execute(text("SELECT id FROM browser_sessions ORDER BY id"))]
    assert member.post(f"/me/data/sessions/{ids[-1]}/end").status_code == 404
    assert is_signed_in(other)


def test_one_browser_and_all_browsers_can_be_signed_out(world: World, member: Browser) -> None:
    second, third = world.browser(member.person), world.browser(member.person)
    page = member.get("/me/data").text
    assert page.count("/end") == 2
    assert "this one" in page
    with world.inside() as current:
        ids = [row[0] for row in current.execute(text("SELECT id FROM browser_sessions ORDER BY id"))]
    member.post(f"/me/data/sessions/{ids[1]}/end")
    assert not is_signed_in(second)
    assert is_signed_in(third)
    member.post("/me/data/sign-out-everywhere")
    assert not is_signed_in(third)
    assert not is_signed_in(member)
