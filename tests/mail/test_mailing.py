"""A mailing: everybody once, whoever falls out with the reason, and a balance that adds up at every instant."""

import re
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.core import clock, tokens
from portal.core.addresses import parse
from portal.mail import actions, bulk, steering
from portal.mail.models import MailingState, Message
from portal.members import actions as members
from portal.members import forgetting
from portal.members.models import Member
from portal.preferences import actions as preferences
from portal.preferences.models import Topic
from tests.mail.post_room import PostRoom, another_process, at_once, ended, later, meanwhile


def test_everybody_gets_one_with_their_own_name_and_links(post_room: PostRoom) -> None:
    people = post_room.people(47)
    number = post_room.plan()
    assert post_room.balance(number).planned == 47
    post_room.send(number)
    balance = post_room.balance(number)
    assert (balance.accepted, balance.adds_up, balance.is_finished) == (47, True, True)
    assert post_room.mailing(number).state is MailingState.finished
    seen = post_room.provider.accepted()
    assert sorted(one["address"] for one in seen) == sorted(person.address for person in people)
    rows = {row.address: row for row in post_room.rows(number)}
    names = {person.address: person.name for person in people}
    with post_room.world.inside():
        for one in seen:
            row = rows[one["address"]]
            assert one["subject"] == f"The season, {names[row.address]}"
            assert tokens.unseal("message", one["message"]) == row.id
            found = re.fullmatch(r"<http://portal\.test/u/(\S+)>", one["unsubscribe"])
            assert found is not None
            assert tokens.unseal("unsubscribe", found[1]) == row.id
            assert one["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            stop, choose = one["links"]
            assert stop == f"http://portal.test/u/{found[1]}"
            assert tokens.unseal("preferences", choose.rpartition("/")[2]) == row.id


def test_planning_that_is_rolled_back_leaves_nothing(post_room: PostRoom) -> None:
    with pytest.raises(actions.NobodyToMail):
        post_room.plan()
    assert post_room.rows() == []
    assert post_room.world.asked == []
    with post_room.world.inside() as current:
        assert current.scalar(select(Message.id)) is None


def test_who_is_refused_by_name_fails_alone(post_room: PostRoom) -> None:
    people = post_room.people(25)
    number = post_room.plan()
    post_room.provider.misbehave("400_field", address=people[13].address)
    post_room.send(number)
    with later(minutes=2):
        post_room.send(number)
    balance = post_room.balance(number)
    assert (balance.accepted, balance.failed, balance.is_finished) == (24, 1, True)
    [failed] = [row for row in post_room.rows(number) if row.state.value == "failed"]
    assert failed.address == people[13].address
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses)) == 24


def test_without_credits_it_pauses_and_goes_on_with_each_remaining_person_once(post_room: PostRoom) -> None:
    post_room.people(60)
    number = post_room.plan()
    post_room.provider.misbehave("401", nth=3)
    post_room.send(number)
    mailing, balance = post_room.mailing(number), post_room.balance(number)
    assert mailing.state is MailingState.paused
    assert "credits" in mailing.words
    assert balance.adds_up
    assert balance.accepted > 0
    assert balance.planned + balance.accepted == 60
    assert balance.planned >= 10
    assert post_room.send(number) == 0, "nothing leaves while it is paused"
    post_room.change(number, steering.resume)
    assert post_room.mailing(number).words == ""
    with later(minutes=2):
        post_room.world.asked.clear()
        post_room.do("mail.sweep")
        post_room.world.run_jobs()
    assert post_room.balance(number).accepted == 60
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses)) == 60


def test_too_fast_makes_every_sender_wait(post_room: PostRoom) -> None:
    post_room.people(60)
    number = post_room.plan()
    post_room.provider.misbehave("429", times=1, reset="+2")
    with meanwhile(lambda: post_room.send(number)):
        post_room.wait_for(lambda: post_room.provider.counts()["requests"] >= 1)
        post_room.wait_for(lambda: post_room.balance(number).claimed == 0)
        requests = post_room.provider.counts()["requests"]
        assert requests <= bulk.SENDERS, "whoever was under way; nobody began anew"
    assert post_room.balance(number).accepted >= 50
    with later(minutes=1):
        post_room.send(number)
    assert post_room.balance(number).accepted == 60
    assert len(set(post_room.provider.addresses())) == 60


