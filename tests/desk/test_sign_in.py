"""Coming in by the staff entrance: mail, then the second factor."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine

from portal.core import clock, sessions
from portal.core.addresses import parse
from portal.core.db import session
from portal.desk import actions
from portal.staff import actions as staff_actions
from portal.staff.models import AuditLine, Role, Staff
from tests.world import Browser, World


def link_in(letter: Any) -> str:
    """The path of the sign-in link in a letter."""
    found = re.search(r"http://portal\.test(/admin/sign-in/[\w-]+)", letter.text)
    assert found, letter.text
    return found.group(1)


def code_in(letter: Any) -> str:
    """The six digits in a letter."""
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", letter.text)
    assert found, letter.text
    return found.group(1) + found.group(2)


def app_code(world: World, person: Staff) -> str:
    """What the person's authenticator app shows now."""
    with world.inside() as current:
        address = staff_actions.provisioning_address(current.get(Staff, person.id), "x")
    return pyotp.parse_uri(address).now()


def in_hours(hours: float) -> datetime:
    return clock.now() + timedelta(hours=hours)


def ask(browser: Browser, person: Staff) -> None:
    assert browser.post("/admin/sign-in", address=person.address).status_code == 302


def test_the_link_in_the_same_browser_and_the_app_let_me_in(world: World, stranger: Browser) -> None:
    person = world.make.staff("recruiter")
    ask(stranger, person)
    path = link_in(world.letters()[0])
    assert stranger.get(path).status_code == 200
    assert stranger.post(path).location == "/admin/second-step"
    assert stranger.get("/admin").status_code == 302
    answer = stranger.post("/admin/second-step", code=app_code(world, person))
    assert answer.location == "/admin"
    assert stranger.get("/admin").status_code == 200


def test_the_code_works_in_the_browser_that_asked(world: World, stranger: Browser) -> None:
    person = world.make.staff("viewer")
    ask(stranger, person)
    answer = stranger.post("/admin/sign-in/check-your-mail", code=code_in(world.letters()[0]))
    assert answer.location == "/admin/second-step"


def test_the_link_in_another_browser_opens_nothing(world: World, stranger: Browser) -> None:
    person = world.make.staff("admin")
    ask(stranger, person)
    path = link_in(world.letters()[0])
    other = world.browser()
    assert "Type the code instead" in other.get(path).text
    assert other.post(path).location == path
    assert stranger.post(path).location == "/admin/second-step"


def test_opening_the_link_changes_nothing_and_using_it_twice_says_so(world: World, stranger: Browser) -> None:
    person = world.make.staff()
    ask(stranger, person)
    path = link_in(world.letters()[0])
    for _ in range(3):
        assert stranger.get(path).status_code == 200
    assert stranger.post(path).status_code == 302
    again = stranger.post(path)
    assert again.status_code == 410
    assert "worked once already" in again.text


def test_five_wrong_codes_end_the_code(world: World, stranger: Browser) -> None:
    person = world.make.staff()
    ask(stranger, person)
    code = code_in(world.letters()[0])
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        stranger.post("/admin/sign-in/check-your-mail", code=wrong)
    answer = stranger.post("/admin/sign-in/check-your-mail", code=code)
    assert answer.location == "/admin/sign-in"


def test_strangers_get_the_same_answer_and_no_mail(world: World, stranger: Browser) -> None:
    known = world.make.staff()
    answers = [
        stranger.post("/admin/sign-in", address=address) for address in (known.address, "nobody@example.org")
    ]
    assert len({(answer.status_code, answer.location, answer.data) for answer in answers}) == 1
    assert len(world.letters()) == 1


def test_a_wrong_app_code_is_refused_and_a_right_one_works_once(world: World, stranger: Browser) -> None:
    person = world.make.staff()
    ask(stranger, person)
    path = link_in(world.letters()[0])
    stranger.post(path)
    code = app_code(world, person)
    wrong = "111111" if code != "111111" else "222222"
    assert stranger.post("/admin/second-step", code=wrong).status_code == 422
    assert stranger.post("/admin/second-step", code=code).location == "/admin"
    other = world.browser()
    ask(other, person)
    other.post(link_in(world.letters()[0]))
    assert other.post("/admin/second-step", code=code).status_code == 422


