"""What staff do with roles: write, confirm, open, close."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete

from portal.core import clock, edits, words
from portal.core.db import lock, session
from portal.members.models import Level, WorkMode
from portal.roles import queries
from portal.roles.models import OpenRole, RoleInterest, RolePlace, RoleState
from portal.staff.actions import record

LONGEST_SLUG = 70


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote: everything of a role that can be typed."""

    title: str
    slug: str
    summary: str
    description: str
    level: Level | None
    work_mode: WorkMode | None
    is_remote: bool
    is_pool: bool
    pay: str
    apply_url: str
    interest_ids: tuple[int, ...]
    place_ids: tuple[int, ...]


class SlugTaken(Exception):
    """Another role has that address already."""


class NotReady(Exception):
    """The role cannot be opened as it is; `reasons` says what is missing, a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep one sentence per missing thing."""
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def create(draft: Draft) -> OpenRole:
    """Keep a new role as a draft.

    Raises:
        SlugTaken: the address typed for it belongs to another.
    """
    moment = clock.now()
    role = OpenRole(
        slug=_address(draft),
        state=RoleState.draft,
        created_at=moment,
        changed_at=moment,
        **_fields(draft),
    )
    session().add(role)
    session().flush()
    _tag(role, draft)
    record("roles.create", f"role:{role.id}", f"Wrote the role {role.slug}")
    return role


def save(role_id: int, draft: Draft, seen: str) -> OpenRole:
    """Save what was typed. The address of a role that was once open stays, because links lead to it.

    Raises:
        LookupError: there is no such role.
        SavedMeanwhile: somebody else saved since the form was opened.
        SlugTaken: the address typed for it belongs to another.
        NotReady: it is open, and could not be with this.
    """
    role = _locked(role_id)
    edits.check(role, seen)
    if role.opened_at is None:
        role.slug = _address(draft, role.id)
    for name, value in _fields(draft).items():
        setattr(role, name, value)
    role.changed_at = clock.now()
    if role.is_open and (reasons := missing(role)):
        raise NotReady(reasons)
    session().flush()
    _tag(role, draft)
    record("roles.save", f"role:{role.id}", f"Changed the role {role.slug}")
    return role


def confirm(role_id: int, staff_id: int) -> OpenRole:
    """Put a name and a date to it: this role is real.

    Raises:
        LookupError: there is no such role.
    """
    role = _locked(role_id)
    role.confirmed_by, role.confirmed_at = staff_id, clock.now()
    role.changed_at = clock.now()
    record("roles.confirm", f"role:{role.id}", f"Confirmed that the role {role.slug} is real")
    return role


def open_up(role_id: int) -> OpenRole:
    """Show a role to the world. Doing it twice changes nothing; one that was closed opens anew.

    Raises:
        LookupError: there is no such role.
        NotReady: nobody confirmed it, or something an applicant needs is missing.
    """
    role = _locked(role_id)
    if not role.is_open:
        if reasons := missing(role):
            raise NotReady(reasons)
        moment = clock.now()
        role.state, role.opened_at, role.closed_at, role.changed_at = RoleState.open, moment, None, moment
        record("roles.open", f"role:{role.id}", f"Opened the role {role.slug}")
    return role


def close(role_id: int) -> OpenRole:
    """Close a role; its address then says so. A draft stays a draft.

    Raises:
        LookupError: there is no such role.
    """
    role = _locked(role_id)
    if role.is_open:
        moment = clock.now()
        role.state, role.closed_at, role.changed_at = RoleState.closed, moment, moment
        role.confirmed_by = role.confirmed_at = None
        record("roles.close", f"role:{role.id}", f"Closed the role {role.slug}")
    return role


def missing(role: OpenRole) -> list[str]:
    """Return what is missing before the role can be open, a sentence each."""
    reasons = []
    if not role.summary:
        reasons.append("A summary of one or two sentences is missing.")
    if not role.description:
        reasons.append("What one would do there is missing.")
    if not role.apply_url:
        reasons.append("The address where one applies is missing.")
    if role.confirmed_at is None:
        reasons.append("Somebody has to confirm that it is real; their name and the date stand on the page.")
    return reasons


def _locked(role_id: int) -> OpenRole:
    role = queries.locked(role_id)
    if role is None:
        raise LookupError(role_id)
    return role


def _fields(draft: Draft) -> dict[str, object]:
    same = "title summary description level work_mode is_remote is_pool pay apply_url"
    return {name: getattr(draft, name) for name in same.split()}


def _address(draft: Draft, role_id: int | None = None) -> str:
    """Return the address typed, or one made of the title that nobody else has."""
    lock("roles.slug")
    if draft.slug:
        if not queries.is_free(draft.slug, role_id):
            raise SlugTaken
        return draft.slug
    wish = words.slug(draft.title, LONGEST_SLUG) or "role"
    number, address = 1, wish
    while not queries.is_free(address, role_id):
        number += 1
        address = f"{wish}-{number}"
    return address


def _tag(role: OpenRole, draft: Draft) -> None:
    _replace(RoleInterest, role.id, "interest_id", draft.interest_ids)
    _replace(RolePlace, role.id, "place_id", draft.place_ids)
    session().flush()


def _replace(
    table: type[RoleInterest] | type[RolePlace], role_id: int, column: str, ids: Iterable[int]
) -> None:
    session().execute(delete(table).where(table.role_id == role_id))
    session().add_all(table(role_id=role_id, **{column: one}) for one in sorted(set(ids)))
