"""Calendar files (RFC 5545): those that go with letters, those one can download, and a person's own feed.

Times are written in UTC, so no reader needs to know our zones. The UID of an event never changes; the sequence grows
with every change of the event that matters and of the guest's own answer (RFC 5546, 2.1.4), so a calendar always
believes the newest word, in whatever order the words arrive. The address of a room online never stands in a file: in
its place stands the guest's own way in, which asks for a seat whenever it is used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from portal.core import clock, words
from portal.events.queries import Planned

_NOT_IN_PARAMETERS = str.maketrans({'"': "'", "\\": "/"})
PRODUCT = "-//Perennial//Events//EN"


class Method(StrEnum):
    """What the reader's calendar is asked to do."""

    publish = "PUBLISH"
    request = "REQUEST"
    cancel = "CANCEL"

    @property
    def content_type(self) -> str:
        """How a file says it outside, too: readers refuse one whose two methods differ (RFC 6047, 2.4)."""
        return f"text/calendar; charset=utf-8; method={self.value}"


@dataclass(frozen=True, slots=True)
class Person:
    """A name and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Links:
    """Where the entry leads: the event's page, and the guest's own way into the room online, "" without one."""

    page: str
    way_in: str = ""


class _Text(vText):
    """Text, escaped to the letter (RFC 5545, 3.3.11); the library would take a typed backslash and N for a line."""

    def to_ical(self) -> bytes:
        """Return what stands in the file."""
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def write(
    planned: Planned, method: Method, links: Links, organizer: Person, guest: Person | None = None
) -> bytes:
    """Return a calendar file about one event; with a guest it is theirs, and moves or leaves their own entry."""
    calendar = _calendar(method)
    is_off = method is Method.cancel or planned.event.is_called_off
    entry = _entry(planned, links, is_off, None if method is Method.publish else clock.now())
    if method is not Method.publish:
        entry.add("organizer", _address(organizer, {}), encode=False)
        if guest is not None:
            answer = "DECLINED" if method is Method.cancel else "ACCEPTED"
            more = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer}
            entry.add("attendee", _address(guest, more), encode=False)
    calendar.add_component(entry)
    return _written(calendar)


def feed(name: str, entries: Iterable[tuple[Planned, Links]]) -> bytes:
    """Return a feed of one person's events; the same events give the same bytes, whenever it is asked for."""
    calendar = _calendar(Method.publish)
    calendar.add("name", _Text(words.clean(name)))
    calendar.add("x-wr-calname", _Text(words.clean(name)))
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("refresh-interval", "PT1H", {"VALUE": "DURATION"}, encode=False)
    for planned, links in entries:
        entry = _entry(planned, links, planned.event.is_called_off)
        if not planned.has_seat and not planned.event.is_called_off:
            entry["SUMMARY"] = _Text(f"Waitlist: {words.clean(planned.event.title)}")
            entry["STATUS"] = vText("TENTATIVE")
            entry["TRANSP"] = vText("TRANSPARENT")
        calendar.add_component(entry)
    return _written(calendar)


def _entry(planned: Planned, links: Links, is_off: bool, sent_at: datetime | None = None) -> Entry:
    event, rsvp = planned.event, planned.rsvp
    changed = max(event.changed_at, rsvp.changed_at) if rsvp is not None else event.changed_at
    title = words.clean(event.title)
    lines = [
        words.clean(event.summary),
        f"Your way in, from 15 minutes before it begins: {links.way_in}" if links.way_in else "",
        f"More, and your answer: {links.page}",
    ]
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence + (rsvp.turn if rsvp is not None else 0))
    entry.add("dtstamp", _whole(sent_at or changed))
    entry.add("created", _whole(event.created_at))
    entry.add("last-modified", _whole(changed))
    entry.add("dtstart", _whole(event.starts_at))
    entry.add("dtend", _whole(event.ends_at))
    entry.add("summary", _Text(f"Called off: {title}" if event.is_called_off else title))
    entry.add("description", _Text("\n\n".join(line for line in lines if line)))
    entry.add("location", _Text(links.way_in or words.clean(planned.where)))
    entry.add("url", links.page)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    return entry


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    return calendar


def _address(person: Person, more: Mapping[str, str]) -> vCalAddress:
    """Return a calendar user. Quotes cannot stand in a parameter (RFC 5545, 3.2); a backslash, readers disagree on."""
    found = vCalAddress(f"mailto:{person.address}")
    name = words.clean(person.name).translate(_NOT_IN_PARAMETERS)
    if name:
        found.params["CN"] = vText(name)
    for key, value in more.items():
        found.params[key] = vText(value)
    return found


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _written(calendar: Calendar) -> bytes:
    written: bytes = calendar.to_ical()
    return written
