"""The day: one tap at the door, a code on the wall, walk-ins, and the figures afterwards."""

import csv
import re
from datetime import timedelta
from io import StringIO
from time import perf_counter

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import session
from portal.events import guest_list, seats, the_day
from portal.events.guest_list import Filter, Standing
from portal.events.models import Answer, Event, EventGuest, Format, Rsvp, Way
from portal.members.models import Member
from tests.events.visitors import come

SOON = 1 / 48
"""Half an hour, in days."""


def seated(world, event, *people):
    with world.inside():
        return [seats.take_seat(session().get_one(Member, one.id), event.id).id for one in people]


def stored(world, rsvp_id):
    with world.inside():
        found = session().get(Rsvp, rsvp_id)
        if found is not None:
            session().expunge(found)
        return found


def move(world, event, hours):
    with world.inside():
        starts = clock.now() + timedelta(hours=hours)
        session().execute(
            update(Event)
            .where(Event.id == event.id)
            .values(starts_at=starts, ends_at=starts + timedelta(hours=2))
        )


def the_code(world, event):
    with world.inside():
        return the_day.code(session().get_one(Event, event.id))


def test_one_tap_notes_who_is_here_and_one_takes_it_back(world, make, as_staff):
    host = as_staff("teammate")
    event = make.event(host.person, in_days=SOON)
    ada, bo = make.member("Ada Stone"), make.member("Bo Reed")
    [first, second] = seated(world, event, ada, bo)
    url = f"/admin/events/{event.id}/door"
    page = host.get(url).text
    assert page.index("Ada Stone") < page.index("Bo Reed")
    answer = host.post(url, deed=f"came:{first}")
    assert answer.location == f"{url}?last={first}"
    page = host.get(answer.location).text
    assert "Ada Stone" in page
    assert f'value="undo:{first}"' in page
    rsvp = stored(world, first)
    assert (rsvp.attended, rsvp.is_walk_in) == (True, False)
    at = rsvp.arrived_at
    host.post(url, deed=f"came:{first}")
    assert stored(world, first).arrived_at == at, "a second tap, on a second phone, changes nothing"
    host.post(url, deed=f"undo:{first}")
    assert (stored(world, first).attended, stored(world, first).arrived_at) == (None, None)
    assert stored(world, second).attended is None
    for deed in ("came:x", "left:1", "", "came:"):
        assert host.post(url, deed=deed).status_code == 422
    assert host.post(url, deed="came:999999").status_code == 404


def test_another_events_guests_cannot_be_tapped(world, make, as_staff):
    host, other = as_staff("teammate"), as_staff("teammate")
    mine, theirs = make.event(host.person, in_days=SOON), make.event(other.person, in_days=SOON)
    [rsvp_id] = seated(world, theirs, make.member())
    assert host.post(f"/admin/events/{mine.id}/door", deed=f"came:{rsvp_id}").status_code == 404
    assert host.post(f"/admin/events/{theirs.id}/door", deed=f"came:{rsvp_id}").status_code == 403
    for path in ("door", "wall"):
        assert host.get(f"/admin/events/{theirs.id}/{path}").status_code == 403
    assert stored(world, rsvp_id).attended is None


def test_a_name_is_found_in_any_case_and_without_accents(world, make, as_staff):
    host = as_staff("teammate")
    event = make.event(host.person, in_days=SOON)
    seated(
        world,
        event,
        make.member("Łucja Żółć"),
        make.member("Zoë Ng", call_name="Zo"),
        make.member("نور الدين"),
    )
    url = f"/admin/events/{event.id}/door"
    for typed, name in (
        ("lucja", "Łucja Żółć"),
        ("ZOE ng", "Zoë Ng"),
        ("zo zoe", "Zoë Ng"),
        ("نور", "نور الدين"),
    ):
        page = host.get(url, query_string={"q": typed}).text
        assert name in page
        assert sum(one in page for one in ("Łucja", "Zoë", "الدين")) == 1
    assert "Nobody of that name" in host.get(f"{url}?q=%25").text


