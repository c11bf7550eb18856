"""From any mail to a member, two taps change what they hear about."""

import re

from tests.world import World


def test_a_letter_about_a_seat_carries_the_link_to_the_choices_and_no_unsubscribe(world: World) -> None:
    person, event = world.make.member(), world.make.event()
    world.browser(person).post(f"/events/{event.slug}/rsvp", answer="yes")
    letter = world.letters(person.address)[0]
    found = re.search(r"http://portal\.test(/p/[\w-]+)", letter.text)
    assert found
    assert "/u/" not in letter.text
    page = world.browser().get(found[1])
    assert page.status_code == 200
    assert person.name not in page.text


def test_a_sign_in_mail_carries_no_such_link(world: World) -> None:
    person = world.make.member()
    world.browser().post("/sign-in", address=person.address)
    for letter in world.letters(person.address):
        assert "/p/" not in letter.text
