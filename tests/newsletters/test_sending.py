"""A whole send, through the outbox: everybody who is meant exactly once, with their own name and their own links."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal.core import clock, tokens
from portal.core.db import session
from portal.mail import actions as mail
from portal.mail import queries as ledger
from portal.mail.models import Mailing, MailingState, Message, State, Stream, Variant
from portal.members.models import Member
from portal.newsletters import queries
from portal.newsletters.models import AudienceSegment, Newsletter
from portal.preferences.models import Cadence, Topic, TopicChoice
from portal.segments.models import Segment
from tests.newsletters.conftest import Desk

HOSTILE_NAMES = [
    "%%unsubscribe_url%%",
    "{{ 7*7 }}",
    "<b>Robert</b> & \"Co\" 'x'",
    "نور الدين",
    "山田 花子",
    "-name- ${x} #{y} {0.__class__}",
    "%%percents%%name%%",
    "Semi; Colon, Comma",
]
LINKS = re.compile(r"http://portal\.test/([up])/([A-Za-z0-9_-]{32})")


def mailing_of(desk: Desk) -> Mailing:
    with desk.world.inside():
        newsletter = queries.by_id(desk.issue.id)
        assert newsletter is not None
        found = queries.mailing(newsletter)
        assert found is not None
        return found


def balance_of(desk: Desk) -> ledger.Balance:
    with desk.world.inside():
        newsletter = queries.by_id(desk.issue.id)
        assert newsletter is not None
        mailing = queries.mailing(newsletter)
        assert mailing is not None
        return ledger.balance(mailing)


def letters(desk: Desk) -> list[Any]:
    return [one for one in desk.world.letters() if "What ice does" in one.subject]


def test_everybody_gets_one_letter_with_their_own_words_and_links(desk: Desk) -> None:
    people = [
        desk.make.member(name, interests=(desk.interests["build"], desk.interests["read"]))
        for name in HOSTILE_NAMES
    ]
    people.append(desk.make.member("Plain Name"))
    story = desk.make.story(title="A %%name%% & {{ name }} story <i>")
    event, role = desk.make.event(title="Boat day"), desk.make.role(title="Welder")
    desk.block("text", 2, text="For those who build", segment_id=desk.builders.id)
    desk.block("story", 3, story_id=story.id)
    desk.block("event", 4, event_id=event.id, segment_id=desk.readers.id)
    desk.block("role", 5, role_id=role.id)
    desk.block("button", 6, text="See it, {{ name }}", url="/events")
    page = desk.browser.get(f"{desk.url}/confirmation")
    assert page.status_code == 200
    assert "In “Build” and “Read”" in page.text
    assert desk.send(len(people), follow=True).status_code == 200
    sent = letters(desk)
    assert sorted(one.address for one in sent) == sorted(person.address for person in people)
    by_address = {person.address: person for person in people}
    for one in sent:
        person = by_address[one.address]
        assert one.subject == f"What ice does, {person.name}"
        assert f"Hello {person.name}," in one.text
        assert "We are 100%% sure. %%name%% stays." in " ".join(one.text.split())
        assert "A %%name%% & {{ name }} story <i>" in one.text
        assert "<b>Robert" not in one.html
        assert "story <i>" not in one.html
        assert ("For those who build" in one.text) == (person.name != "Plain Name")
        assert ("Boat day" in one.text) == (person.name != "Plain Name")
        assert "Welder" in one.text
        assert "You get this because you chose our quarterly newsletter" in " ".join(one.text.split())
        belongs_to(desk, one, person)
    balance = balance_of(desk)
    assert balance.adds_up
    assert balance.is_finished
    assert (balance.intended, balance.accepted) == (len(people), len(people))
    with desk.world.inside():
        assert session().scalar(select(func.count()).select_from(Variant)) == 2


def belongs_to(desk: Desk, letter: Any, person: Member) -> None:
    """Every personal link in the letter, its text, HTML and headers, names the message of that person."""
    parts = [letter.text, letter.html, str(letter.headers)]
    with desk.world.inside():
        for part in parts:
            found = LINKS.findall(part)
            assert found
            for kind, token in found:
                message_id = tokens.unseal("unsubscribe" if kind == "u" else "preferences", token)
                message = session().get(Message, message_id)
                assert message is not None
                assert message.member_id == person.id


def test_somebody_without_a_name_is_greeted_without_a_gap(desk: Desk) -> None:
    nameless = desk.make.member("x", call_name="")
    named = desk.make.member("Named", call_name="Nam")
    with desk.world.inside():
        session().execute(update(Member).where(Member.id == nameless.id).values(name=""))
    desk.send(2)
    by_address = {one.address: one for one in letters(desk)}
    assert "Hello there," in by_address[nameless.address].text
    assert by_address[nameless.address].subject == "What ice does, you"
    assert "Hello Nam," in by_address[named.address].text


def test_overlapping_segments_mean_one_mail_and_excluded_people_none(desk: Desk) -> None:
    build, read = desk.interests["build"], desk.interests["read"]
    both, one = desk.make.member(interests=(build, read)), desk.make.member(interests=(build,))
    out, other = desk.make.member(interests=(read,)), desk.make.member()
    moment = clock.now()
    quiet = desk.make.stored(
        Segment(slug="q", name="Quiet", rule={"all": [{"is": "interest", "any_of": ["read"]},
                {"is": "interest", "none_of": ["build"]}]}, created_at=moment, changed_at=moment)
    )  # fmt: skip
    for segment, is_excluded in ((desk.builders, False), (desk.readers, False), (quiet, True)):
        desk.make.stored(
            AudienceSegment(newsletter_id=desk.issue.id, segment_id=segment.id, is_excluded=is_excluded)
        )
    desk.send(2)
    assert sorted(one.address for one in letters(desk)) == sorted([both.address, one.address])
    assert {out.address, other.address}.isdisjoint({one.address for one in letters(desk)})


def test_only_those_who_chose_it_and_are_not_held_back_get_it(desk: Desk) -> None:
    fine = desk.make.member()
    desk.make.member(topics={})
    desk.make.member(topics={Topic.newsletter: Cadence.never})
    desk.make.member(paused_until=clock.now() + timedelta(days=3))
    gone = desk.make.member()
    with desk.world.inside():
        mail.suppress(gone.address_key, Stream.marketing, "bounced")
    page = desk.browser.get(f"{desk.url}/confirmation").text
    assert "They asked for a pause" in page
    assert "The address bounced" in page
    assert "not meant for them" in page
    desk.send(1)
    assert [one.address for one in letters(desk)] == [fine.address]
    balance = balance_of(desk)
    assert (balance.intended, balance.accepted, balance.skipped) == (3, 1, 2)
    assert balance.adds_up


def test_who_leaves_between_planning_and_claim_is_skipped(desk: Desk) -> None:
    stays, leaves = desk.make.member(), desk.make.member()
    desk.send(2)
    with desk.world.inside():
        session().execute(
            update(TopicChoice).where(TopicChoice.member_id == leaves.id).values(cadence=Cadence.never)
        )
    assert [one.address for one in letters(desk)] == [stays.address]
    balance = balance_of(desk)
    assert balance.skipped_by_reason == {"not_chosen": 1}
    assert balance.adds_up
    assert "They did not choose this kind of mail" in desk.browser.get(f"{desk.url}/sending").text


def test_who_joins_after_the_start_is_not_added(desk: Desk) -> None:
    desk.make.member()
    desk.send(1)
    desk.make.member()
    assert len(letters(desk)) == 1


def test_the_second_press_is_led_to_the_running_one(desk: Desk) -> None:
    desk.make.member()
    first, second = desk.send(1), desk.send(1)
    assert first.location == second.location == f"{desk.url}/sending"
    another = desk.world.browser(desk.make.staff("admin"))
    assert another.post(f"{desk.url}/confirmation", number="1").location == f"{desk.url}/sending"
    assert len(letters(desk)) == 1
    with desk.world.inside():
        assert session().scalar(select(func.count()).select_from(Mailing)) == 1


def test_many_presses_at_once_start_one_mailing(desk: Desk) -> None:
    for _ in range(3):
        desk.make.member()
    browsers = [desk.world.browser(desk.sender) for _ in range(8)]
    answers: list[int] = []

    def press(browser: Any) -> None:
        answers.append(browser.post(f"{desk.url}/confirmation", number="3").status_code)

    threads = [threading.Thread(target=press, args=(one,)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 8
    assert len(letters(desk)) == 3
    with desk.world.inside():
        assert session().scalar(select(func.count()).select_from(Mailing)) == 1


@pytest.mark.parametrize("typed", ["", "0", "2", "1000", "one", "1e0", "-1", "１", "9" * 40, "<b>", "1;2"])
def test_any_other_number_starts_nothing(desk: Desk, typed: str) -> None:
    desk.make.member()
    assert desk.send(typed).status_code == 422
    with desk.world.inside():
        assert session().scalar(select(func.count()).select_from(Mailing)) == 0
        assert session().scalar(select(func.count()).select_from(Message)) == 0


def test_when_the_number_changed_meanwhile_it_says_so(desk: Desk) -> None:
    desk.make.member()
    assert 'name="shown" value="1"' in desk.browser.get(f"{desk.url}/confirmation").text
    desk.make.member()
    page = desk.send(1, shown="1")
    assert page.status_code == 422
    assert "the number changed from 1 to 2" in page.text
    assert 'name="shown" value="2"' in page.text
    assert desk.send("2", shown="2").status_code == 302


def test_an_empty_audience_is_not_started(desk: Desk) -> None:
    page = desk.browser.get(f"{desk.url}/confirmation")
    assert "Nobody would get it now" in page.text
    assert desk.send(0).status_code == 422
    desk.make.member(paused_until=clock.now() + timedelta(days=3))
    assert desk.send(0).status_code == 422
    with desk.world.inside():
        assert session().scalar(select(func.count()).select_from(Mailing)) == 0


def test_pause_go_on_and_cancel(desk: Desk) -> None:
    people = [desk.make.member() for _ in range(3)]
    desk.send(3)
    url = f"/admin/mailings/{mailing_of(desk).id}"
    assert desk.browser.post(f"{url}/pause").status_code == 302
    assert letters(desk) == []
    page = desk.browser.get(f"{desk.url}/sending").text
    assert "3 people wait" in page
    assert "Go on" in page
    desk.browser.post(f"{url}/resume")
    desk.browser.post(f"{url}/pause")
    desk.browser.post(f"{url}/resume")
    assert len(letters(desk)) == len(people)
    assert mailing_of(desk).state is MailingState.finished
    assert "It was over already" in desk.browser.post(f"{url}/cancellation", follow=True).text


def test_a_cancelled_mailing_hands_over_nothing_more_and_stays_out_of_the_archive(desk: Desk) -> None:
    desk.make.member()
    desk.send(1)
    desk.browser.post(f"/admin/mailings/{mailing_of(desk).id}/cancellation")
    assert letters(desk) == []
    balance = balance_of(desk)
    assert balance.skipped_by_reason == {"cancelled": 1}
    assert balance.adds_up
    assert desk.world.browser().get("/newsletters/winter-2027").status_code == 404


def test_the_words_are_frozen_when_it_starts(desk: Desk) -> None:
    desk.make.member()
    story = desk.make.story(title="Before")
    desk.block("story", 2, story_id=story.id)
    desk.send(1)
    with desk.world.inside() as current:
        found = current.get(Newsletter, desk.issue.id)
        found.subject = "Changed behind our back"
        current.merge(story).title = "After"
    for url in (desk.url, f"{desk.url}/audience", f"{desk.url}/removal", f"{desk.url}/blocks/1/removal"):
        assert desk.browser.post(url, title="New", quarter="1", year="2027", sender_id="1").status_code in {
            302,
            409,
            422,
        }
    [letter] = letters(desk)
    assert "Before" in letter.text
    assert "After" not in letter.text


def test_a_mailing_that_cannot_be_known_is_not_called_done(desk: Desk) -> None:
    desk.make.member()
    desk.send(1)
    with desk.world.inside():
        session().execute(update(Message).values(state=State.unknown, why="timeout"))
        session().execute(update(Mailing).values(state=MailingState.finished, finished_at=clock.now()))
    page = desk.browser.get(f"{desk.url}/sending").text
    assert "Done, with open questions" in page
    assert "It adds up" in page


def test_a_test_goes_to_oneself_is_marked_and_counted_nowhere(desk: Desk) -> None:
    ada = desk.make.member("Ada <b>", interests=(desk.interests["build"],))
    desk.block("text", 2, text="For those who build", segment_id=desk.builders.id)
    desk.browser.post(f"{desk.url}/test", **{"as": ada.public_id})
    [letter] = desk.world.letters()
    assert letter.address == "ines@example.org"
    assert letter.subject == "TEST: What ice does, Ada <b>"
    assert "Hello Ada <b>," in letter.text
    assert "For those who build" in letter.text
    assert "%%name%% stays" in letter.text
    assert "/u/" not in letter.text + letter.html + str(letter.headers)
    with desk.world.inside():
        assert session().scalar(select(func.count()).select_from(Mailing)) == 0
        found = session().get(Newsletter, desk.issue.id)
        assert found is not None
        assert found.is_draft


def test_planning_takes_few_statements_whatever_the_number(desk: Desk) -> None:
    desk.block("text", 2, text="For those who build", segment_id=desk.builders.id)

    def statements(people: int) -> int:
        for _ in range(people):
            desk.make.member(interests=(desk.interests["build"],))
        with desk.world.statements() as seen:
            assert desk.browser.get(f"{desk.url}/confirmation").status_code == 200
        return len(seen)

    assert statements(2) == statements(12)
