"""Calendar files (RFC 5545) that go with letters and can be downloaded.

Times are written in UTC, so no reader needs to know our zones. The UID of an event never changes; the sequence grows
with every change of the event and of the guest's own answer (RFC 5546, 2.1.4), so a calendar always believes the
newest word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from portal.core import clock
from portal.events.models import Format
from portal.events.queries import Planned


class Method(StrEnum):
    """What the reader's calendar is asked to do."""

    publish = "PUBLISH"
    request = "REQUEST"
    cancel = "CANCEL"


@dataclass(frozen=True, slots=True)
class Person:
    """A name and an address."""

    name: str
    address: str


def write(
    planned: Planned,
    method: Method,
    link: str,
    organizer: Person,
    guest: Person | None = None,
    *,
    shows_join_link: bool = False,
) -> bytes:
    """Return the calendar file; the link to join stands in it only for somebody with a seat."""
    event = planned.event
    calendar = Calendar()
    calendar.add("prodid", "-//Perennial//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    is_off = method is Method.cancel or event.is_called_off
    join_link = event.join_url if shows_join_link else ""
    lines = [event.summary, f"Join: {join_link}" if join_link else "", f"More, and your answer: {link}"]
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence + (planned.rsvp.turn if planned.rsvp is not None else 0))
    entry.add("dtstamp", clock.now().replace(microsecond=0))
    entry.add("created", event.created_at.replace(microsecond=0))
    entry.add("last-modified", event.changed_at.replace(microsecond=0))
    entry.add("dtstart", event.starts_at.astimezone(UTC).replace(microsecond=0))
    entry.add("dtend", event.ends_at.astimezone(UTC).replace(microsecond=0))
    entry.add("summary", f"Called off: {event.title}" if event.is_called_off else event.title)
    entry.add("description", "\n\n".join(line for line in lines if line))
    entry.add("location", join_link if event.format is Format.online and join_link else planned.where)
    entry.add("url", link)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    if method is not Method.publish:
        entry.add("organizer", _address(organizer, {}), encode=False)
    if guest is not None and method is not Method.publish:
        answer = "DECLINED" if method is Method.cancel else "ACCEPTED"
        entry.add("attendee", _address(guest, {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer}), encode=False)
    calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written


def _address(person: Person, more: Mapping[str, str]) -> vCalAddress:
    """Return a calendar user; quotes and control characters cannot stand in a parameter (RFC 5545, 3.2)."""
    found = vCalAddress(f"mailto:{person.address}")
    name = " ".join(person.name.replace('"', "'").split())
    if name:
        found.params["CN"] = vText(name)
    for key, value in more.items():
        found.params[key] = vText(value)
    return found
