"""Pages for everybody are written once and read many times.

The database keeps a mark, `Edition`, that changes with everything a stranger could see. A page that caches may keep
(`core.pages.for_everybody`) is kept here too, under the mark it was written with, and given to every stranger until
the mark changes or a minute is over. So a page costs one short statement, and no change is ever late.
"""

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from flask import Flask, Response, g, has_app_context, request
from flask import session as cookie
from sqlalchemy import String, bindparam, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock, db
from portal.core.db import Base, insert_once, session
from portal.core.pages import FRESH_SECONDS

MOST_PAGES = 512
LONGEST_ADDRESS = 300
_WRITES = ("INSERT", "UPDATE", "DELETE")
_CHANGED = "edition_changed"


class Edition(Base):
    """One row; its mark is a new one after each change of something that strangers can read."""

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(32))


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: str
    at: datetime
    body: bytes
    headers: tuple[tuple[str, str], ...]


class Pages:
    """What this process keeps, the least used thrown away first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, address: str, mark: str) -> _Kept | None:
        """The page, if it is still what would be written now."""
        with self._lock:
            kept = self._pages.get(address)
            if kept is None:
                return None
            age = clock.now() - kept.at
            if kept.mark != mark or not timedelta(0) <= age < timedelta(seconds=FRESH_SECONDS):
                del self._pages[address]
                return None
            self._pages.move_to_end(address)
            return kept

    def put(self, address: str, kept: _Kept) -> None:
        """Keep a page."""
        with self._lock:
            self._pages[address] = kept
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def init_app(app: Flask, unseen: Iterable[type[Base]]) -> None:
    """Keep pages, and notice every change except in the tables that no stranger's page shows."""
    hidden = {Edition.__tablename__, *(model.__tablename__ for model in unseen)}
    pages = Pages()
    with app.app_context():
        event.listen(db.db.engine, "before_cursor_execute", _noticing(hidden))
    db.before_commit(_new_edition)
    app.before_request(lambda: _from(pages))

    @app.after_request
    def _keep(response: Response) -> Response:
        mark = g.pop("edition", "")
        is_page = response.status_code == 200 and response.mimetype == "text/html"
        if mark and is_page and response.cache_control.public and not cookie.modified:
            headers = tuple((name, value) for name, value in response.headers if name != "Content-Length")
            pages.put(_address(), _Kept(mark, clock.now(), response.get_data(), headers))
        return response


def _from(pages: Pages) -> Response | None:
    """The kept page; else remember the mark under which the one that is written now may be kept."""
    if request.method != "GET" or cookie or len(_address()) > LONGEST_ADDRESS:
        return None
    mark = session().connection().execute(_MARK).scalar() or ""
    kept = pages.get(_address(), mark) if mark else None
    if kept is None:
        g.edition = mark
        return None
    return Response(kept.body, headers=list(kept.headers))


def _address() -> str:
    return f"{request.script_root}{request.full_path}"


def _noticing(hidden: set[str]) -> Any:
    def notice(
        _connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: Any
    ) -> None:
        if statement[:6].upper() not in _WRITES and not (
            context is not None and (context.isinsert or context.isupdate or context.isdelete)
        ):
            return
        table = getattr(getattr(getattr(context, "compiled", None), "statement", None), "table", None)
        if getattr(table, "name", "") not in hidden and has_app_context():
            session().info[_CHANGED] = True

    return notice


def _new_edition(current: Session) -> None:
    if not current.info.pop(_CHANGED, False):
        return
    mark = secrets.token_hex(16)
    done = current.connection().execute(_NEW_MARK, {"new": mark})
    if done.rowcount == 0:
        insert_once(Edition, {"id": 1, "mark": mark})


_NEW_MARK = update(Edition.__table__).values(mark=bindparam("new"))  # type: ignore[arg-type]
_MARK = select(Edition.mark).where(Edition.id == 1)
