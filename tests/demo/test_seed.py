"""Synthetic members: many, quickly, and the same for a seed."""

from typing import Any

from sqlalchemy import func, select

from portal.demo import seed
from portal.mail import queries as mail
from portal.mail.models import Mailing
from portal.members.models import Consent, Member, Status
from portal.preferences.models import Interest, MemberInterest, TopicChoice
from tests.world import World


def people(world: World) -> list[Any]:
    columns = (
        Member.name,
        Member.address,
        Member.interest_mask,
        Member.level,
        Member.country,
        Member.is_remote,
    )
    with world.inside() as current:
        return [tuple(row) for row in current.execute(select(*columns).order_by(Member.id))]


def add(world: World, count: int, number: int = 7) -> int:
    with world.app.app_context():
        return seed.members(count, number)


def test_a_seed_always_gives_the_same_people_and_more_of_them_go_on_from_there(world: World) -> None:
    assert add(world, 30) == 30
    first = people(world)
    assert add(world, 20) == 20
    both = people(world)
    assert (len(both), both[:30]) == (50, first)


def test_the_mask_and_the_interests_agree(world: World) -> None:
    add(world, 60)
    with world.inside() as current:
        bits = {one.id: 1 << one.bit for one in current.scalars(select(Interest))}
        masks: dict[int, int] = {}
        for row in current.scalars(select(MemberInterest)):
            masks[row.member_id] = masks.get(row.member_id, 0) | bits[row.interest_id]
        stored = {row[0]: row[1] for row in current.execute(select(Member.id, Member.interest_mask))}
    assert masks == stored


def test_nobody_has_choices_or_consent_who_never_confirmed(world: World) -> None:
    add(world, 200)
    with world.inside() as current:
        asked = select(Member.id).where(Member.status == Status.asked)
        keys = select(Member.ledger_key).where(Member.status == Status.asked)
        assert current.scalar(select(func.count()).select_from(asked.subquery()))
        assert not current.scalar(select(func.count()).where(TopicChoice.member_id.in_(asked)))
        assert not current.scalar(select(func.count()).where(Consent.person.in_(keys)))


def test_the_history_adds_up(world: World) -> None:
    add(world, 100)
    with world.inside() as current:
        mailing = current.scalar(select(Mailing))
        balance = mail.balance(mailing)
    assert balance.adds_up
    assert balance.accepted > 50
