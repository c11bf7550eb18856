"""Single letters: planned with the deed, handed over once, and what each answer of the provider means."""

import contextlib
import signal
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.core import clock, tokens
from portal.core.addresses import parse
from portal.mail import actions, letters
from portal.mail.models import IN_DOUBT, Message, State, Stream
from portal.members import actions as members
from portal.members.models import Member
from tests.mail.post_room import PostRoom, another_process, ended, later


def test_a_letter_is_planned_with_the_deed_and_leaves_after_it_is_stored(post_room: PostRoom) -> None:
    person = post_room.make.member()
    with post_room.world.inside():
        actions.post("members/welcome", parse(person.address), "once", member_id=person.id)
        assert post_room.world.asked == []
    assert post_room.states() == {"planned": 1}
    assert post_room.world.asked == [("mail.hand_over_letters", ())]
    assert post_room.provider.addresses() == []
    post_room.world.run_jobs()
    assert post_room.states() == {"accepted": 1}
    assert post_room.provider.addresses() == [person.address]


def test_what_was_rolled_back_is_not_mailed(post_room: PostRoom) -> None:
    person = post_room.make.member()
    with pytest.raises(RuntimeError), post_room.world.inside():
        actions.post("members/welcome", parse(person.address), "once", member_id=person.id)
        raise RuntimeError
    assert post_room.rows() == []
    assert post_room.world.asked == []


def test_asked_twice_is_one_letter(post_room: PostRoom) -> None:
    person = post_room.make.member()
    assert [post_room.letter(person) for _ in range(3)] == [True, False, False]
    assert post_room.letter(person, "another") is True
    post_room.world.run_jobs()
    assert post_room.letter(person) is False, "also after it has left"
    assert len(post_room.provider.addresses()) == 2


def test_an_accepted_letter_keeps_who_took_it_and_when(post_room: PostRoom) -> None:
    post_room.letter(post_room.make.member())
    post_room.hand_over()
    row, [seen] = post_room.only(), post_room.provider.accepted()
    assert (row.state.value, row.provider_id, row.why, row.attempt) == ("accepted", seen["request"], "", 1)
    assert row.handed_over_at is not None
    assert (row.line, row.lease_until) == (None, None)
    with post_room.world.inside():
        assert tokens.unseal("message", seen["message"]) == row.id
    assert seen["category"] == ["account"]


def test_a_refused_letter_fails_for_good(post_room: PostRoom) -> None:
    person = post_room.make.member()
    post_room.letter(person)
    post_room.provider.misbehave("400_field", address=person.address)
    post_room.hand_over()
    row = post_room.only()
    assert (row.state.value, row.line) == ("failed", None)
    assert "valid address" in row.why
    with later(days=1):
        assert post_room.hand_over() == 0


@pytest.mark.parametrize("mode", ["401", "403", "429"])
def test_what_was_certainly_not_accepted_is_tried_again_later(post_room: PostRoom, mode: str) -> None:
    post_room.letter(post_room.make.member())
    post_room.provider.misbehave(mode, times=1)
    post_room.hand_over()
    row = post_room.only()
    assert (row.state.value, row.line) == ("planned", 0)
    assert row.due_at > clock.now()
    assert post_room.hand_over() == 0, "it is not due yet"
    with later(minutes=2):
        assert post_room.hand_over() == 1
    assert post_room.states() == {"accepted": 1}
    assert len(post_room.provider.addresses()) == 1


def test_an_unreachable_provider_is_tried_more_and_more_rarely_and_then_given_up(post_room: PostRoom) -> None:
    post_room.letter(post_room.make.member())
    post_room.provider.stop()
    try:
        waits = []
        for minutes in (0, 12, 24, 36, 48, 60, 72):
            with later(minutes=minutes):
                assert post_room.hand_over() == 1
                waits.append((post_room.only().due_at - clock.now()).total_seconds())
        assert waits[-1] > 300
        assert waits[-1] > waits[2]
        assert max(waits) <= 601
        with later(days=3, minutes=1):
            post_room.hand_over()
        assert post_room.states() == {"failed": 1}
    finally:
        post_room.provider.start()


@pytest.mark.parametrize(
    ("mode", "accepted"),
    [
        ("202_cut_body", 1),
        ("record_then_rst", 1),
        ("garbage", 1),
        ("500", 0),
        ("502", 0),
        ("close_before_read", 0),
    ],
)
def test_what_cannot_be_known_is_never_sent_again(post_room: PostRoom, mode: str, accepted: int) -> None:
    post_room.letter(post_room.make.member())
    post_room.provider.misbehave(mode, times=1)
    post_room.hand_over()
    assert post_room.states() == {"unknown": 1}
    assert post_room.only().why
    with later(days=2):
        post_room.do("mail.sweep")
        post_room.world.run_jobs()
    assert post_room.states() == {"unknown": 1}
    assert len(post_room.provider.addresses()) == accepted