def test_a_long_wait_ends_the_job_and_the_sweep_goes_on(post_room: PostRoom) -> None:
    post_room.people(40)
    number = post_room.plan()
    post_room.world.asked.clear()
    post_room.provider.misbehave("429", reset="far")
    with post_room.world.app.app_context():
        bulk.send_mailing(number, seconds=1)
    requests = post_room.provider.counts()["requests"]
    assert requests <= bulk.SENDERS
    assert post_room.world.asked == [], "a job that is asked for now would only ask again"
    assert post_room.send(number) == 0
    assert post_room.provider.counts()["requests"] == requests
    post_room.do("mail.sweep")
    assert ("mail.send_mailing", (number,)) in post_room.world.asked


@pytest.mark.parametrize("mode", ["202_cut_body", "hang_after_record", "record_then_rst", "503"])
def test_a_batch_without_a_whole_answer_stays_open_and_is_not_repeated(
    post_room: PostRoom, mode: str
) -> None:
    post_room.people(30)
    number = post_room.plan()
    post_room.provider.misbehave(mode, nth=1)
    post_room.send(number)
    balance = post_room.balance(number)
    assert (balance.unknown, balance.accepted, balance.adds_up) == (10, 20, True)
    assert not balance.is_finished
    with later(days=1):
        post_room.send(number)
        post_room.do("mail.sweep")
        post_room.world.run_jobs()
    assert post_room.balance(number).unknown == 10
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses))


LEAVES = {
    "left": lambda who: members.leave(who, "page"),
    "paused": lambda who: members.pause(who, clock.now() + timedelta(days=30), "page"),
    "not_chosen": lambda who: preferences.leave_topic(who, Topic.newsletter, "page"),
}


@pytest.mark.parametrize("reason", LEAVES)
def test_a_change_of_mind_after_planning_counts(post_room: PostRoom, reason: str) -> None:
    people = post_room.people(3)
    with post_room.world.inside() as current:
        for person in people:
            preferences.choose(
                current.get_one(Member, person.id), {Topic.newsletter: Topic.newsletter.cadences[0]}, "page"
            )
    number = post_room.plan(topic=Topic.newsletter.value)
    with post_room.world.inside() as current:
        LEAVES[reason](current.get_one(Member, people[1].id))
    post_room.send(number)
    balance = post_room.balance(number)
    assert balance.skipped_by_reason == {reason: 1}
    assert (balance.accepted, balance.adds_up, balance.is_finished) == (2, True, True)
    assert people[1].address not in post_room.provider.addresses()


def test_who_unsubscribes_with_one_click_while_the_first_batch_leaves_is_not_mailed(
    post_room: PostRoom,
) -> None:
    people = post_room.people(40)
    number = post_room.plan()
    rows = {row.address: row.id for row in post_room.rows(number)}
    post_room.provider.misbehave("slow", ms=1500, times=bulk.QUICK_SENDERS)
    last = people[-5:]
    with meanwhile(lambda: post_room.send(number)):
        post_room.wait_for(lambda: post_room.balance(number).claimed == 10 * bulk.QUICK_SENDERS)
        for person in last:
            with post_room.world.inside():
                link = tokens.seal("unsubscribe", rows[person.address])
            answer = post_room.world.browser().post_without_token(
                f"/u/{link}", **{"List-Unsubscribe": "One-Click"}
            )
            assert answer.status_code == 200
    balance = post_room.balance(number)
    assert (balance.accepted, balance.skipped, balance.adds_up) == (35, 5, True)
    assert not {person.address for person in last} & set(post_room.provider.addresses())


def test_who_is_forgotten_after_planning_is_not_mailed_and_the_balance_holds(post_room: PostRoom) -> None:
    people = post_room.people(3)
    number = post_room.plan()
    with post_room.world.inside() as current:
        forgetting.forget(current.get_one(Member, people[1].id), post_room.world.settings)
    assert post_room.balance(number).adds_up
    post_room.send(number)
    balance = post_room.balance(number)
    assert balance.skipped_by_reason == {"forgotten": 1}
    assert (balance.accepted, balance.adds_up) == (2, True)
    assert people[1].address not in post_room.provider.addresses()
    assert people[1].address not in {row.address for row in post_room.rows()}


def test_who_is_forgotten_while_their_mail_is_on_its_way_stays_in_the_balance(post_room: PostRoom) -> None:
    people = post_room.people(5)
    number = post_room.plan()
    post_room.provider.misbehave("slow", ms=1500, times=1)
    with meanwhile(lambda: post_room.send(number)):
        post_room.wait_for(lambda: post_room.balance(number).claimed == 5)
        with post_room.world.inside() as current:
            forgetting.forget(current.get_one(Member, people[1].id), post_room.world.settings)
        assert post_room.balance(number).adds_up
    balance = post_room.balance(number)
    assert (balance.accepted, balance.adds_up, balance.is_finished) == (5, True, True)
    assert people[1].address not in {row.address for row in post_room.rows()}


