"""The edge of the house: who is knocking, which headers go out, and what a mistake looks like."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode, urlsplit

import structlog
from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.core import clock, db
from portal.core.limits import limiter
from portal.core.settings import Settings

log = structlog.get_logger("portal.web")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Thing = TypeVar("Thing")

# The only writing addresses without a CSRF token: machines call them, and a token in the path or a signature
# on the body says who they are.
CSRF_EXCEPTIONS = frozenset({"preferences.one_click", "mail.events"})

_WORDS = {
    400: (
        "We could not read that",
        "Something in the request was not as expected. Please go back and try again.",
    ),
    401: ("Please sign in first", "This page is only for people who are signed in."),
    403: (
        "This is not for you to open",
        "You are signed in, but this page belongs to somebody else.",
    ),
    404: (
        "There is nothing here",
        "The address may be mistyped, or what was here has been taken away.",
    ),
    405: (
        "That cannot be done here",
        "This page cannot be used in that way. Please go back and try again.",
    ),
    410: ("This link is over", "It worked once, or its time has passed."),
    413: ("That is too large", "Please choose a smaller file or a shorter text."),
    415: ("We cannot read that kind of file", "Please choose another file."),
    422: (
        "Something is missing or mistaken",
        "Please go back and look at the fields once more.",
    ),
    429: (
        "A little too fast",
        "Too many tries in a short time. Please wait a moment, then try again.",
    ),
    500: (
        "Something broke on our side",
        "It is not your fault, and we have been told. Please try again in a while.",
    ),
    503: (
        "We will be right back",
        "The portal is busy or being looked after. Please try again in a minute.",
    ),
}


class Stranger(AnonymousUserMixin):
    """Somebody we do not know."""

    kind = "stranger"

    def may(self, permission: str) -> bool:
        """Strangers have no staff permissions."""
        return False


_FOR_EVER = "public, max-age=31536000, immutable"

csrf = CSRFProtect()
login = LoginManager()
login.anonymous_user = Stranger
login.session_protection = None


def visitor() -> Any:
    """Whoever is signed in: a Member, a Staff, or a Stranger."""
    return current_user._get_current_object()


def members_only(view: View) -> View:
    """Let only members in; a stranger is shown the way to sign in and comes back here."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if current_user.kind == "member":
            return view(*args, **kwargs)
        if current_user.kind == "staff":
            abort(
                403,
                "This page is for members of the network; you are signed in as staff.",
            )
        return _to_sign_in("members.sign_in")

    guarded.needs = "member"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def staff_only(permission: str) -> Callable[[View], View]:
    """Let only staff in whose role has the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if current_user.may(permission):
                return view(*args, **kwargs)
            if current_user.is_authenticated:
                abort(403)
            return _to_sign_in("desk.sign_in")

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _to_sign_in(endpoint: str) -> ResponseReturnValue:
    target = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else ""
    return redirect(url_for(endpoint, next=target or None))


def or_404(thing: Thing | None) -> Thing:
    """The thing, or the page that says there is nothing here."""
    if thing is None:
        abort(404)
    return thing


def gone(words: str, way_forward: list[tuple[str, str]]) -> NoReturn:
    """End with 410: the link was ours and is over; say why and what to do next."""
    abort(problem(410, text=words, way_forward=way_forward))


def safe_next(target: str | None, otherwise: str) -> str:
    """Where to go on: a path on this site, or `otherwise`.

    Browsers drop tabs and line breaks and read a backslash as a slash, so none of them may stand in it.
    """
    if not target or not target.startswith("/") or target.startswith("//") or len(target) > 500:
        return otherwise
    if any(letter == "\\" or ord(letter) <= 32 or ord(letter) == 127 for letter in target):
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def link(endpoint: str, **values: Any) -> str:
    """A full address for a mail, a feed or a calendar: built from the settings, never from the Host header."""
    adapter = current_app.url_map.bind("link.invalid", url_scheme="https")
    rule_values = {name: value for name, value in values.items() if value is not None}
    path = adapter.build(endpoint, rule_values, force_external=False)
    return f"{current_app.extensions['portal'].base_url}{path}"


def with_query(path: str, **values: str | None) -> str:
    """A path with those query values, leaving out the empty ones."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path


