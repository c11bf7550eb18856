"""The street: every address of the portal, a small world behind it, and who comes knocking."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core.limits import limiter
from portal.staff.models import Role
from tests.house.samples import samples
from tests.world import World

VISITORS = ("stranger", "member", *(role.value for role in Role))


@dataclass(frozen=True, eq=False)
class Door:
    """One way to knock at one address."""

    method: str
    rule: Rule

    @property
    def name(self) -> str:
        """How it is spoken of."""
        return f"{self.method:<6} {self.rule.rule}"

    @property
    def writes(self) -> bool:
        """Whether knocking there may change something."""
        return self.method not in {"GET", "HEAD", "OPTIONS"}


def doors(app: Flask) -> list[Door]:
    """Return every door, in the order of the addresses."""
    found = [
        Door(method, rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or ()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda door: (door.rule.rule, door.method))


class Street:
    """A small world with one of each thing in it, and every visitor signed in where they belong."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.doors = doors(world.app)
        member = world.make.member("Ada Stone", "ada@example.org")
        self.samples = samples(world, member)
        make = world.make
        people: dict[str, Any] = {"stranger": None, "member": member}
        people |= {role.value: make.staff(role.value) for role in Role}
        self._cookies: dict[str, tuple[str, str]] = {}
        for visitor in VISITORS:
            browser = world.browser(people[visitor])
            self._cookies[visitor] = (world.app.config["SESSION_COOKIE_NAME"], self._cookie(browser.client))
            self._csrf = browser.csrf

    def knock(self, visitor: str, door: Door, token: bool = True) -> TestResponse:
        """Knock as that visitor, in a fresh browser, with sample arguments and an otherwise empty form."""
        client = self.world.app.test_client()
        name, value = self._cookies[visitor]
        client.set_cookie(name, value, domain="localhost")
        with self.world.app.app_context():
            limiter.reset()
        form = {"csrf_token": self._csrf} if door.writes and token else None
        return client.open(self.address(door), method=door.method, data=form, buffered=True)

    def address(self, door: Door) -> str:
        """Return the address of the door with sample arguments in it."""
        rule = door.rule
        values = {name: self._sample(rule.endpoint, name) for name in rule.arguments}
        adapter = self.world.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, method=door.method)

    def _cookie(self, client: Any) -> str:
        cookie = client.get_cookie(self.world.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        return str(cookie.value)

    def _sample(self, endpoint: str, name: str) -> Any:
        for known in self._names(endpoint, name):
            if known in self.samples:
                return self.samples[known]
        raise AssertionError(f"give a sample for {name} of {endpoint} in tests/house/samples.py")

    @staticmethod
    def _names(endpoint: str, name: str) -> Iterator[str]:
        """From the exact to the general: `stories_admin.edit.slug`, `stories_admin.slug`, `stories.slug`, `slug`."""
        blueprint = endpoint.rpartition(".")[0]
        yield f"{endpoint}.{name}"
        yield f"{blueprint}.{name}"
        yield f"{blueprint.removesuffix('_admin')}.{name}"
        yield name
