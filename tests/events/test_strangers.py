"""A seat without a membership: asked by address and name, confirmed by mail, managed through a sealed link."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, tokens
from portal.core.db import session
from portal.events import asking, seats
from portal.events.asking import RsvpAsk
from portal.events.details import GuestAnswer, Need, Question, QuestionKind
from portal.events.models import Answer, Event, EventGuest, Format, Rsvp, Way
from portal.mail.models import Message, Stream, Suppression
from portal.members.models import Consent, Member, Status
from tests.events.visitors import ask, code, come, confirm_link

ADDRESS = "noor@example.org"


def count(world, table):
    with world.inside():
        return session().scalar(select(func.count()).select_from(table))


def rsvps(world):
    with world.inside():
        rows = session().scalars(select(Rsvp).order_by(Rsvp.id)).all()
        session().expunge_all()
        return rows


def test_an_address_and_a_name_are_enough_for_a_seat(world, make, stranger):
    event = make.event(title="Soup by the river")
    page = stranger.get(f"/events/{event.slug}")
    assert f'href="/events/{event.slug}/rsvp"' in page.text
    form = stranger.get(f"/events/{event.slug}/rsvp").text
    assert "Your mail address" in form
    assert 'name="joins"' in form
    assert "checked" not in form, "nothing is ticked for anybody"
    assert ask(world, stranger, event.slug, ADDRESS).location == "/seat/check-your-mail"
    assert (count(world, Rsvp), count(world, EventGuest), count(world, Member)) == (0, 0, 0)
    [mail] = world.letters(ADDRESS)
    assert "Soup by the river" in mail.subject
    assert "Noor Guest" not in mail.text + mail.html, "nothing that was typed stands in it"
    link = confirm_link(world, ADDRESS)
    assert "n...@example.org" in stranger.get(link).text
    assert count(world, Rsvp) == 0, "looking changes nothing"
    mine = stranger.post(link).location
    [rsvp] = rsvps(world)
    assert (rsvp.answer, rsvp.member_id) == (Answer.seat, None)
    assert "You have a seat" in stranger.get(mine).text
    assert count(world, Member) == 0, "coming is not joining"
    assert count(world, RsvpAsk) == 0, "what was typed is gone once it is done"
    assert "You have a seat" in world.letters(ADDRESS)[0].subject
    assert stranger.get(link).status_code == 410
    assert stranger.post(link).status_code == 410


def test_six_digits_do_the_same_and_five_wrong_ones_end_it(world, make, stranger):
    event = make.event()
    ask(world, stranger, event.slug, ADDRESS)
    right = code(world, ADDRESS)
    wrong = "000000" if right != "000000" else "111111"
    assert stranger.post("/seat/check-your-mail", code="12").status_code == 422
    page = stranger.post("/seat/check-your-mail", follow=True, code=wrong)
    assert "not the code" in page.text
    assert stranger.post("/seat/check-your-mail", code=right).location.startswith("/seat/")
    assert len(rsvps(world)) == 1
    ask(world, stranger, event.slug, "mo@example.org")
    right = code(world, "mo@example.org")
    for _ in range(5):
        stranger.post("/seat/check-your-mail", code=wrong)
    stranger.post("/seat/check-your-mail", code=right)
    assert len(rsvps(world)) == 1


def test_another_browser_needs_the_digits(world, make, stranger):
    event = make.event()
    ask(world, stranger, event.slug, ADDRESS)
    link, right, other = confirm_link(world, ADDRESS), code(world, ADDRESS), world.browser()
    assert "another browser" in other.get(link).text
    assert other.post(link).status_code == 422
    assert rsvps(world) == []
    assert other.post(link, code=right).status_code == 302
    assert len(rsvps(world)) == 1


@pytest.mark.parametrize("ticked", [False, True])
def test_joining_is_a_separate_yes(world, make, stranger, ticked):
    event = make.event()
    mine = come(world, stranger, event.slug, ADDRESS, **({"joins": "y"} if ticked else {}))
    with world.inside():
        person = session().scalar(select(Member))
        lines = session().scalars(select(Consent).order_by(Consent.id)).all()
        if not ticked:
            assert person is None
            assert lines == []
            return
        assert (person.status, person.name) == (Status.active, "Noor Guest")
        assert [(line.about, line.how) for line in lines][:2] == [
            ("network", "event form"),
            ("network", "mail link"),
        ]
        assert lines[0].text_version
        assert session().scalar(select(Rsvp)).member_id == person.id
    assert "You have a seat" in stranger.get(mine).text


def test_a_box_that_was_ticked_under_other_words_is_read_again(world, make, stranger):
    event = make.event()
    answer = ask(world, stranger, event.slug, ADDRESS, joins="y", shown="made up")
    assert answer.status_code == 422
    assert "press the button once more" in answer.text
    assert "Noor Guest" in answer.text


@pytest.mark.parametrize("who", ["unknown", "active", "left", "asked", "guest", "seated", "suppressed"])
def test_the_page_never_says_whether_an_address_is_known(world, make, who):
    event = make.event(slug="tea", title="Tea")
    if who in {"active", "left", "asked", "seated"}:
        status = Status.active if who == "seated" else Status[who]
        person = make.member(address=ADDRESS, status=status)
        if who == "seated":
            with world.inside():
                seats.take_seat(session().get_one(Member, person.id), event.id)
    elif who == "guest":
        come(world, world.browser(), event.slug, ADDRESS)
    elif who == "suppressed":
        make.stored(Suppression(address_key=ADDRESS, stream=Stream.event, reason="bounce", at=clock.now()))
    browser = world.browser()
    with world.statements() as seen:
        answer = ask(world, browser, event.slug, ADDRESS)
    page = browser.get(answer.location)
    plain = re.sub(r'value="[^"]{20,}"', "", page.text)
    assert (answer.status_code, answer.location) == (302, "/seat/check-your-mail")
    assert "already" not in plain
    known = world.app.extensions.setdefault("same_answer", {})
    shape = ([one.split()[0] for one in seen], plain)
    if who == "unknown":
        known[world.settings.database_url.get_secret_value()] = shape
    assert known.get(world.settings.database_url.get_secret_value(), shape) == shape


def test_a_member_who_is_not_signed_in_gets_their_own_seat(world, make, stranger):
    event, person = make.event(), make.member("Ada Stone", ADDRESS)
    come(world, stranger, event.slug, ADDRESS, name="Somebody Else")
    [rsvp] = rsvps(world)
    assert rsvp.member_id == person.id
    with world.inside():
        assert session().get_one(Member, person.id).name == "Ada Stone", "typed words change nobody"
        assert count_of(EventGuest) == 0


def count_of(table):
    return session().scalar(select(func.count()).select_from(table))


def test_asking_twice_is_one_seat_and_the_newest_words_count(world, make, stranger):
    event = make.event()
    ask(world, stranger, event.slug, ADDRESS, name="First")
    first = confirm_link(world, ADDRESS)
    ask(world, stranger, event.slug, "Noor@Example.org", name="Second")
    assert stranger.get(first).status_code == 404, "the newer mail replaces the older"
    stranger.post(confirm_link(world, "Noor@example.org"))
    come(world, stranger, event.slug, ADDRESS, name="Third")
    [rsvp] = rsvps(world)
    with world.inside():
        assert session().get_one(EventGuest, rsvp.guest_id).name == "Second"
        assert session().get_one(Event, event.id).taken == 1


def test_a_mailbox_is_not_bombed_and_the_answer_stays_the_same(world, make):
    events = [make.event() for _ in range(2)]
    limit = world.settings.mailbox_hourly_limit
    for number in range(limit + 4):
        browser = world.browser()
        tagged = f"noor+{number}@example.org"
        answer = ask(world, browser, events[number % 2].slug, tagged)
        assert answer.location == "/seat/check-your-mail"
        browser.post("/seat/check-your-mail/again")
    assert 0 < len(world.letters()) <= limit


def test_a_filled_trap_and_a_hasty_program_get_no_mail(world, make, stranger):
    event = make.event()
    ask(world, stranger, event.slug, ADDRESS, nickname_of_gate="x")
    assert world.letters(ADDRESS) == []
    with world.inside():
        stamp = tokens.sign("form", [int(clock.now().timestamp() * 10), "2026-11"])
    answer = ask(world, stranger, event.slug, ADDRESS, shown=stamp)
    assert answer.status_code == 422
    assert world.letters(ADDRESS) == []


def test_a_form_with_mistakes_keeps_what_was_typed(world, make, stranger):
    event = make.event(format=Format.hybrid, capacity_online=5)
    question = make.stored(
        Question(event_id=event.id, position=1, words="Soup or bread?", kind=QuestionKind.one,
                 options="Soup\nBread", is_required=True)
    )  # fmt: skip
    answer = ask(
        world,
        stranger,
        event.slug,
        "no address",
        name="Zoë",
        need="A ramp",
        **{f"question_{question.id}": "Cake"},
    )
    assert answer.status_code == 422
    for words in ("Zoë", "A ramp", "Please choose one of these.", "Please choose how you will come."):
        assert words in answer.text
    assert count(world, RsvpAsk) == 0


def test_a_tagged_link_is_remembered(world, make, stranger):
    event = make.event()
    page = stranger.get(f"/events/{event.slug}?from=Meetup-Lisbon<script>").text
    assert f"/events/{event.slug}/rsvp?from=meetup-lisbonscript" in page
    assert 'value="meetup-lisbon"' in stranger.get(f"/events/{event.slug}/rsvp?from=meetup-lisbon").text
    come(world, stranger, event.slug, ADDRESS, source="meetup-lisbon")
    assert rsvps(world)[0].source == "meetup-lisbon"


def test_a_full_event_means_the_waitlist_also_for_a_guest(world, make, stranger):
    event = make.event(capacity=1)
    with world.inside():
        seats.take_seat(session().get_one(Member, make.member().id), event.id)
    mine = come(world, stranger, event.slug, ADDRESS)
    assert "You are number 1 in the waitlist" in stranger.get(mine).text
    stranger.post(mine, answer="no")
    assert "You are not coming" in stranger.get(mine).text


def test_a_guest_gives_back_comes_again_and_switches(world, make, stranger):
    event = make.event(format=Format.hybrid, capacity_in_person=1, capacity_online=1)
    mine = come(world, stranger, event.slug, ADDRESS, way="in_person")
    for _ in range(2):
        assert stranger.get(mine).status_code == 200
        assert rsvps(world)[0].answer is Answer.seat, "looking changes nothing"
    assert "Come online instead" in stranger.get(mine).text
    stranger.post(mine, answer="switch", way="online")
    assert rsvps(world)[0].way is Way.online
    assert "/way-in/" in stranger.get(mine).text
    stranger.post(mine, answer="no")
    assert rsvps(world)[0].answer is Answer.cancelled
    stranger.post(mine, answer="yes")
    assert rsvps(world)[0].answer is Answer.seat
    assert stranger.post(mine, answer="perhaps").status_code == 422
    assert stranger.post_without_token(mine, answer="no").status_code == 400
    assert rsvps(world)[0].answer is Answer.seat


def test_a_link_opens_one_answer_and_nothing_else(world, make, stranger):
    event = make.event()
    mine = come(world, stranger, event.slug, ADDRESS)
    token = mine.rpartition("/")[2]
    for wrong in (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "x", "A" * 32, ""):
        assert stranger.get(f"/seat/{wrong}").status_code in {404, 410}
    with world.inside():
        other = tokens.seal("preferences", rsvps_id())
    assert stranger.get(f"/seat/{other}").status_code == 410
    assert ADDRESS not in stranger.get(mine).text, "no address stands on the page"


def rsvps_id():
    return session().scalar(select(Rsvp.id))


def test_an_offer_is_taken_or_declined_by_a_button(world, make, stranger):
    event = make.event(capacity=1, in_days=30)
    holder = make.member()
    with world.inside():
        seats.take_seat(session().get_one(Member, holder.id), event.id)
    mine = come(world, stranger, event.slug, ADDRESS)
    with world.inside():
        seats.give_up(session().get_one(Member, holder.id), event.id)
    page = stranger.get(mine).text
    assert "A seat is held for you" in page
    assert re.search(r"\d+ hours from now", page)
    stranger.post(mine, answer="accept")
    assert rsvps(world)[1].answer is Answer.seat


def test_what_a_guest_tells_is_kept_changed_and_gone_with_them(world, make, stranger):
    event = make.event()
    one = make.stored(
        Question(event_id=event.id, position=1, words="What do you do?", kind=QuestionKind.text)
    )
    many = make.stored(
        Question(event_id=event.id, position=2, words="Which?", kind=QuestionKind.many, options="A\nB\nC")
    )
    mine = come(
        world, stranger, event.slug, ADDRESS, need="A ramp", is_shown="y",
        **{f"question_{one.id}": "I fish", f"question_{many.id}": ["A", "C"]},
    )  # fmt: skip
    with world.inside():
        answers = dict(session().execute(select(GuestAnswer.question_id, GuestAnswer.text)).all())
        assert answers == {one.id: "I fish", many.id: "A\nC"}
        assert session().scalar(select(Need.text)) == "A ramp"
        assert session().scalar(select(Rsvp.is_shown)) is True
    assert "I fish" in stranger.get(mine).text
    stranger.post(f"{mine}/details", need="", **{f"question_{one.id}": "I knit"})
    with world.inside():
        assert session().scalars(select(GuestAnswer.text)).all() == ["I knit"]
        assert session().scalar(select(Need)) is None
        assert session().scalar(select(Rsvp.is_shown)) is False
    assert stranger.post(f"{mine}/details", **{f"question_{many.id}": "Z"}).status_code == 422
    page = stranger.post(f"{mine}/forget")
    assert "You are forgotten" in page.text
    assert (count(world, EventGuest), count(world, Rsvp), count(world, GuestAnswer)) == (0, 0, 0)
    with world.inside():
        assert session().scalars(select(Message.id).where(Message.address_key == ADDRESS)).all() == []
        assert session().get_one(Event, event.id).taken == 0
    assert stranger.get(mine).status_code == 410


def test_who_joins_later_keeps_the_seat_they_have_as_a_guest(world, make, stranger):
    event = make.event()
    come(world, stranger, event.slug, ADDRESS)
    other = make.event()
    come(world, stranger, other.slug, ADDRESS, joins="y")
    with world.inside():
        person = session().scalar(select(Member))
        assert set(session().scalars(select(Rsvp.member_id)).all()) == {person.id}
        assert count_of(EventGuest) == 0


def test_what_nobody_confirmed_is_removed(world, make, stranger):
    event = make.event()
    ask(world, stranger, event.slug, ADDRESS)
    with world.inside():
        session().scalar(select(RsvpAsk)).asked_at = clock.now() - timedelta(days=8)
    with world.app.app_context():
        assert asking.remove_unconfirmed() == 1
    assert count(world, RsvpAsk) == 0


@pytest.mark.parametrize("fields", [{"state": "cancelled"}, {"in_days": -1}])
def test_a_closed_event_asks_nobody(world, make, stranger, fields):
    event = make.event(**fields)
    assert stranger.get(f"/events/{event.slug}/rsvp").status_code == 302
    ask(world, stranger, event.slug, ADDRESS)
    assert world.letters(ADDRESS) == []


def test_an_event_called_off_meanwhile_gives_no_seat(world, make, stranger):
    event = make.event()
    ask(world, stranger, event.slug, ADDRESS)
    link = confirm_link(world, ADDRESS)
    with world.inside():
        session().get_one(Event, event.id).state = "cancelled"
    assert stranger.get(link).status_code == 410
    stranger.post(link)
    assert rsvps(world) == []


def test_hostile_words_stay_words(world, make, stranger, as_staff):
    hostile = "<script>alert(1)</script>{{7*7}}\u202e\r\nBcc: x@example.org"
    event = make.event()
    mine = come(world, stranger, event.slug, ADDRESS, name=hostile, need=hostile, source=hostile)
    for text in (stranger.get(mine).text, as_staff("recruiter").get(f"/admin/events/{event.id}/guests").text):
        assert "<script>alert" not in text
        assert ">49<" not in text
    for letter in world.letters(ADDRESS):
        assert "<script>alert" not in letter.html
        assert "\n" not in str(letter.subject)
        assert "Bcc" not in letter.headers