def test_a_new_address_is_the_one_that_gets_it(post_room: PostRoom) -> None:
    people = post_room.people(2)
    number = post_room.plan()
    with post_room.world.inside():
        actions.change_address(people[0].id, parse("new@example.org"))
    post_room.send(number)
    assert set(post_room.provider.addresses()) == {"new@example.org", people[1].address}


def test_a_mailbox_that_has_changed_hands_gets_it_once(post_room: PostRoom) -> None:
    first, second = post_room.people(2)
    number = post_room.plan()
    with post_room.world.inside():
        actions.change_address(second.id, parse(first.address))
    post_room.send(number)
    assert post_room.provider.addresses() == [first.address]
    assert post_room.balance(number).skipped_by_reason == {"had_it": 1}


def test_pause_resume_and_cancel(post_room: PostRoom) -> None:
    post_room.people(30)
    number = post_room.plan()
    post_room.change(number, lambda mailing: steering.pause(mailing, "a look at the words"))
    assert post_room.send(number) == 0
    assert post_room.provider.addresses() == []
    with pytest.raises(steering.NotRunning):
        post_room.change(number, steering.pause)
    post_room.change(number, steering.resume)
    with pytest.raises(steering.NotRunning):
        post_room.change(number, steering.resume)
    post_room.change(number, steering.cancel)
    assert post_room.send(number) == 0
    balance = post_room.balance(number)
    assert balance.skipped_by_reason == {"cancelled": 30}
    assert balance.is_finished
    for deed in (steering.pause, steering.resume, steering.cancel):
        with pytest.raises(steering.NotRunning):
            post_room.change(number, deed)
    assert post_room.provider.addresses() == []


def test_after_a_cancel_no_further_batch_leaves(post_room: PostRoom) -> None:
    post_room.people(80)
    number = post_room.plan()
    post_room.provider.misbehave("slow", ms=1000)
    with meanwhile(lambda: post_room.send(number)):
        post_room.wait_for(lambda: post_room.balance(number).claimed == 10 * bulk.QUICK_SENDERS)
        post_room.change(number, steering.cancel)
    balance = post_room.balance(number)
    assert (balance.accepted, balance.skipped, balance.adds_up) == (20, 60, True)
    assert post_room.mailing(number).state is MailingState.cancelled


def test_toggling_pause_many_times_repeats_and_loses_nobody(post_room: PostRoom) -> None:
    post_room.people(100)
    number = post_room.plan()
    post_room.provider.misbehave("slow", ms=20)

    def toggle() -> bool:
        for _ in range(15):
            for deed in (steering.pause, steering.resume):
                try:
                    post_room.change(number, deed)
                except steering.NotRunning:
                    return True
        return True

    with meanwhile(toggle):
        for _ in range(10):
            post_room.send(number)
    post_room.send(number)
    assert post_room.balance(number).accepted == 100
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses)) == 100


def test_the_balance_adds_up_at_every_instant(post_room: PostRoom) -> None:
    post_room.people(150)
    number = post_room.plan()
    post_room.provider.misbehave("slow", ms=30, times=4)
    post_room.provider.misbehave("503", nth=6)
    seen, is_over = [], threading.Event()

    def look() -> bool:
        while not is_over.is_set():
            seen.append(post_room.balance(number))
        return True

    with meanwhile(look):
        try:
            post_room.send(number)
        finally:
            is_over.set()
    assert len(seen) > 3
    assert [balance for balance in seen if not balance.adds_up] == []
    assert {balance.intended for balance in seen} == {150}
    assert [one.accepted for one in seen] == sorted(one.accepted for one in seen)


def test_two_senders_share_and_repeat_nobody(post_room: PostRoom) -> None:
    post_room.people(200)
    number = post_room.plan()
    for _ in range(3):
        at_once([lambda: post_room.send(number) for _ in range(4)])
    assert post_room.balance(number).accepted == 200
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses)) == 200


SENDS = """
from portal.mail import bulk
app.extensions["portal_transport"].capacity = 7
sys.stdout.write("ready\\n")
sys.stdout.flush()
while not os.path.exists(sys.argv[2]):
    time.sleep(0.005)
with app.app_context():
    bulk.send_mailing(int(sys.argv[1]))
"""


