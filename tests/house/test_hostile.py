"""Whatever a browser or a script sends to whichever address: an answer in words, never a breakage or a trace."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask_wtf import FlaskForm

from portal.core import db as edge
from portal.core.limits import limiter
from tests.house import tree
from tests.house.street import Street
from tests.rig.databases import KINDS
from tests.world import World

HOSTILE = {
    "markup": "<script>alert(1)</script>{{7*7}}{% raw %}%%name%%${7*7}'\"><img src=x onerror=alert(1)>",
    "control": "a\r\nBcc: x@example.org\x0b\u2028\u202eevil\ufeff\x1b[31m",
    "nul": "before\x00after",
    "long": "Ａ" * 400,
    "numbers": "-99999999999999999999999999",
    "patterns": "%_\\' OR 1=1 --; DROP TABLE members",
    "scripts": "नमस्ते 你好 مرحبا שלום 👩🏽‍🚀 Z̷̧̛a̶l̸g̵o",
    "half": "\ud800",
}


def field_names() -> Iterator[str]:
    """Every name of a form field, and every name that a page reads from its address or form."""
    for path in tree.modules():
        text = path.read_text()
        yield from re.findall(r"request\.(?:args|form|values)\.get(?:list)?\(\s*[\"']([\w.-]+)[\"']", text)
    todo: list[Any] = list(FlaskForm.__subclasses__())
    while todo:
        form = todo.pop()
        todo += form.__subclasses__()
        yield from (name for name in dir(form) if hasattr(getattr(form, name, None), "field_class"))


def _who_belongs_there(rule: str) -> str:
    if rule.startswith("/admin"):
        return "admin"
    return "member" if rule.startswith(("/me", "/events")) else "stranger"


@pytest.fixture
def street(world: World, monkeypatch: pytest.MonkeyPatch) -> Street:
    """The street, with breakages answered as for a visitor, and nothing kept."""
    built = Street(world)
    monkeypatch.setattr(edge, "commit", edge.rollback)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    return built


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("database_url", "kind"),
    # PostgreSQL is the stricter of the two; SQLite gets what it reads differently.
    [(KINDS[-1], kind) for kind in HOSTILE] + [(KINDS[0], kind) for kind in ("numbers", "half")],
    indirect=["database_url"],
)
def test_nothing_anybody_types_breaks_a_page(street: Street, kind: str) -> None:
    value = HOSTILE[kind].encode("utf-8", "surrogatepass")
    names = sorted(set(field_names()))
    broken = []
    for door in street.doors:
        if door.rule.rule.startswith("/dev/"):
            continue
        visitor = _who_belongs_there(door.rule.rule)
        client = street.world.app.test_client()
        name, cookie = street._cookies[visitor]
        client.set_cookie(name, cookie, domain="localhost")
        with street.world.app.app_context():
            limiter.reset()
        # Bytes as a script would send them: percent-encoded, whether or not they are text.
        typed = "&".join(f"{field}=" + "".join(f"%{byte:02x}" for byte in value[:1200]) for field in names)
        address = street.address(door)
        if door.writes:
            answer = client.open(
                address,
                method=door.method,
                data=f"csrf_token={street._csrf}&{typed}",
                content_type="application/x-www-form-urlencoded",
                buffered=True,
            )
        else:
            answer = client.get(f"{address}?{typed[:6000]}", buffered=True)
        if answer.status_code >= 500 or b"Traceback" in answer.data or b"<script>alert(1)" in answer.data:
            broken.append(f"{door.name} as {visitor}: {answer.status_code}")
    assert broken == []


@pytest.mark.parametrize(
    "part",
    [
        "%00",
        "%ff%fe",
        "..%2f..%2fetc%2fpasswd",
        "x" * 3000,
        "%7B%7B7*7%7D%7D",
        "'%20OR%201=1",
        "%E2%80%AE",
        "-1",
    ],
)
def test_made_up_addresses_are_answered_in_words(street: Street, part: str) -> None:
    broken = []
    for door in street.doors:
        if not door.rule.arguments or door.rule.rule.startswith(("/dev/", "/static")):
            continue
        path = re.sub(r"<[^>]+>", lambda _: part, door.rule.rule)
        for visitor in ("stranger", "admin"):
            client = street.world.app.test_client()
            name, cookie = street._cookies[visitor]
            client.set_cookie(name, cookie, domain="localhost")
            data = {"csrf_token": street._csrf} if door.writes else None
            answer = client.open(path, method=door.method, data=data, buffered=True)
            if not 300 <= answer.status_code < 500 and answer.status_code != 200:
                broken.append(f"{door.name} as {visitor}: {answer.status_code}")
            if answer.status_code == 200 and "token" in path:
                broken.append(f"{door.name} as {visitor}: opened")
    assert broken == []


def test_the_wrong_method_is_said_to_be_wrong(street: Street) -> None:
    answer = street.world.app.test_client().delete("/join")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_much_is_said_to_be_too_much(street: Street) -> None:
    size = street.world.settings.max_request_mib * 1024 * 1024 + 1
    client = street.world.app.test_client()
    answer = client.post("/join", data=b"x" * size, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_every_answer_carries_the_headers_that_protect(street: Street) -> None:
    for path in ("/", "/nothing-here", "/join", "/admin", "/healthz", "/sign-in/wrong"):
        headers = street.world.app.test_client().get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"], path
        assert "unsafe-inline" not in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["X-Frame-Options"] == "DENY", path


def test_no_page_is_kept_by_a_cache_that_a_stranger_does_not_see(street: Street) -> None:
    for door in street.doors:
        if door.writes or door.rule.endpoint == "static":
            continue
        answer = street.knock("member", door)
        kept = answer.headers.get("Cache-Control", "")
        if "public" in kept:
            assert "Set-Cookie" not in answer.headers, door.name
            assert street.knock("stranger", door).data == answer.data, door.name
