"""Which staff person acts in this request or command; set at the edge, read where a line is written."""

from contextvars import ContextVar

_staff_id: ContextVar[int | None] = ContextVar("staff_id", default=None)


def set_staff(staff_id: int | None) -> None:
    """Say who acts from here on; None for nobody on the staff."""
    _staff_id.set(staff_id)


def staff_id() -> int | None:
    """The id of the staff person who acts, if one does."""
    return _staff_id.get()
