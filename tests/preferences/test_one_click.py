"""One-click unsubscribe, RFC 8058 to the letter: a machine asks, with nothing but the path and the body."""

import pytest
from sqlalchemy import select

from portal.mail.models import Stream, Suppression
from portal.members.models import Member, Status
from portal.preferences import queries
from portal.preferences.models import Cadence, Topic
from tests.preferences.scene import choices, consents, link, mail_to
from tests.world import Browser, World

BODY = "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "none"])
def test_a_mail_program_stops_the_newsletter_with_one_post(world: World, kind: str) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    machine = world.app.test_client(use_cookies=False)
    if kind == "none":
        answer = machine.post(address, data=BODY)
    else:
        answer = machine.post(address, data={"List-Unsubscribe": "One-Click"}, content_type=kind)
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert choices(world, person)[Topic.newsletter] is Cadence.never
    assert choices(world, person)[Topic.events] is Cadence.each, "only the topic of the mail stops"
    (line,) = consents(world, person)
    assert (line.about, line.is_given, line.how) == ("topic:newsletter", False, "one-click")


def test_asking_again_is_answered_the_same_and_writes_nothing_more(world: World) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    machine = world.app.test_client(use_cookies=False)
    answers = [
        machine.post(address, data=BODY, content_type="application/x-www-form-urlencoded") for _ in range(3)
    ]
    assert {one.status_code for one in answers} == {200}
    assert len({one.data for one in answers}) == 1
    assert len(consents(world, person)) == 1


def test_marketing_without_a_topic_stops_everything(world: World) -> None:
    person = world.make.member()
    world.app.test_client().post(link(world, mail_to(world, person, topic="")), data=BODY)
    assert set(choices(world, person).values()) == {Cadence.never}
    with world.inside() as current:
        assert current.get(Member, person.id).status is Status.left


def test_somebody_erased_since_gets_the_same_answer(world: World) -> None:
    answer = world.app.test_client().post(link(world, mail_to(world, None)), data=BODY)
    assert answer.status_code == 200
    with world.inside() as current:
        assert current.scalars(select(Suppression)).all() == [], "nobody is left to stop"


def test_an_address_that_is_no_member_is_never_written_to_again(world: World) -> None:
    message = mail_to(world, None, address="old@example.org", address_key="old@example.org")
    assert world.app.test_client().post(link(world, message), data=BODY).status_code == 200
    with world.inside() as current:
        found = current.scalars(select(Suppression)).one()
        assert (found.address_key, found.stream) == ("old@example.org", Stream.marketing)
    page = world.browser().get(link(world, message))
    assert "This has stopped" in page.text


def test_a_forged_token_is_nothing_and_tells_nothing(world: World) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    other_purpose = link(world, mail_to(world, person, number=2), "preferences").replace("/p/", "/u/")
    machine = world.app.test_client()
    for forged in (
        address[:-1] + ("A" if address[-1] != "A" else "B"),
        "/u/x",
        "/u/" + "A" * 32,
        other_purpose,
    ):
        assert machine.post(forged, data=BODY).status_code == 404
        assert machine.get(forged).status_code == 404
    assert choices(world, person)[Topic.newsletter] is Cadence.quarterly


def test_the_body_cannot_name_somebody_else(world: World) -> None:
    one, other = world.make.member(), world.make.member()
    mine, theirs = link(world, mail_to(world, one)), link(world, mail_to(world, other, number=2))
    token = theirs.removeprefix("/u/")
    world.app.test_client().post(
        f"{mine}?token={token}",
        data={"List-Unsubscribe": "One-Click", "token": token, "member_id": str(other.id)},
    )
    assert choices(world, one)[Topic.newsletter] is Cadence.never
    assert choices(world, other)[Topic.newsletter] is Cadence.quarterly


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=No", "do=leave", "List-Unsubscribe=One-Click-Not"])
def test_a_post_that_does_not_say_one_click_changes_nothing(world: World, body: str) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    kind = "application/x-www-form-urlencoded"
    assert world.app.test_client().post(address, data=body, content_type=kind).status_code == 400
    assert choices(world, person)[Topic.newsletter] is Cadence.quarterly
    assert consents(world, person) == []


