"""Bringing people in: what a file says, what would become of each row, and what does."""

import io

from sqlalchemy import select

from portal.members.models import Member, Status


def brought(browser, text, name="people.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    answer = browser.post("/admin/spreadsheet/imports/new", upload=(io.BytesIO(data), name))
    assert answer.status_code == 302, answer.text
    return answer.location


def test_people_come_in(world, make, as_staff):
    make.interest("Design")
    make.place("Lisbon")
    admin = as_staff("admin")
    page = brought(
        admin,
        "Email,Name,Interests,City,Level\nAda@Example.org,Ada Stone,Design,Lisbon,Senior\nbad,Nobody,,,\n",
    )
    shown = admin.get(page)
    assert shown.status_code == 200
    answer = admin.post(f"{page}/columns", origin="They met us at a fair.", source="fair")
    assert answer.status_code == 302, answer.text
    world.run_jobs()
    shown = admin.get(page)
    assert "Import 1 row" in shown.text
    with world.inside() as current:
        assert current.scalars(select(Member)).all() == []
    assert admin.post(f"{page}/start").status_code == 302
    world.run_jobs()
    shown = admin.get(page)
    assert "Take all of it back" in shown.text
    with world.inside() as current:
        person = current.scalars(select(Member)).one()
        assert (person.address, person.address_key, person.name) == (
            "Ada@example.org",
            "ada@example.org",
            "Ada Stone",
        )
        assert person.status is Status.asked
        assert person.level == "senior"
        assert person.interest_mask == 1
        assert person.own_fields == 0
        assert person.source == "fair"
    assert world.letters() == []
    report = admin.get(f"{page}/report.csv")
    assert "There is no" in report.text or "cannot be right" in report.text
    assert admin.post(f"{page}/undo").status_code == 302
    world.run_jobs()
    shown = admin.get(page)
    assert "1 person was removed" in shown.text
    with world.inside() as current:
        assert current.scalars(select(Member)).all() == []
