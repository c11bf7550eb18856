"""Roles as staff look after them."""

import re

import pytest
from sqlalchemy import select

from portal.core.db import session
from portal.roles.models import OpenRole, RoleState
from portal.staff.models import AuditLine


def stored(world):
    with world.inside():
        found = session().scalar(select(OpenRole).order_by(OpenRole.id.desc()).limit(1))
        if found is not None:
            session().expunge(found)
        return found


def typed(**more):
    return {
        "title": "River engineer",
        "summary": "Measure.",
        "description": "You measure **water**.",
        "apply_url": "https://jobs.example.org/1",
        "level": "senior",
        "work_mode": "",
        **more,
    }


def test_a_role_is_written_confirmed_opened_and_closed(world, make, as_staff, stranger):
    recruiter, rivers, lisbon = as_staff("recruiter"), make.interest("Rivers"), make.place("Lisbon")
    recruiter.post("/admin/roles/new", **typed(interests=[rivers.id], places=[lisbon.id]))
    role = stored(world)
    assert stranger.get("/roles/river-engineer").status_code == 404
    refused = recruiter.post(f"/admin/roles/{role.id}/open")
    assert refused.status_code == 422
    assert "confirm that it is real" in refused.text
    recruiter.post(f"/admin/roles/{role.id}/confirm")
    assert recruiter.post(f"/admin/roles/{role.id}/open").status_code == 302
    text = stranger.get("/roles/river-engineer").text
    assert recruiter.person.name in text
    assert "Lisbon" in text
    assert "Rivers" in text
    recruiter.post(f"/admin/roles/{role.id}/close")
    assert stranger.get("/roles/river-engineer").status_code == 410
    assert stored(world).confirmed_at is None
    with world.inside():
        actions = list(session().scalars(select(AuditLine.action).order_by(AuditLine.id)))
    assert actions == ["roles.create", "roles.confirm", "roles.open", "roles.close"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.org/",
        "//x.org",
        "https://",
        "https://a:b@x.org/",
        "https://x.org/ y",
        'https://x.org/"><script>',
        "https://[::1",
        "https://x.org:99999/",
        "mailto:a@b.org",
    ],
)
def test_only_web_addresses_lead_out(world, as_staff, address):
    page = as_staff("recruiter").post("/admin/roles/new", **typed(apply_url=address))
    assert page.status_code == 422
    assert "full address" in page.text
    assert "You measure **water**." in page.text
    assert stored(world) is None


def test_what_is_open_cannot_lose_what_it_needs_and_its_address_stays(world, make, as_staff):
    recruiter = as_staff("recruiter")
    role = make.role(recruiter.person, slug="kept")
    url = f"/admin/roles/{role.id}/edit"
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', recruiter.get(url).text).group(1)
    assert recruiter.post(url, **typed(summary="", seen=seen)).status_code == 422
    assert recruiter.post(url, **typed(slug="moved", title="New words", seen=seen)).status_code == 302
    assert (stored(world).slug, stored(world).title) == ("kept", "New words")


def test_two_people_edit_and_neither_loses_a_word(world, make, as_staff):
    ada, bo = as_staff("recruiter"), as_staff("recruiter")
    role = make.role()
    url = f"/admin/roles/{role.id}/edit"
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', ada.get(url).text).group(1)
    ada.post(url, **typed(title="Ada's title", seen=seen))
    page = bo.post(url, **typed(title="Bo's title", seen=seen))
    assert page.status_code == 409
    assert "Ada&#39;s title" in page.text
    assert "Bo&#39;s title" in page.text
    assert stored(world).title == "Ada's title"


@pytest.mark.parametrize("who", ["teammate", "viewer"])
def test_others_look_and_do_not_touch(world, make, as_staff, who):
    browser, role = as_staff(who), make.role()
    assert browser.get("/admin/roles").status_code == 200
    assert browser.get(f"/admin/roles/{role.id}/preview").status_code == 200
    for path in ("edit", "confirm", "open", "close"):
        assert browser.post(f"/admin/roles/{role.id}/{path}").status_code == 403
    assert browser.get("/admin/roles/new").status_code == 403
    assert stored(world).state is RoleState.open


def test_long_words_are_refused_and_a_taken_address_too(world, make, as_staff):
    recruiter = as_staff("recruiter")
    make.role(slug="taken")
    for fields in (
        {"title": ""},
        {"title": "x" * 141},
        {"pay": "x" * 121},
        {"slug": "taken"},
        {"level": "boss"},
    ):
        page = recruiter.post("/admin/roles/new", **typed(**fields))
        assert page.status_code == 422, fields
