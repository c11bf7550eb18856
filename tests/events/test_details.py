"""What guests are asked, who sees what they tell, and what is removed when."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events import company, details, seats
from portal.events.details import Details, Need, Question, QuestionKind
from portal.events.models import Answer, Event, EventHost, Format, Part, Rsvp, Way
from portal.members.models import Member
from portal.staff.models import AuditLine


def ask(make, event, words="What do you do?", kind=QuestionKind.text, position=1, **more):
    return make.stored(Question(event_id=event.id, position=position, words=words, kind=kind, **more))


def blank(**fields):
    found = {f"{name}-kind": "text" for name in ("first", "second", "third")}
    return found | {key.replace("__", "-"): value for key, value in fields.items()}


def asked(world, event):
    with world.inside():
        return [
            (one.words, one.kind.value, one.choices, one.is_required) for one in details.questions(event.id)
        ]


def test_staff_write_up_to_three_questions(world, make, as_staff):
    recruiter, event = as_staff("recruiter"), make.event()
    url = f"/admin/events/{event.id}/questions"
    assert "The first" in recruiter.get(url).text
    recruiter.post(
        url,
        **blank(
            first__words="Soup or bread?", first__kind="one", first__options="Soup\n\n Bread \nSoup",
            second__words="What brings you?", second__is_required="y", third__words="  ",
        ),
    )  # fmt: skip
    assert asked(world, event) == [
        ("Soup or bread?", "one", ["Soup", "Bread"], False),
        ("What brings you?", "text", [], True),
    ]
    with world.inside():
        assert "events.questions" in session().scalars(select(AuditLine.action)).all()
    page = recruiter.get(url).text
    assert "What brings you?" in page
    for role in ("teammate", "viewer"):
        assert as_staff(role).get(url).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"first__words": "x" * 141},
        {"first__words": "Which?", "first__kind": "many", "first__options": "Only one"},
        {"first__words": "Which?", "first__kind": "many", "first__options": "\n".join(map(str, range(13)))},
        {"first__words": "Which?", "first__kind": "no such kind"},
    ],
)
def test_a_question_that_cannot_be_asked_is_shown_again(world, make, as_staff, fields):
    recruiter, event = as_staff("recruiter"), make.event()
    answer = recruiter.post(f"/admin/events/{event.id}/questions", **blank(**fields))
    assert answer.status_code == 422
    assert fields["first__words"][:20] in answer.text
    assert asked(world, event) == []


def test_a_question_that_changes_its_words_keeps_its_answers_and_one_that_goes_takes_them(
    world, make, as_staff
):
    recruiter, event, person = as_staff("recruiter"), make.event(), make.member()
    kept, gone = ask(make, event), ask(make, event, "Which?", position=2)
    with world.inside():
        rsvp = seats.take_seat(session().get_one(Member, person.id), event.id)
        details.keep(rsvp, Details({kept.id: "I fish", gone.id: "This"}))
    url = f"/admin/events/{event.id}/questions"
    assert "1 answer" in recruiter.get(url).text
    page = recruiter.post(url, follow=True, **blank(first__words="What is your work?"))
    assert "1 answer" in page.text
    with world.inside():
        assert details.answers_by_rsvp(event.id) == {rsvp.id: {kept.id: "I fish"}}


def test_a_copy_asks_the_same(world, make, as_staff):
    recruiter, event = as_staff("recruiter"), make.event()
    ask(make, event, "Soup?", QuestionKind.many, options="A\nB", is_required=True)
    recruiter.post(f"/admin/events/{event.id}/duplicate")
    with world.inside():
        copy = session().scalars(select(Event.id).order_by(Event.id.desc())).first()
        assert [(one.words, one.choices) for one in details.questions(copy)] == [("Soup?", ["A", "B"])]


def test_a_member_answers_with_the_seat_and_changes_it_later(world, make, member):
    event = make.event(format=Format.hybrid, capacity_in_person=2, capacity_online=2)
    question = ask(make, event, is_required=True)
    page = member.get(f"/events/{event.slug}").text
    assert f'href="/events/{event.slug}/rsvp"' in page, (
        "there is something to ask, so the button leads to a form"
    )
    url, field = f"/events/{event.slug}/rsvp", f"question_{question.id}"
    assert member.post(url, answer="told", way="online").status_code == 422
    assert member.post(url, answer="told", way="online", **{field: "I fish"}).status_code == 302
    with world.inside():
        rsvp = session().scalar(select(Rsvp))
        assert (rsvp.answer, rsvp.way) == (Answer.seat, Way.online)
        assert details.of(rsvp).answers == {question.id: "I fish"}
    assert "I fish" in member.get(url).text
    member.post(url, answer="told", way="in_person", need="A ramp", is_shown="y", **{field: "I knit"})
    with world.inside():
        rsvp = session().scalar(select(Rsvp))
        told = details.of(rsvp)
        assert rsvp.way is Way.in_person
        assert (told.answers, told.is_shown, told.need) == ({question.id: "I knit"}, True, "A ramp")


def test_answers_to_another_events_questions_are_dropped(world, make, member):
    mine, other = make.event(), make.event()
    foreign = ask(make, other)
    member.post(f"/events/{mine.slug}/rsvp", answer="told", **{f"question_{foreign.id}": "x"})
    with world.inside():
        assert details.answers_by_rsvp(other.id) == {}
        assert session().scalar(select(Rsvp.event_id)) == mine.id


def test_who_is_coming_is_off_by_default_and_seen_by_guests_alone(world, make, member, stranger):
    event = make.event()
    shown, hidden = make.member("Shown Sam", call_name="Sam"), make.member("Hidden Hal")
    for person in (shown, hidden):
        browser = world.browser(person)
        browser.post(
            f"/events/{event.slug}/rsvp", answer="told", **({"is_shown": "y"} if person is shown else {})
        )
    url = f"/events/{event.slug}"
    for browser in (stranger, member):
        assert "Who is coming" not in browser.get(url).text
        assert "Sam" not in browser.get(url).text
    member.post(f"{url}/rsvp", answer="yes")
    page = member.get(url).text
    assert "Who is coming" in page
    assert "Sam" in page
    assert "Hidden Hal" not in page
    world.browser(shown).post(f"{url}/rsvp", answer="told")
    assert "Who is coming" not in member.get(url).text


def test_what_somebody_needs_is_seen_by_the_hosts_alone(world, make, as_staff):
    host, helper, other = as_staff("teammate"), as_staff("teammate"), as_staff("teammate")
    event = make.event(host.person)
    make.stored(
        EventHost(event_id=event.id, staff_id=helper.person.id, part=Part.host, position=1),
        EventHost(event_id=event.id, staff_id=other.person.id, part=Part.guest, position=2),
    )
    guest = world.browser(make.member())
    guest.post(f"/events/{event.slug}/rsvp", answer="told", need="A step-free way in")
    url = f"/admin/events/{event.id}/guests"
    for browser in (host, helper):
        assert "A step-free way in" in browser.get(url).text
        assert "A step-free way in" in browser.post(f"{url}.csv").text
    assert other.get(url).status_code == 403
    for role in ("recruiter", "admin"):
        browser = as_staff(role)
        assert "A step-free way in" not in browser.get(url).text
        assert "step-free" not in browser.post(f"{url}.csv").text
        assert "step-free" not in browser.get(f"/admin/members/{guest.person.public_id}").text
    with world.inside():
        lines = session().scalars(select(AuditLine.words)).all()
        assert not any("step-free" in line for line in lines)


def test_needs_are_removed_after_the_event_and_when_somebody_does_not_come(world, make):
    soon, over, off = make.event(), make.event(in_days=-3), make.event(state="cancelled")
    moment = clock.now()
    rows = {}
    for name, event, answer in (
        ("kept", soon, Answer.seat), ("waits", soon, Answer.waiting), ("no", soon, Answer.cancelled),
        ("over", over, Answer.seat), ("off", off, Answer.seat),
    ):  # fmt: skip
        rsvp = make.stored(
            Rsvp(
                event_id=event.id,
                member_id=make.member().id,
                answer=answer,
                asked_at=moment,
                changed_at=moment,
            )
        )
        make.stored(Need(rsvp_id=rsvp.id, text=name, at=moment))
        rows[name] = rsvp.id
    with world.app.app_context():
        assert details.remove_needs() == 3
        assert details.remove_needs() == 0
    with world.inside():
        assert set(session().scalars(select(Need.text))) == {"kept", "waits"}
        session().get_one(Event, soon.id).starts_at = moment - timedelta(days=3)
        session().get_one(Event, soon.id).ends_at = moment - timedelta(hours=23)
    with world.app.app_context():
        assert details.remove_needs() == 0, "a day is left for the host who looks up one last thing"


def test_a_member_takes_along_and_erases_what_they_told(world, make):
    event, person = make.event(), make.member()
    question = ask(make, event)
    browser = world.browser(person)
    browser.post(
        f"/events/{event.slug}/rsvp", answer="told", need="A ramp", **{f"question_{question.id}": "I fish"}
    )
    text = browser.get("/me/data.json").text
    assert "I fish" in text
    assert "A ramp" in text
    browser.post("/me/data/forget", word="forget")
    with world.inside():
        assert session().scalar(select(Need)) is None
        assert details.answers_by_rsvp(event.id) == {}


def test_the_team_stands_there_hosts_first_each_with_their_newest_story(world, make, stranger):
    host, second, guest = (make.staff("teammate", name=name) for name in ("Hana", "Berta", "Cleo"))
    event = make.event(host)
    make.stored(
        EventHost(event_id=event.id, staff_id=second.id, part=Part.host, position=0),
        EventHost(event_id=event.id, staff_id=guest.id, part=Part.guest, position=0),
    )
    make.story(host, title="An old one", published_at=clock.now() - timedelta(days=400))
    make.story(host, title="The newest one")
    make.story(host, title="Not out yet", state="draft", published_at=None)
    with world.inside():
        found = company.team(session().get_one(Event, event.id))
        assert [(one.person.name, one.part) for one in found] == [
            ("Hana", Part.host), ("Berta", Part.host), ("Cleo", Part.guest),
        ]  # fmt: skip
    text = stranger.get(f"/events/{event.slug}").text
    assert "The newest one" in text
    assert "An old one" not in text
    assert "Not out yet" not in text
    assert "Berta" in text


def test_staff_say_who_of_the_team_is_there(world, make, as_staff, stranger):
    recruiter, host = as_staff("recruiter"), make.staff("teammate", name="Hana")
    second, guest = make.staff("teammate", name="Berta"), make.staff("teammate", name="Cleo")
    event = make.event(host)
    url = f"/admin/events/{event.id}/team"
    assert "Berta" in recruiter.get(url).text
    recruiter.post(url, hosts=[second.id], others=[guest.id, second.id])
    with world.inside():
        found = company.team(session().get_one(Event, event.id))
        assert [(one.person.name, one.part) for one in found] == [
            ("Hana", Part.host), ("Berta", Part.host), ("Cleo", Part.guest),
        ]  # fmt: skip
        assert session().get_one(Event, event.id).taken == 0
    assert "Cleo" in stranger.get(f"/events/{event.slug}").text
    assert world.browser(second).get(f"/admin/events/{event.id}/guests").status_code == 200
    assert world.browser(guest).get(f"/admin/events/{event.id}/guests").status_code == 403
    assert recruiter.post(url, hosts=["999"]).status_code == 422
    recruiter.post(url)
    with world.inside():
        assert len(company.team(session().get_one(Event, event.id))) == 1
