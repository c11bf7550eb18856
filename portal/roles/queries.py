"""Questions about open roles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, select

from portal.core import keyset, paging, words
from portal.core.db import session
from portal.members.models import Level, Member, WorkMode
from portal.preferences import queries as preferences
from portal.preferences.models import Interest, MemberPlace, Place
from portal.roles.models import OpenRole, RoleInterest, RolePlace, RoleState
from portal.staff.models import Staff
from portal.stories import fits
from portal.stories.fits import Interests

PAGE = 12


@dataclass(frozen=True, slots=True)
class Offered:
    """A role with where it can be done, what it is about, who confirmed it, and why it fits its reader."""

    role: OpenRole
    vouched: Staff | None = None
    interests: list[Interest] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    because: list[str] = field(default_factory=list)

    @property
    def where(self) -> list[str]:
        """Return the places in words, "Remote" first when it is."""
        return [*(["Remote"] if self.role.is_remote else []), *(place.name for place in self.places)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for in the list."""

    interest: Interest | None = None
    place: Place | None = None
    level: Level | None = None
    work_mode: WorkMode | None = None
    is_remote: bool = False

    @property
    def is_any(self) -> bool:
        """Whether nothing was narrowed."""
        return not any((self.interest, self.place, self.level, self.work_mode, self.is_remote))


@dataclass(frozen=True, slots=True)
class Reader:
    """What a member told us that a role can fit; empty for anybody else."""

    follows: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()
    level: Level | None = None
    work_mode: WorkMode | None = None
    wants_remote: bool = False


def reader(person: Any, interests: Interests) -> Reader:
    """Read what a member told us, in one statement."""
    if not isinstance(person, Member):
        return Reader()
    places = session().scalars(select(MemberPlace.place_id).where(MemberPlace.member_id == person.id))
    return Reader(
        frozenset(one.id for one in interests.followed_by(person)),
        frozenset(places),
        person.level,
        person.work_mode,
        person.is_remote,
    )


def open_ones(most: int = 3) -> Sequence[Offered]:
    """Return the roles opened last."""
    rows = session().execute(_offered().where(_is_open()).order_by(*_newest_first()).limit(most))
    return [Offered(row.OpenRole, row.Staff) for row in rows]


def listing(
    who: Reader,
    interests: Interests,
    places: Sequence[Place],
    wish: Wish,
    cursor: str | None = None,
) -> paging.Page[Offered]:
    """Return a page of open roles, newest first, each with why it fits."""
    statement = _narrowed(_offered(*_tags()).where(_is_open()), wish)
    page = keyset.page(statement, [OpenRole.opened_at, OpenRole.id], cursor, PAGE)
    return paging.Page([_row(row, interests, places, who) for row in page.rows], page.older, page.newer)


def whole(person: Any, slug: str = "", role_id: int = 0) -> Offered | None:
    """Return a role as its page shows it to the reader, in whatever state."""
    which = OpenRole.slug == slug if slug else OpenRole.id == role_id
    row = session().execute(_offered(*_tags()).where(which)).first()
    if row is None:
        return None
    interests, places = fits.interests(), preferences.all_places(with_retired=True)
    return _row(row, interests, places, reader(person, interests))


def by_id(role_id: int) -> OpenRole | None:
    """Return the role with that id."""
    return session().get(OpenRole, role_id)


def locked(role_id: int) -> OpenRole | None:
    """Return the role freshly read, with nobody else able to change it until this transaction ends."""
    return session().get(OpenRole, role_id, with_for_update=True, populate_existing=True)


def desk(state: RoleState | None = None, cursor: str | None = None) -> paging.Page[Offered]:
    """Return roles for the staff list, last changed first."""
    statement = _offered()
    if state is not None:
        statement = statement.where(OpenRole.state == state)
    page = keyset.page(statement, [OpenRole.changed_at, OpenRole.id], cursor)
    return paging.Page([Offered(row.OpenRole, row.Staff) for row in page.rows], page.older, page.newer)


def counts() -> dict[RoleState, int]:
    """Return how many roles there are in each state."""
    rows = session().execute(select(OpenRole.state, func.count()).group_by(OpenRole.state))
    return {row[0]: row[1] for row in rows}


def interest_ids(role_id: int) -> list[int]:
    """Return what a role is about."""
    return list(session().scalars(select(RoleInterest.interest_id).where(RoleInterest.role_id == role_id)))


def place_ids(role_id: int) -> list[int]:
    """Return where a role can be done."""
    return list(session().scalars(select(RolePlace.place_id).where(RolePlace.role_id == role_id)))


def is_free(slug: str, but: int | None = None) -> bool:
    """Whether no other role has that address."""
    taken = select(OpenRole.id).where(OpenRole.slug == slug, OpenRole.id != (but or 0))
    return session().scalar(taken) is None


def _offered(*more: Any) -> Select[Any]:
    return select(OpenRole, Staff, *more).outerjoin(Staff, Staff.id == OpenRole.confirmed_by)


def _tags() -> tuple[Any, Any]:
    return (
        fits.listed(RoleInterest.role_id, OpenRole.id, RoleInterest.interest_id).label("about"),
        fits.listed(RolePlace.role_id, OpenRole.id, RolePlace.place_id).label("at"),
    )


def _narrowed(statement: Select[Any], wish: Wish) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if wish.interest is not None:
        conditions.append(
            exists().where(RoleInterest.role_id == OpenRole.id, RoleInterest.interest_id == wish.interest.id)
        )
    if wish.place is not None:
        conditions.append(
            exists().where(RolePlace.role_id == OpenRole.id, RolePlace.place_id == wish.place.id)
        )
    if wish.level is not None:
        conditions.append((OpenRole.level == wish.level) | OpenRole.level.is_(None))
    if wish.work_mode is not None:
        conditions.append((OpenRole.work_mode == wish.work_mode) | OpenRole.work_mode.is_(None))
    if wish.is_remote:
        conditions.append(OpenRole.is_remote.is_(True))
    return statement.where(*conditions)


def _row(row: Row[Any], interests: Interests, places: Sequence[Place], who: Reader) -> Offered:
    ids = {int(one) for one in row.at.split(",")} if row.at else set()
    about, at = interests.of(row.about), [one for one in places if one.id in ids]
    return Offered(row.OpenRole, row.Staff, about, at, _reasons(row.OpenRole, about, at, who))


def _reasons(role: OpenRole, about: list[Interest], at: list[Place], who: Reader) -> list[str]:
    """Return why a role fits, in half sentences; nothing when what it is about is not followed."""
    followed = [one.name for one in about if one.id in who.follows]
    if not followed:
        return []
    reasons = [f"you follow {words.listing(followed)}"]
    near = [one.name for one in at if one.id in who.places]
    if near:
        reasons.append(f"it can be done in {words.listing(near, 'or')}")
    if role.is_remote and who.wants_remote:
        reasons.append("it can be done from home")
    if role.level is not None and role.level is who.level:
        reasons.append("it is at your level")
    if role.work_mode is not None and role.work_mode is who.work_mode:
        reasons.append(f"it is {role.work_mode.words.lower()}")
    return reasons


def _is_open() -> Any:
    return OpenRole.state == literal(RoleState.open, OpenRole.state.type)


def _newest_first() -> tuple[Any, Any]:
    return OpenRole.opened_at.desc(), OpenRole.id.desc()
