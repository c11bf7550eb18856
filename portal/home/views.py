"""The front door: who we are, what we do with data, and a member's own page."""

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.core import pages, places, web
from portal.core.settings import Settings
from portal.home import queries
from portal.members import consent_texts as joining_texts
from portal.preferences import consent_texts

room = Blueprint("home", __name__)
DAY = 86_400


@room.get("/")
def index() -> ResponseReturnValue:
    """Say who we are and what is new; a member sees what fits them."""
    return pages.for_everybody(render_template("home/index.html", front=queries.front(web.visitor())))


@room.get("/about")
def about() -> ResponseReturnValue:
    """Show the company's own words."""
    return pages.for_everybody(render_template("home/about.html", text=queries.about(_settings().instance)))


@room.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Say what we keep, why and how long, and show the consent texts in force."""
    texts = [
        ("Joining", joining_texts.current()),
        ("Choosing a topic", consent_texts.topics()),
        ("Letting us measure", consent_texts.measuring()),
    ]
    return pages.for_everybody(render_template("home/privacy.html", texts=texts, settings=_settings()))


@room.get("/me")
@web.members_only
def me() -> ResponseReturnValue:
    """Show what I follow, what comes next, and one thing worth doing."""
    return render_template("home/me.html", mine=queries.mine(web.visitor()))


@room.get("/brand.css")
def brand_css() -> ResponseReturnValue:
    """Give the company's hue to every stylesheet."""
    response = Response(f":root {{ --brand-hue: {_settings().brand_hue}; }}\n", mimetype="text/css")
    return web.cacheable(response, 3600)


@room.get("/brand/logo")
def logo() -> ResponseReturnValue:
    """Give the company's logo from the instance folder. An SVG may draw, and nothing else."""
    path = web.or_404(queries.logo(_settings().instance, _settings().brand_logo))
    response = Response(path.read_bytes(), mimetype=queries.LOGO_TYPES[path.suffix.lower()])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return web.cacheable(response, DAY)


@room.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    """Give the icon to browsers that ask for it by its old name."""
    path = places.static() / "img" / "favicon.svg"
    return web.cacheable(Response(path.read_bytes(), mimetype="image/svg+xml"), DAY)


@room.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Say what is nobody's business: personal pages, links from mails, staff pages."""
    closed = ("/admin", "/me", "/sign-in", "/join/", "/p/", "/u/", "/c/", "/o/", "/calendar/", "/forgotten/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return web.cacheable(Response("\n".join(lines) + "\n", mimetype="text/plain"), DAY)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings
