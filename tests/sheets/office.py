"""A desk on which spreadsheets are brought in and taken out, as staff do it in a browser."""

import csv
import io
import re

from sqlalchemy import select

from portal.members.models import Member
from portal.preferences import queries as preferences
from portal.preferences.models import TopicChoice
from tests.world import RAW_CSRF

AREA = "/admin/spreadsheet"


def uploaded(browser, text, name="people.csv"):
    """Send a file as a browser does, without a temporary file of the test client's own."""
    data = text if isinstance(text, bytes) else text.encode()
    with browser.client.session_transaction() as cookie:
        cookie["csrf_token"] = RAW_CSRF
    parts = (
        b'--part\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + browser.csrf.encode()
        + b'\r\n--part\r\nContent-Disposition: form-data; name="upload"; filename="' + name.encode()
        + b'"\r\nContent-Type: text/csv\r\n\r\n' + data + b"\r\n--part--\r\n"
    )  # fmt: skip
    return browser.client.post(
        f"{AREA}/imports/new", data=parts, content_type="multipart/form-data; boundary=part"
    )


def brought(browser, text, name="people.csv"):
    """Bring a file; returns the address of its import."""
    answer = uploaded(browser, text, name)
    assert answer.status_code == 302, answer.text
    return answer.location


def refused(browser, text, name="people.csv"):
    """Bring a file that is refused at once; returns the page."""
    answer = uploaded(browser, text, name)
    assert answer.status_code == 422, answer.text
    return answer.text


def looked_through(world, browser, text, **fields):
    """Bring a file and let every row be looked at; returns the address of its import."""
    page = brought(browser, text)
    answer = browser.post(f"{page}/columns", **({"origin": "They met us at a fair in Porto."} | fields))
    assert answer.status_code == 302, answer.text
    world.run_jobs()
    return page


def imported(world, browser, text, **fields):
    """Bring a file all the way in; returns the address of its import."""
    page = looked_through(world, browser, text, **fields)
    assert browser.post(f"{page}/start").status_code == 302
    world.run_jobs()
    return page


def report(browser, page):
    """What became of each row, by its address."""
    rows = list(csv.reader(io.StringIO(browser.get(f"{page}/report.csv").text.removeprefix("\ufeff"))))
    return {row[1]: (row[2], row[3]) for row in rows[1:]}


def taken_out(world, browser, query="", **fields):
    """Take a list out; returns the file."""
    answer = browser.post(
        f"{AREA}/exports/new{query}", **({"reason": "A mail merge for the fair.", "kind": "read"} | fields)
    )
    assert answer.status_code == 302, answer.text
    world.run_jobs()
    return browser.post(f"{answer.location}/file")


def cells(answer):
    """The rows of a file, as dictionaries."""
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def people(world):
    """Everybody, by address key."""
    with world.inside() as current:
        found = {one.address_key: one for one in current.scalars(select(Member))}
        current.expunge_all()
    return found


def chosen(world):
    """What everybody hears, follows and would go to, by address key and in words."""
    found = {}
    with world.inside() as current:
        for member in current.scalars(select(Member)):
            topics = current.scalars(select(TopicChoice).where(TopicChoice.member_id == member.id))
            interests = preferences.interests_of(member)
            places = preferences.places_of(member)
            assert member.interest_mask == preferences.mask_of(interests)
            found[member.address_key] = (
                {one.topic: (one.cadence, one.changed_at) for one in topics},
                {one.name for one in interests},
                {(one.name, one.country, one.zone, one.region) for one in places},
            )
    return found


def number_in(text, words):
    """The number that stands before these words on a page."""
    found = re.search(rf"([\d,]+) {words}", text)
    return int(found[1].replace(",", "")) if found else None


def way_in(letter):
    """The link and the six digits of an invitation."""
    link = re.search(r"http://portal\.test(/join/confirm/\S+)", letter.text)[1]
    return link, re.search(r"\b(\d{3}) ?(\d{3})\b", letter.text)[0].replace(" ", "")


def no_thanks(letter):
    """The link that refuses an invitation."""
    return re.search(r"http://portal\.test(/invitation/[^\s]+/no-thanks)", letter.text)[1]
