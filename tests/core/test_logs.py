"""Logs name rules and ids, never people, links or keys."""

import http.client
import json
import re
import urllib.parse

from tests.rig.databases import fresh_database
from tests.rig.server import running


def test_joining_and_signing_in_leave_no_trace_of_the_person_in_the_log() -> None:
    with fresh_database("sqlite") as url, running(url, log_level="debug", brand_name="Canary Works") as site:
        line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)

        def get(path: str, cookie: str) -> tuple[str, str]:
            line.request("GET", path, headers={"Cookie": cookie})
            answer = line.getresponse()
            fresh = answer.headers.get("Set-Cookie", "").partition(";")[0]
            return answer.read().decode(), fresh or cookie

        page, cookie = get("/join", "")
        fields = dict(re.findall(r'type="hidden"[^>]*name="([\w-]+)"[^>]*value="([^"]*)"', page))
        assert fields, page[:2000]
        form = {**fields, "name": "Canary Person", "address": "canary@example.org"}
        body = urllib.parse.urlencode(form)
        line.request(
            "POST",
            "/join?source=canary-source",
            body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": cookie,
                "User-Agent": "CanaryBrowser",
            },
        )
        line.getresponse().read()
        get("/sign-in/canary-token-canary-token?next=/canary-next", cookie)
        line.close()
        said = site.log()
    assert "answered" in said
    found = re.findall(r"[^\n]*canary[^\n]*", said, re.IGNORECASE)
    assert found == []
    for row in said.splitlines():
        if row.startswith("{"):
            json.loads(row)
