"""/me/mail: everything we sent to me, when, and why."""

from typing import Any

from portal.core import clock
from portal.mail.models import Aftermath, Mailing, MailingState, Message, State, Stream
from portal.members.models import Member
from tests.world import Browser, World


def message(world: World, person: Member | None, number: int, **fields: Any) -> Message:
    moment = clock.now()
    values: dict[str, Any] = {
        "letter": "members/welcome",
        "occasion": f"welcome-{number}",
        "member_id": person.id if person else None,
        "address": person.address if person else "",
        "address_key": person.address_key if person else "",
        "stream": Stream.account,
        "lane": 0,
        "state": State.accepted,
        "planned_at": moment,
        "due_at": moment,
        "handed_over_at": moment,
    }
    return world.make.stored(Message(**(values | fields)))


def mailing(world: World, title: str) -> Mailing:
    moment = clock.now()
    return world.make.stored(
        Mailing(
            letter="newsletters/issue",
            about=f"newsletter:{title}",
            title=title,
            stream=Stream.marketing,
            topic="newsletter",
            state=MailingState.finished,
            started_at=moment,
            sender_name="Rae",
            sender_address="talent@example.org",
            reply_to="talent@example.org",
        )
    )


def test_every_mail_stands_there_with_its_reason(world: World, member: Browser) -> None:
    issue = mailing(world, "Autumn on the river")
    message(world, member.person, 1)  # type: ignore[arg-type]
    message(
        world,
        member.person,
        2,
        mailing_id=issue.id,
        occasion=None,
        letter="newsletters/issue",
        stream=Stream.marketing,
        topic="newsletter",
        aftermath=Aftermath.delivered,
    )  # type: ignore[arg-type]
    message(
        world,
        member.person,
        3,
        stream=Stream.marketing,
        state=State.skipped,
        why="paused",
        handed_over_at=None,
    )  # type: ignore[arg-type]
    page = member.get("/me/mail").text
    for words in (
        "Autumn on the river",
        "Delivered",
        "You chose to hear about this.",
        "Not sent",
        "You asked for a pause.",
    ):
        assert words in page


def test_nobody_reads_the_mail_of_others(world: World, member: Browser, stranger: Browser) -> None:
    message(world, world.make.member(), 1, letter="members/only-for-others")
    assert "Only for others" not in member.get("/me/mail").text
    assert "Nothing yet" in member.get("/me/mail").text
    assert stranger.get("/me/mail").status_code == 302
    assert world.browser(world.make.staff("admin")).get("/me/mail").status_code == 403


def test_a_long_list_goes_on_by_key_and_a_made_up_key_begins_again(world: World, member: Browser) -> None:
    for number in range(53):
        message(world, member.person, number, letter=f"members/kind-{number}")  # type: ignore[arg-type]
    first = member.get("/me/mail").text
    assert "Kind 52" in first
    assert "Kind 2<" not in first
    older = first.split('href="/me/mail?before=')[1].split('"')[0]
    second = member.get(f"/me/mail?before={older}").text
    assert "Kind 2<" in second
    assert "Kind 52" not in second
    assert "Kind 52" in member.get("/me/mail?before=made-up").text


def test_the_page_takes_few_statements_whatever_the_amount(world: World, member: Browser) -> None:
    for number in range(20):
        message(world, member.person, number)  # type: ignore[arg-type]
    with world.statements() as seen:
        member.get("/me/mail")
    assert len(seen) <= 6