def test_five_hundred_names_are_one_quick_page(world, make, as_staff):
    host = as_staff("teammate")
    event = make.event(host.person, in_days=SOON, capacity=600)
    moment = clock.now()
    with world.inside():
        people = [
            Member(
                public_id=f"p{number:021d}", ledger_key=f"k{number:031d}", address=f"p{number}@example.org",
                address_key=f"p{number}@example.org", name=f"Guest {number:03d} Längername", status="active",
                asked_at=moment,
            )
            for number in range(500)
        ]  # fmt: skip
        session().add_all(people)
        session().flush()
        session().add_all(
            Rsvp(event_id=event.id, member_id=one.id, answer=Answer.seat, asked_at=moment, changed_at=moment)
            for one in people
        )
    with world.statements() as seen:
        begun = perf_counter()
        page = host.get(f"/admin/events/{event.id}/door")
        took = perf_counter() - begun
    assert page.text.count('value="came:') == 500
    assert page.text.count("csrf_token") < 8
    assert len(seen) <= 6, seen
    assert took < 3


def test_the_list_opens_two_hours_before(world, make, as_staff):
    host = as_staff("teammate")
    event = make.event(host.person, in_days=1)
    [rsvp_id] = seated(world, event, make.member())
    url = f"/admin/events/{event.id}/door"
    assert "opens two hours before" in host.get(url).text
    host.post(url, deed=f"came:{rsvp_id}")
    assert stored(world, rsvp_id).attended is None
    move(world, event, 1.9)
    host.post(url, deed=f"came:{rsvp_id}")
    assert stored(world, rsvp_id).attended is True


def test_a_walk_in_takes_no_seat_and_can_be_undone(world, make, as_staff):
    host = as_staff("teammate")
    event = make.event(host.person, in_days=SOON, capacity=1)
    [_seat, waits] = seated(world, event, make.member(), make.member("Wanda Waits", "wanda@example.org"))
    url = f"/admin/events/{event.id}/door/walk-in"
    for _ in range(2):
        host.post(url, address="", name="")
    host.post(url, address="new@example.org", name="New Nia")
    host.post(url, address="Wanda@example.org", name="Typed")
    assert host.post(url, address="no address", name="X").status_code == 422
    assert host.post(url, address="b@example.org", name="").status_code == 422
    with world.inside():
        counts = guest_list.counts(event.id)
        assert (counts.walk_in, counts.came, counts.seat) == (4, 4, 1)
        assert session().get_one(Event, event.id).taken == 1
        assert session().scalars(select(EventGuest.name)).all() == ["New Nia"]
        nia = session().scalar(select(Rsvp.id).where(Rsvp.guest_id.is_not(None)))
    assert stored(world, waits).is_walk_in
    door = f"/admin/events/{event.id}/door"
    host.post(door, deed=f"undo:{nia}")
    assert stored(world, nia) is None
    with world.inside():
        assert session().scalar(select(EventGuest)) is None
    host.post(door, deed=f"undo:{waits}")
    assert (stored(world, waits).answer, stored(world, waits).is_walk_in) == (Answer.waiting, False)
    assert world.letters("new@example.org") == [], "nobody is written to because they came in"


def test_the_sheet_for_the_wall_has_a_code_and_its_link(world, make, as_staff):
    host = as_staff("teammate")
    event, other = make.event(host.person), make.event(host.person)
    page = host.get(f"/admin/events/{event.id}/wall").text
    code = the_code(world, event)
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{6}", code)
    assert code in page
    assert f"http://portal.test/events/{event.slug}/here" in page
    assert "data:image/svg+xml" in page
    assert code != the_code(world, other)


def test_a_member_checks_in_by_the_code_on_the_wall(world, make, member):
    event = make.event(in_days=SOON)
    [rsvp_id] = seated(world, event, member.person)
    url, code = f"/events/{event.slug}/here", the_code(world, event)
    page = member.get(f"{url}?code={code}").text
    assert f'value="{code}"' in page
    assert stored(world, rsvp_id).attended is None, "opening the page checks nobody in"
    assert member.post(url, code="WRONG1").status_code == 422
    answer = member.post(url, follow=True, code=f" {code[:3].lower()}-{code[3:].lower()} ")
    assert "You are checked in" in answer.text
    assert stored(world, rsvp_id).attended is True
    other = world.browser(make.member())
    assert "no seat in your name" in other.post(url, follow=True, code=code).text
    for answer in (Answer.waiting, Answer.cancelled):
        late = make.member()
        moment = clock.now()
        row = make.stored(
            Rsvp(event_id=event.id, member_id=late.id, answer=answer, asked_at=moment, changed_at=moment)
        )
        assert "no seat in your name" in world.browser(late).post(url, follow=True, code=code).text
        assert stored(world, row.id).attended is None, "the code is no way past the waitlist"