KILLED = """
from portal.mail import hand_over
real = app.extensions["portal_transport"]
class Dies:
    capacity = 1000
    def send(self, batch, *rest):
        if sys.argv[1] == "after":
            real.send(batch, *rest)
        os.kill(os.getpid(), signal.SIGKILL)
app.extensions["portal_transport"] = Dies()
with app.app_context():
    hand_over.hand_over_letters()
"""


@pytest.mark.parametrize(("moment", "accepted"), [("before", 0), ("after", 1)])
def test_a_worker_killed_around_the_request_leaves_an_open_question(
    post_room: PostRoom, moment: str, accepted: int
) -> None:
    post_room.letter(post_room.make.member())
    code, _ = ended(another_process(post_room.world, post_room.provider, KILLED, moment))
    assert code == -signal.SIGKILL
    row = post_room.only()
    assert (row.state.value, row.attempt) == ("claimed", 1), "the claim was stored before the request"
    assert row.lease_until is not None
    post_room.do("mail.sweep")
    assert post_room.states() == {"claimed": 1}, "the worker may still be at it"
    with later(minutes=11):
        assert post_room.do("mail.sweep") == 1
        post_room.world.run_jobs()
    assert post_room.states() == {"unknown": 1}
    assert post_room.only().line == IN_DOUBT, "it waits for a person to settle it"
    assert len(post_room.provider.addresses()) == accepted


def test_a_lost_job_is_found_again(post_room: PostRoom) -> None:
    post_room.letter(post_room.make.member())
    post_room.world.asked.clear()
    post_room.do("mail.sweep")
    post_room.world.run_jobs()
    assert post_room.states() == {"accepted": 1}


def test_a_worker_that_was_held_up_does_not_post_with_an_old_claim(post_room: PostRoom) -> None:
    person = post_room.make.member()
    post_room.letter(person)
    kind = letters.kind("members/welcome")

    def slowly(message: object) -> letters.Letter:
        clocks.enter_context(later(minutes=20))
        assert kind.write is not None
        return kind.write(message)  # type: ignore[arg-type]

    clocks = contextlib.ExitStack()
    letters._kinds[kind.name] = replace(kind, write=slowly)
    try:
        with clocks:
            post_room.hand_over()
            assert post_room.only().state.value == "planned"
    finally:
        letters._kinds[kind.name] = kind
    assert post_room.provider.addresses() == []
    with later(minutes=30):
        post_room.hand_over()
    assert post_room.provider.addresses() == [person.address]


def test_account_letters_go_first(post_room: PostRoom) -> None:
    people = post_room.people(3)
    post_room.letter(people[0], name="preferences/pause-over", due_at=clock.now() - timedelta(hours=2))
    post_room.letter(people[1], due_at=clock.now() - timedelta(hours=1))
    post_room.letter(people[2])
    post_room.hand_over()
    assert post_room.provider.addresses() == [people[number].address for number in (1, 2, 0)]


def test_a_letter_that_lost_its_point_is_skipped_with_the_reason(post_room: PostRoom) -> None:
    person = post_room.make.member()
    post_room.letter(person)
    with post_room.world.inside() as current:
        members.leave(current.get_one(Member, person.id), "page")
    post_room.hand_over()
    row = post_room.only()
    assert (row.state.value, row.why) == ("skipped", "not needed: they left again")
    assert post_room.provider.addresses() == []


def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(post_room: PostRoom) -> None:
    first, second = post_room.people(2)
    with post_room.world.inside() as current:
        stuck = {"letter": "members/from-another-version", "occasion": "x", "address": first.address}
        where = {"address_key": first.address_key, "stream": Stream.account, "lane": 0, "line": 0}
        current.add(
            Message(**stuck, **where, state=State.planned, planned_at=clock.now(), due_at=clock.now())
        )
    post_room.letter(second)
    post_room.hand_over()
    assert [row.state.value for row in post_room.rows()] == ["failed", "accepted"]
    assert "no room knows" in post_room.rows()[0].why


def test_marketing_letters_carry_their_own_way_out_and_account_letters_none(post_room: PostRoom) -> None:
    person = post_room.make.member()
    post_room.letter(person)
    post_room.letter(person, name="preferences/pause-over")
    post_room.hand_over()
    seen = {one["category"][0]: one for one in post_room.provider.accepted()}
    assert seen["account"]["unsubscribe"] == ""
    link = seen["marketing"]["unsubscribe"].strip("<>")
    assert seen["marketing"]["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    marketing = next(row for row in post_room.rows() if row.stream is Stream.marketing)
    with post_room.world.inside():
        assert tokens.unseal("unsubscribe", link.rpartition("/")[2]) == marketing.id
    assert link in seen["marketing"]["links"]
