"""What came of our events, for those who look at figures."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.insights import queries

room = Blueprint("insights_admin", __name__, url_prefix="/admin/insights")


@room.get("")
@web.staff_only("insights.see")
def index() -> ResponseReturnValue:
    """Show who came and who did not: for each event, and for each segment over a year."""
    return render_template(
        "insights/admin/index.html",
        year=queries.in_a_year(),
        page=queries.held(request.args.get("page")),
        segments=queries.by_segment(),
    )