@pytest.mark.parametrize("hours", [-3, 1.5])
def test_the_code_works_around_the_event_only(world, make, member, hours):
    event = make.event(in_days=SOON)
    [rsvp_id] = seated(world, event, member.person)
    move(world, event, hours)
    answer = member.post(f"/events/{event.slug}/here", code=the_code(world, event))
    assert answer.status_code == 422
    assert "One can check in from" in answer.text
    assert stored(world, rsvp_id).attended is None


def test_a_guest_checks_in_by_address_and_nobody_learns_who_has_a_seat(world, make, stranger):
    event = make.event(in_days=SOON)
    come(world, stranger, event.slug, "noor@example.org")
    known = make.member(address="ada@example.org")
    seated(world, event, known)
    make.member(address="bo@example.org")
    url, code = f"/events/{event.slug}/here", the_code(world, event)
    assert stranger.post(url, code=code).status_code == 422
    answers = []
    for address in ("noor@example.org", "ada@example.org", "bo@example.org", "nobody@example.org"):
        browser = world.browser()
        with world.statements() as seen:
            answer = browser.post(url, code=code, address=address)
        answers.append((answer.status_code, answer.location, [one.split()[0] for one in seen][:4],
                        re.sub(r'value="[^"]{20,}"', "", browser.get(answer.location).text)))  # fmt: skip
    assert all(one[0] == 302 and one[3] == answers[0][3] for one in answers)
    with world.inside():
        came = session().scalars(select(Rsvp).where(Rsvp.attended)).all()
        assert len(came) == 2


def test_afterwards_the_rest_did_not_come_and_the_figures_say_so(world, make, as_staff):
    recruiter = as_staff("recruiter")
    event = make.event(in_days=SOON, format=Format.hybrid, capacity_in_person=4, capacity_online=4)
    people = [make.member() for _ in range(4)]
    ids = seated(world, event, *people)
    with world.inside():
        seats.take_seat(session().get_one(Member, make.member().id), event.id, Way.online)
    recruiter.post(f"/admin/events/{event.id}/door", deed=f"came:{ids[0]}")
    recruiter.post(f"/admin/events/{event.id}/door/walk-in", address="", name="")
    url = f"/admin/events/{event.id}/guests"
    assert recruiter.post(f"{url}/close", way="in_person").status_code == 422, "it is not over"
    move(world, event, -3)
    page = recruiter.get(url).text
    assert "Nobody else came in person" in page
    assert recruiter.post(f"{url}/close", way="sideways").status_code == 422
    assert "3 people did not come" in recruiter.post(f"{url}/close", follow=True, way="in_person").text
    with world.inside():
        counts = guest_list.counts(event.id)
    assert (counts.came, counts.walk_in, counts.missed, counts.open) == (2, 1, 3, 1)
    assert counts.missed_share == 0.75
    assert "75 %" in recruiter.get(url).text
    recruiter.post(f"{url}/{ids[1]}", attended="yes")
    with world.inside():
        assert guest_list.counts(event.id).missed == 2


def test_the_guest_list_is_narrowed_paged_and_kept_through_a_tap(world, make, as_staff):
    recruiter = as_staff("recruiter")
    event = make.event(in_days=SOON, capacity=2)
    names = ["Ada Stone", "Bo Reed", "Cleo Waits", "Dora Waits"]
    ids = seated(world, event, *(make.member(name) for name in names))
    with world.inside():
        seats.give_up(session().get_one(Member, session().get_one(Rsvp, ids[1]).member_id), event.id)
    url = f"/admin/events/{event.id}/guests"

    def listed(query):
        page = recruiter.get(f"{url}?{query}").text
        return [name for name in names if f"<bdi>{name}</bdi>" in page]

    assert "Ada Stone" in listed("")
    assert listed("standing=cancelled") == ["Bo Reed"]
    assert listed("standing=all&q=waits") == ["Cleo Waits", "Dora Waits"]
    assert listed("standing=waiting")[-1:] == ["Dora Waits"]
    assert listed("q=100%25") == []
    answer = recruiter.post(f"{url}/{ids[0]}?standing=all&q=ada", attended="yes")
    assert answer.location == f"{url}?standing=all&q=ada#guest-{ids[0]}"
    with world.inside():
        rows, cursor = [], None
        while True:
            page = guest_list.page(event.id, Filter(Standing.everybody), cursor)
            rows += [one.name for one in page.rows]
            cursor = page.older
            if cursor is None:
                break
        assert sorted(rows) == names
    text = recruiter.post(f"{url}.csv?standing=cancelled").data.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert [row[0] for row in rows[1:]] == ["Bo Reed"]
    assert rows[0][:7] == ["Name", "Called", "Address", "Answer", "Position", "Asked", "Attended"]
