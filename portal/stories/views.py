"""Stories as the world reads them."""

from flask import Blueprint, Response, make_response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.core.pages import FRESH_SECONDS, for_everybody
from portal.stories import feed as feeds
from portal.stories import fits, pictures, queries
from portal.stories.models import Publication

room = Blueprint("stories", __name__)
room.add_app_template_global(pictures.url, "picture_url")
room.add_app_template_global(pictures.link, "picture_link")

A_YEAR = 31_536_000


@room.get("/stories")
def index() -> ResponseReturnValue:
    """List the stories, what the reader follows first."""
    interests = fits.interests()
    about = interests.named(request.args.get("about"))
    page = queries.listing(web.visitor(), interests, about, request.args.get("page"))
    return for_everybody(
        render_template(
            "stories/index.html",
            page=page,
            about=about,
            interests=interests.active,
            followed=interests.followed_by(web.visitor()),
            is_first=not page.newer,
        )
    )


@room.get("/stories/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show a story, who tells it, and what goes with it."""
    told = web.or_404(queries.by_slug(slug))
    if told.story.state is Publication.withdrawn:
        web.gone(
            "This story was taken back by the person who told it.",
            [("Read other stories", url_for(".index"))],
        )
    web.or_404(told.story.is_published or None)
    return for_everybody(
        render_template(
            "stories/show.html",
            told=told,
            because=queries.because(told, web.visitor()),
            related=queries.related(told),
            is_preview=False,
        )
    )


@room.get("/stories/feed.xml")
def feed() -> ResponseReturnValue:
    """Give the newest stories as an Atom feed."""
    response = make_response(render_template("stories/feed.xml", **feeds.atom(queries.feed())))
    response.mimetype = "application/atom+xml"
    web.cacheable(response, FRESH_SECONDS * 10)
    response.add_etag()
    return response.make_conditional(request)


@room.get("/pictures/<string(length=32):digest>-<int:width>.webp")
def picture(digest: str, width: int) -> Response:
    """Give a stored picture; its name changes with its content, so that browsers may keep it."""
    file = web.or_404(pictures.file(digest, width))
    response = send_file(file, mimetype="image/webp", conditional=True, etag=f"{digest}-{width}")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
