"""A quarter's letter with something of everything in it."""

from dataclasses import dataclass
from typing import Any

import pytest

from portal.core import clock
from portal.newsletters.models import Block, BlockKind, Newsletter
from portal.segments.models import Segment
from portal.staff.models import Staff
from tests.world import Browser, Make, World


@dataclass
class Desk:
    """A recruiter's browser, a draft, and two segments that overlap."""

    world: World
    make: Make
    browser: Browser
    sender: Staff
    issue: Newsletter
    builders: Segment
    readers: Segment
    interests: dict[str, Any]

    @property
    def url(self) -> str:
        return f"/admin/newsletters/{self.issue.id}"

    def block(self, kind: str, position: int, **values: Any) -> Block:
        found: Block = self.make.stored(
            Block(newsletter_id=self.issue.id, position=position, kind=BlockKind(kind), **values)
        )
        return found

    def send(self, number: int | str, **fields: Any) -> Any:
        return self.browser.post(f"{self.url}/confirmation", number=str(number), **fields)


@pytest.fixture
def desk(world: World, make: Make) -> Desk:
    interests = {name: make.interest(name) for name in ("build", "read")}
    sender = make.staff("recruiter", name="Inês Carvalho", address="ines@example.org")
    moment = clock.now()

    def segment(name: str) -> Segment:
        found: Segment = make.stored(
            Segment(slug=name, name=name.title(), rule={"is": "interest", "any_of": [name]}, created_at=moment,
                    changed_at=moment)
        )  # fmt: skip
        return found

    issue = make.stored(
        Newsletter(slug="winter-2027", title="Winter 2027", year=2027, quarter=1,
                   subject="What ice does, {{ name | you }}",
                   preheader="A quarter of small repairs", sender_id=sender.id, created_at=moment, changed_at=moment)
    )  # fmt: skip
    found = Desk(
        world, make, world.browser(sender), sender, issue, segment("build"), segment("read"), interests
    )
    found.block(
        "text", 1, text="Hello {{ name | there }},\n\nice is *rude*. We are 100%% sure. %%name%% stays."
    )
    return found
