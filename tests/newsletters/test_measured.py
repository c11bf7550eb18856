"""Whoever agreed gets links that are measured, everybody else plain ones; both lead to the same pages."""

import re

from sqlalchemy import select

from portal.core.db import session
from portal.mail.provider_models import Measurement
from tests.newsletters.conftest import Desk
from tests.newsletters.test_sending import letters

MEASURED = re.compile(r'href="http://portal\.test(/c/[A-Za-z0-9_-]{32}/(\d+))"')


def test_only_who_agreed_gets_measured_links_and_they_lead_home(desk: Desk) -> None:
    story = desk.make.story(title="How ice holds")
    desk.block("story", 2, story_id=story.id)
    desk.block("button", 3, text="See all events", url="/events?from=mail&kind=walk")
    yes, no, silent = (
        desk.make.member(name, may_measure=said)
        for name, said in (("Yes", True), ("No", False), ("Silent", None))
    )
    assert desk.send(3).status_code == 302
    sent = {one.address: one for one in letters(desk)}
    assert len(sent) == 3
    for other in (no, silent):
        assert "/c/" not in sent[other.address].html
        assert "/o/" not in sent[other.address].html
        assert f'href="http://portal.test/stories/{story.slug}"' in sent[other.address].html
    theirs = sent[yes.address]
    assert "/c/" not in theirs.text
    assert theirs.html.count("/o/") == 1
    found = MEASURED.findall(theirs.html)
    targets = {desk.world.browser().get(path).location for path, number in found if number != "0"}
    assert {
        f"http://portal.test/stories/{story.slug}",
        "http://portal.test/events?from=mail&kind=walk",
    } <= targets
    assert not any("/u/" in target or "/p/" in target for target in targets)
    assert theirs.html.count("/u/") >= 1, "the way out is plain"
    with desk.world.inside():
        seen = session().scalars(select(Measurement)).all()
        assert len(seen) == len([number for _, number in found if number != "0"])