def test_a_signed_in_browser_is_treated_like_any_other_machine(world: World) -> None:
    """The cookie of one member must not turn the link of another into theirs."""
    owner, visitor = world.make.member(), world.make.member()
    browser = world.browser(visitor)
    assert (
        browser.post_without_token(
            link(world, mail_to(world, owner)), **{"List-Unsubscribe": "One-Click"}
        ).status_code
        == 200
    )
    assert choices(world, owner)[Topic.newsletter] is Cadence.never
    assert choices(world, visitor)[Topic.newsletter] is Cadence.quarterly


def test_links_of_old_mails_live_on_after_the_key_was_changed(world: World) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    settings = world.app.extensions["portal"]
    rotated = settings.model_copy(
        update={
            "secret_key": type(settings.secret_key)(
                f"a new key that is long enough to sign with,{settings.secret_keys[0]}"
            )
        }
    )
    world.app.extensions["portal"] = rotated
    try:
        assert world.app.test_client().post(address, data=BODY).status_code == 200
    finally:
        world.app.extensions["portal"] = settings
    assert choices(world, person)[Topic.newsletter] is Cadence.never


# --- A person on the page -----------------------------------------------------------------------


def test_opening_the_page_changes_nothing(world: World, stranger: Browser) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    for method in ("GET", "HEAD", "OPTIONS"):
        assert stranger.client.open(address, method=method).status_code == 200
    page = stranger.get(address)
    assert choices(world, person)[Topic.newsletter] is Cadence.quarterly
    assert consents(world, person) == []
    assert person.name not in page.text
    assert person.address not in page.text
    for words in ("Stop this kind of mail", "Write less often", "Pause my mails", "Stop everything"):
        assert words in page.text


def test_a_person_stops_one_topic_and_sees_it(world: World, stranger: Browser) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    page = stranger.post(f"{address}/choose", follow=True, do="stop")
    assert page.status_code == 200
    assert "Quarterly newsletter: stopped" in page.text
    assert "Would you tell us why?" in page.text
    assert choices(world, person)[Topic.newsletter] is Cadence.never
    assert consents(world, person)[0].how == "unsubscribe page"
    stranger.post(
        f"{address}/choose", do="reason", about="newsletter", reason="too_many", text="Once a year is fine."
    )
    with world.inside() as current:
        (reason,) = queries.reasons_of(current.get(Member, person.id))
        assert (reason.about, reason.reason, reason.text) == (
            "newsletter",
            "too_many",
            "Once a year is fine.",
        )


def test_a_person_takes_less_a_pause_or_nothing(world: World, stranger: Browser) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    stranger.post(f"{address}/choose", do="less")
    assert choices(world, person)[Topic.newsletter] is Cadence.yearly
    assert choices(world, person)[Topic.events] is Cadence.monthly
    page = stranger.post(f"{address}/choose", follow=True, do="pause", months="3")
    assert "We are quiet until" in page.text
    page = stranger.post(f"{address}/choose", follow=True, do="leave")
    assert "You get no mail from us" in page.text
    with world.inside() as current:
        assert current.get(Member, person.id).status is Status.left


def test_the_human_door_needs_the_token_of_the_page(world: World, stranger: Browser) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    assert stranger.post_without_token(f"{address}/choose", do="leave").status_code == 400
    assert choices(world, person)[Topic.newsletter] is Cadence.quarterly


def test_a_button_that_is_not_on_the_page_does_nothing(world: World, stranger: Browser) -> None:
    person = world.make.member()
    address = link(world, mail_to(world, person))
    for deed in ("save", "measure", "back", "nonsense", ""):
        assert (
            stranger.post(f"{address}/choose", do=deed, newsletter="never", measuring="yes").status_code
            == 422
        )
    assert consents(world, person) == []


def test_an_old_mailbox_may_stop_things_and_sees_nothing(world: World, stranger: Browser) -> None:
    person = world.make.member()
    message = mail_to(world, person, address="before@example.org", address_key="before@example.org")
    address = link(world, message)
    page = stranger.get(address)
    assert "Last changed" not in page.text
    assert "Write less often" not in page.text
    assert stranger.post(f"{address}/choose", do="pause", months="3").status_code == 422
    page = stranger.post(f"{address}/choose", follow=True, do="stop")
    assert "This has stopped" in page.text
    assert choices(world, person)[Topic.newsletter] is Cadence.never
