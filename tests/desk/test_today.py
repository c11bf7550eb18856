"""What needs a person today."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.core import clock
from portal.desk import queries
from portal.mail.models import Mailing, MailingState, Stream
from portal.newsletters.models import Newsletter
from portal.staff.models import Role
from tests.world import Browser, World


def test_every_need_leads_somewhere(world: World) -> None:
    endpoints = set(re.findall(r'"(\w+_(?:admin|dispatch)\.\w+)"', Path(queries.__file__).read_text()))
    assert endpoints
    assert endpoints <= world.app.view_functions.keys()


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_today_opens_for_everybody_on_the_staff(as_staff: Callable[[str], Browser], role: str) -> None:
    assert as_staff(role).get("/admin").status_code == 200


def test_a_paused_mailing_is_the_first_thing_to_see(world: World, as_staff: Callable[[str], Browser]) -> None:
    recruiter = as_staff("recruiter")
    moment = clock.now()
    mailing = world.make.stored(
        Mailing(
            letter="newsletters/issue",
            about="newsletter:1",
            title="Winter",
            stream=Stream.marketing,
            state=MailingState.paused,
            words="The provider refused our key.",
            started_at=moment,
            sender_name="Rae",
            sender_address="talent@example.org",
            reply_to="talent@example.org",
        )
    )
    world.make.stored(
        Newsletter(
            slug="winter",
            title="Winter",
            year=moment.year,
            quarter=1,
            sender_id=recruiter.person.id,
            mailing_id=mailing.id,
            sent_at=moment,
            created_at=moment,
            changed_at=moment,
        )
    )
    page = recruiter.get("/admin").text
    assert "Winter is paused" in page
    assert "The provider refused our key." in page
    assert "Winter is paused" not in as_staff("teammate").get("/admin").text


def test_an_admin_sees_the_settings_without_their_secrets(
    world: World, as_staff: Callable[[str], Browser]
) -> None:
    page = as_staff("admin").get("/admin/settings").text
    assert world.settings.secret_keys[0] not in page
    assert "mailbox_hourly_limit" in page
    assert "members/confirm" in page
    assert as_staff("recruiter").get("/admin/settings").status_code == 403


def test_the_audit_shows_who_did_what(as_staff: Callable[[str], Browser]) -> None:
    admin = as_staff("admin")
    admin.post("/admin/staff", address="new@example.org", name="Noa New", role="viewer")
    page = admin.get("/admin/audit").text
    assert "Invited as viewer" in page
    assert admin.person.name in page