def test_the_first_time_connects_an_app_and_shows_recovery_codes_that_work_once(
    world: World, stranger: Browser
) -> None:
    with world.inside():
        person = actions.invite(parse("new@example.org"), "Noa New", Role.teammate)
    path = link_in(world.letters("new@example.org")[0])
    assert stranger.post(path).location == "/admin/second-step"
    page = stranger.get("/admin/second-step")
    assert "Connect an authenticator app" in page.text
    answer = stranger.post("/admin/second-step", code=app_code(world, person))
    codes = re.findall(r"<code>([a-z0-9-]{17})</code>", answer.text)
    assert len(codes) == staff_actions.RECOVERY_CODES
    assert stranger.get("/admin").status_code == 200
    for expected in (302, 422):
        other = world.browser()
        ask(other, person)
        other.post(link_in(world.letters("new@example.org")[0]))
        assert other.post("/admin/second-step", code=codes[0].upper()).status_code == expected


def test_an_expired_link_says_what_to_do(world: World, stranger: Browser) -> None:
    person = world.make.staff()
    ask(stranger, person)
    path = link_in(world.letters()[0])
    with time_machine.travel(in_hours(1)):
        answer = stranger.post(path)
    assert answer.status_code == 410
    assert "Send me a new link" in answer.text


@pytest.mark.parametrize("made_up", ["x", "a" * 300, "%00", "é" * 20, "../../etc"])
def test_made_up_links_are_not_ours(stranger: Browser, made_up: str) -> None:
    assert stranger.get(f"/admin/sign-in/{made_up}").status_code in {400, 404}


def test_closing_an_account_ends_its_sessions_at_once(
    world: World, as_staff: Callable[[str], Browser]
) -> None:
    admin, victim = as_staff("admin"), as_staff("recruiter")
    assert victim.get("/admin").status_code == 200
    assert admin.post(f"/admin/staff/{victim.person.id}/close").status_code == 302
    assert victim.get("/admin").status_code == 302


def test_a_changed_role_holds_at_once(world: World, as_staff: Callable[[str], Browser]) -> None:
    admin, other = as_staff("admin"), as_staff("admin")
    assert other.get("/admin/staff").status_code == 200
    admin.post(f"/admin/staff/{other.person.id}/role", role="viewer")
    assert other.get("/admin/staff").status_code == 302
    assert world.browser(other.person).get("/admin/staff").status_code == 403


def test_the_last_admin_stays(world: World, as_staff: Callable[[str], Browser]) -> None:
    admin = as_staff("admin")
    answer = admin.post(f"/admin/staff/{admin.person.id}/close", follow=True)
    assert "the only admin" in answer.text
    assert admin.post(f"/admin/staff/{admin.person.id}/role", role="viewer").status_code == 422
    assert admin.get("/admin/staff").status_code == 200


def test_staff_sessions_end_when_idle(world: World, as_staff: Callable[[str], Browser]) -> None:
    admin = as_staff("admin")
    hours = world.settings.staff_session_idle_hours
    with time_machine.travel(in_hours(hours - 1)):
        assert admin.get("/admin").status_code == 200
    with time_machine.travel(in_hours(2 * hours + 1)):
        assert admin.get("/admin").status_code == 302


def test_signing_out_ends_the_session_at_the_server(world: World, as_staff: Callable[[str], Browser]) -> None:
    admin = as_staff("admin")
    with world.inside():
        assert len(sessions.of_person("staff", admin.person.id)) == 1
    admin.post("/admin/sign-out")
    with world.inside():
        assert sessions.of_person("staff", admin.person.id) == []


def test_each_staff_action_leaves_a_line(world: World, as_staff: Callable[[str], Browser]) -> None:
    admin = as_staff("admin")
    admin.post("/admin/staff", address="hm@example.org", name="Hana Mori", role="teammate")
    with world.inside():
        lines = session().query(AuditLine).filter_by(staff_id=admin.person.id).all()
    assert [line.action for line in lines] == ["staff.invited"]


def test_audit_lines_cannot_be_changed(world: World, as_staff: Callable[[str], Browser]) -> None:
    as_staff("admin").post("/admin/me/sign-out-elsewhere")
    for words in ("UPDATE audit_lines SET words = 'x'", "DELETE FROM audit_lines"):
        with pytest.raises(Exception, match="append-only"), world.inside() as current:
            current.connection().exec_driver_sql(words)
