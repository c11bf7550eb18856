"""Browsers that are signed in already: their cookie and form token, without a sign-in of their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from flask import session as cookie
from itsdangerous import URLSafeTimedSerializer

from portal.core import sessions
from portal.core.db import transaction

_RAW_CSRF = "0" * 40


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a browser sends along: its cookie, and the token that forms need."""

    cookie: str
    csrf: str


def members(app: Flask, ids: Iterable[int]) -> list[SignedIn]:
    """Sign these members in, each in a browser of their own; the server must know the app's secret."""
    csrf = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(_RAW_CSRF)  # type: ignore[arg-type]
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name, found = app.config["SESSION_COOKIE_NAME"], []
    with app.test_request_context(), transaction():
        for one in ids:
            sessions.start("member", one, "Firefox on Linux")
            content = dict(cookie) | {"csrf_token": _RAW_CSRF}
            found.append(SignedIn(f"{name}={serializer.dumps(content)}", str(csrf)))
            cookie.clear()
    return found