def test_two_worker_processes_share_and_repeat_nobody(post_room: PostRoom, tmp_path: Path) -> None:
    post_room.people(140)
    number = post_room.plan()
    signal_file = tmp_path / "go"
    workers = [
        another_process(post_room.world, post_room.provider, SENDS, str(number), str(signal_file))
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    signal_file.touch()
    for worker in workers:
        code, said = ended(worker)
        assert code == 0, said
    assert post_room.balance(number).accepted == 140
    assert post_room.mailing(number).state is MailingState.finished
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses)) == 140
    assert len({row.batch for row in post_room.rows(number)}) >= 140 / 7


DIES = """
from portal.mail import bulk
real = app.extensions["portal_transport"]
class Dies:
    capacity = 10
    sent = 0
    def send(self, batch, *rest):
        Dies.sent += 1
        if Dies.sent == 3:
            if sys.argv[2] == "after":
                real.send(batch, *rest)
            os.kill(os.getpid(), signal.SIGKILL)
        return real.send(batch, *rest)
app.extensions["portal_transport"] = Dies()
with app.app_context():
    bulk.send_mailing(int(sys.argv[1]), senders=1)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_between_claim_and_answer_loses_and_repeats_nobody(
    post_room: PostRoom, moment: str
) -> None:
    post_room.people(60)
    number = post_room.plan()
    code, _ = ended(another_process(post_room.world, post_room.provider, DIES, str(number), moment))
    assert code == -signal.SIGKILL
    balance = post_room.balance(number)
    assert (balance.accepted, balance.claimed, balance.planned, balance.adds_up) == (20, 10, 30, True)
    with later(minutes=11):
        assert post_room.do("mail.sweep") == 10
        post_room.world.run_jobs()
    balance = post_room.balance(number)
    assert (balance.accepted, balance.unknown, balance.adds_up) == (50, 10, True)
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses)) == (50 if moment == "before" else 60)


def test_what_a_killed_worker_left_of_a_cancelled_mailing_is_found(post_room: PostRoom) -> None:
    post_room.people(60)
    number = post_room.plan()
    ended(another_process(post_room.world, post_room.provider, DIES, str(number), "before"))
    post_room.change(number, steering.cancel)
    with later(hours=5):
        assert post_room.do("mail.sweep") == 10
    balance = post_room.balance(number)
    assert (balance.claimed, balance.unknown, balance.skipped) == (0, 10, 30)


def test_letters_are_not_held_up_by_a_running_mailing(post_room: PostRoom) -> None:
    people = post_room.people(120)
    number = post_room.plan()
    post_room.provider.misbehave("slow", ms=300)
    with meanwhile(lambda: post_room.send(number)):
        post_room.wait_for(lambda: post_room.balance(number).claimed > 0)
        post_room.letter(people[0])
        post_room.hand_over()
        assert post_room.balance(number).planned > 0
        account = [one for one in post_room.provider.accepted() if one["category"] == ["account"]]
        assert [one["address"] for one in account] == [people[0].address]


def test_however_often_the_sweep_asks_one_job_sends_a_mailing(post_room: PostRoom) -> None:
    post_room.people(40)
    number = post_room.plan()
    post_room.provider.misbehave("slow", ms=500, times=bulk.QUICK_SENDERS)
    with meanwhile(lambda: post_room.send(number)):
        post_room.wait_for(lambda: post_room.balance(number).claimed > 0)
        assert [post_room.send(number) for _ in range(5)] == [0] * 5
    assert post_room.balance(number).accepted == 40


def test_mailings_take_turns(post_room: PostRoom) -> None:
    post_room.people(40)
    first, second = post_room.plan(), post_room.plan()
    post_room.world.asked.clear()
    with post_room.world.app.app_context():
        bulk.send_mailing(first, seconds=0)
    assert post_room.world.asked == [("mail.send_mailing", (second,)), ("mail.send_mailing", (first,))]


def test_a_mailing_that_waited_for_days_loses_nobody_to_a_hiccup(post_room: PostRoom) -> None:
    post_room.people(20)
    number = post_room.plan()
    post_room.provider.misbehave("429", times=1)
    with later(days=4):
        post_room.send(number)
        assert post_room.balance(number).failed == 0
    with later(days=4, minutes=5):
        post_room.world.app.extensions.pop("portal_mail_desk")
        post_room.send(number)
    assert post_room.balance(number).accepted == 20