def problem(
    code: int,
    title: str = "",
    text: str = "",
    way_forward: list[tuple[str, str]] | None = None,
) -> Response:
    """The page for a mistake: what happened, and what to do next."""
    words = _WORDS.get(code, _WORDS[500] if code >= 500 else _WORDS[400])
    page = render_template(
        "errors/problem.html",
        code=code,
        title=title or words[0],
        text=text or words[1],
        way_forward=way_forward if way_forward is not None else [("Go to the front page", "/")],
    )
    response = Response(page, code)
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask, settings: Settings) -> None:
    """Wire cookies, CSRF, sign-in, headers and error pages."""
    app.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=settings.secret_keys[1:],
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=settings.session_days * 86400,
        MAX_CONTENT_LENGTH=settings.max_request_mib * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    csrf.init_app(app)
    login.init_app(app)
    app.before_request(_refuse_undecodable)
    if not settings.is_development:
        app.before_request(_refuse_foreign_host)
    app.after_request(_headers(settings))
    app.register_error_handler(HTTPException, _show_problem)
    app.register_error_handler(Exception, _show_breakage)


def _refuse_foreign_host() -> None:
    """Only our own name is served; health checks may use any."""
    own = urlsplit(current_app.extensions["portal"].base_url)
    if request.path in {"/healthz", "/readyz", "/metrics"}:
        return
    if request.host.partition(":")[0].lower() != (own.hostname or ""):
        abort(400, "This portal lives at another address.")


def _refuse_undecodable() -> None:
    """NUL and half characters in an address, a cookie or a form end here, before any view sees them."""
    texts = [request.path, *request.args, *request.args.values()]
    typed: list[str] = []
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        texts += [*request.form, *request.files]
        typed = list(request.form.values())
    if any("\x00" in text or "\ufffd" in text for text in texts) or any("\x00" in text for text in typed):
        abort(400)


def _headers(settings: Settings) -> Callable[[Response], Response]:
    policy = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )
    hsts = StrictTransportSecurity().max_age(31_536_000).include_subdomains() if settings.is_https else None
    headers = Secure(
        csp=policy,
        hsts=hsts,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
    ).headers

    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            # The address changes with the content.
            named = "v" in request.args and response.status_code in {200, 304}
            response.headers["Cache-Control"] = _FOR_EVER if named else "no-cache"
            return response
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
        return response

    return add


def cacheable(response: Response, seconds: int) -> Response:
    """Let caches keep an answer that is the same for everybody; it must not set a cookie."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response


def _show_problem(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    if error.code is not None and error.code < 400:
        return error
    code = error.code or 500
    if isinstance(error, CSRFError):
        response = problem(
            400,
            "This form has grown old",
            "It was open for a long time, or in another browser. Please go back, reload the page and send it again.",
        )
    else:
        own_words = (
            error.description
            if code in {400, 403, 404, 410, 422} and error.description != type(error).description
            else ""
        )
        response = problem(code, text=own_words or "")
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    if code == 429 and "Retry-After" not in response.headers:
        window = limiter.current_limit
        response.headers["Retry-After"] = str(max(1, int(window.reset_at - _epoch()))) if window else "60"
    return response


def _epoch() -> float:
    return clock.now().timestamp()


def _show_breakage(error: Exception) -> ResponseReturnValue:
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    db.rollback()
    log.error(
        "request failed",
        endpoint=request.endpoint,
        kind=type(error).__name__,
        exc_info=error,
    )
    return problem(500)


def browser_words(agent: str) -> str:
    """A browser and system in two words, from what it says of itself: "Firefox on Linux"."""
    browsers = (
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "A browser")
    system = next((name for mark, name in systems if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def is_for_machine(request: Request) -> bool:
    """Whether the caller wants JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
