"""Ten events of the demo: four that were, six that come."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.demo import content_events_past as past
from portal.demo import content_events_soon as soon
from portal.demo.prose import prose


@dataclass(frozen=True, slots=True)
class Question:
    """Something we ask with the RSVP; never required."""

    label: str
    kind: str
    """text, choice or yes-no."""
    why: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something we invite to."""

    slug: str
    title: str
    summary: str
    """At most 200 characters."""
    form: str
    """in_person, online or hybrid."""
    place: str
    """Slug of a place; empty when online only."""
    venue: str
    zone: str
    days: int
    """Days from today; negative is over. See `starts`."""
    at: time
    minutes: int
    capacity: int
    """Seats in the room, or on the screen of an online event."""
    hosts: tuple[str, ...]
    interests: tuple[str, ...]
    description: str
    """Markdown."""
    seats_taken: int
    online_capacity: int = 0
    """Seats on the screen beside those in the room (hybrid)."""
    waiting: int = 0
    came: int = 0
    outcome: str = ""
    """Markdown, for events that are over."""
    questions: tuple[Question, ...] = ()
    picture: str = ""
    alt: str = ""


def starts(event: Event, today: date) -> datetime:
    """Return when it begins, in its own zone; never on a weekend, and never on the other side of today."""
    day = today + timedelta(days=event.days)
    while day.weekday() > 4:
        day += timedelta(days=1 if event.days > 0 else -1)
    return datetime.combine(day, event.at, ZoneInfo(event.zone))


EVENTS: tuple[Event, ...] = (
    Event(
        slug="boat-day-on-the-vecht",
        title="A boat day on the Vecht",
        summary=(
            "A morning on the water with Wouter: set a post, read a stage board, and eat "
            "pancakes at the lock."
        ),
        form="in_person",
        place="utrecht",
        venue="Jetty behind Sluiskade 9, Utrecht",
        zone="Europe/Amsterdam",
        days=-219,
        at=time(9, 30),
        minutes=240,
        capacity=16,
        hosts=("wouter", "samuel"),
        interests=("field", "hydrology"),
        description=prose(past.BOAT_DAY),
        seats_taken=16,
        waiting=5,
        came=14,
        outcome=prose(past.BOAT_DAY_OUTCOME),
        questions=(
            Question(
                "Can you swim?",
                "yes-no",
                "Everybody wears a life jacket. We ask to plan the boats.",
            ),
        ),
        picture="boat-day",
        alt="Three people in a flat green boat with a measuring arm; poplars and a mill on the far bank.",
    ),
    Event(
        slug="ask-us-about-pay",
        title="Ask us about pay",
        summary=(
            "Joost and Daan put the whole pay table on the screen, say how a step is "
            "decided, and answer anything."
        ),
        form="online",
        place="",
        venue="Video call with captions; the link comes with your seat",
        zone="Europe/Amsterdam",
        days=-147,
        at=time(12, 30),
        minutes=60,
        capacity=120,
        hosts=("joost", "daan"),
        interests=("people", "finance"),
        description=prose(past.PAY),
        seats_taken=87,
        came=61,
        outcome=prose(past.PAY_OUTCOME),
        questions=(
            Question(
                "What would you like to ask?",
                "text",
                "We begin with the questions that came in writing.",
            ),
        ),
    ),
    Event(
        slug="how-we-calibrate",
        title="How we calibrate: an evening in the dark",
        summary="Leonor and Bia put six gauges on the flume after the last tram. You read the brass points.",
        form="in_person",
        place="lisbon",
        venue="Alderford workshop, Rua do Açude 14, Lisbon",
        zone="Europe/Lisbon",
        days=-71,
        at=time(20, 30),
        minutes=120,
        capacity=14,
        hosts=("leonor",),
        interests=("hardware", "hydrology"),
        description=prose(past.CALIBRATE),
        seats_taken=14,
        waiting=3,
        came=13,
        outcome=prose(past.CALIBRATE_OUTCOME),
        picture="night-calibration",
        alt="A gauge on a post leans over dark water, with a lantern beside it and its light on the water.",
    ),
    Event(
        slug="open-workshop-in-lisbon",
        title="Open workshop in Lisbon",
        summary="Every bench has somebody at it who likes to explain. Bring something broken and a question.",
        form="in_person",
        place="lisbon",
        venue="Alderford workshop, Rua do Açude 14, Lisbon",
        zone="Europe/Lisbon",
        days=-23,
        at=time(17, 30),
        minutes=150,
        capacity=40,
        hosts=("leonor", "ines"),
        interests=("hardware", "engineering", "field"),
        description=prose(past.WORKSHOP),
        seats_taken=40,
        waiting=6,
        came=36,
        outcome=prose(past.WORKSHOP_OUTCOME),
        questions=(
            Question(
                "Which bench first?",
                "choice",
                "So that nobody stands in a queue.",
                ("Repair", "Calibration", "Firmware", "Wherever there is room"),
            ),
            Question("What will you bring?", "text", "We put out the right screwdrivers."),
        ),
        picture="open-workshop",
        alt=(
            "A tiled workshop by a wide river at dusk, light in its arched windows, a "
            "boat on a trailer outside."
        ),
    ),
    Event(
        slug="an-hour-with-the-firmware",
        title="An hour with the firmware",
        summary=(
            "Amina opens the source of the Heron, wakes up a gauge in a real river, and "
            "mends a small bug with you."
        ),
        form="online",
        place="",
        venue="Video call with captions; the link comes with your seat",
        zone="Africa/Dakar",
        days=8,
        at=time(16, 0),
        minutes=60,
        capacity=60,
        hosts=("amina",),
        interests=("engineering", "hardware"),
        description=prose(soon.FIRMWARE),
        seats_taken=34,
        questions=(
            Question(
                "Have you written C before?",
                "choice",
                "It sets our pace.",
                ("Yes", "A little", "Not yet"),
            ),
        ),
    ),
    Event(
        slug="a-walk-along-the-trancao",
        title="A walk along the Trancão",
        summary=(
            "Six kilometres, three gauges, one heron if we are quiet. Twelve people, so that everybody hears."
        ),
        form="in_person",
        place="lisbon",
        venue="Sacavém station, exit to the river",
        zone="Europe/Lisbon",
        days=15,
        at=time(16, 30),
        minutes=150,
        capacity=12,
        hosts=("ines", "leonor"),
        interests=("hydrology", "field", "people"),
        description=prose(soon.WALK),
        seats_taken=12,
        waiting=5,
        questions=(
            Question(
                "Do you need a shorter or step-free way?",
                "yes-no",
                "There is one. We take it if you like.",
            ),
        ),
        picture="river-walk",
        alt="A path follows the bends of a river through reeds; a heron stands at the edge.",
    ),
    Event(
        slug="tea-with-samuel",
        title="Tea with Samuel: first jobs and fresh starts",
        summary=(
            "For students, people in their first years, and people coming back to work. Bring a CV, or no CV."
        ),
        form="hybrid",
        place="utrecht",
        venue="Sluiskade 9, first floor (lift), Utrecht",
        zone="Europe/Amsterdam",
        days=22,
        at=time(16, 0),
        minutes=90,
        capacity=18,
        online_capacity=30,
        hosts=("samuel",),
        interests=("people", "engineering", "data"),
        description=prose(soon.TEA),
        seats_taken=29,
        questions=(
            Question(
                "Something you would like to talk about",
                "text",
                "Samuel prepares, and brings the right people.",
            ),
        ),
    ),
    Event(
        slug="charts-in-gloves",
        title="Charts in gloves",
        summary="Yuki and Ruth redraw one warning page with you, from a house in Kyoto and one in Nairobi.",
        form="online",
        place="",
        venue="Video call with captions and a shared drawing board; the link comes with your seat",
        zone="Asia/Tokyo",
        days=29,
        at=time(18, 0),
        minutes=75,
        capacity=40,
        hosts=("yuki", "ruth"),
        interests=("design", "product", "data"),
        description=prose(soon.CHARTS),
        seats_taken=27,
        questions=(
            Question("Where will you be?", "text", "We like to greet people with the right time of day."),
            Question("Do you have gloves at hand?", "yes-no", "Oven gloves count."),
        ),
        picture="four-windows",
        alt="Four windows of four houses, each with another time of day outside and somebody's lamp inside.",
    ),
    Event(
        slug="what-the-filter-took-away",
        title="What the filter took away",
        summary=(
            "An evening about the numbers that get deleted: spikes, gaps, otters, and how "
            "to keep an honest record."
        ),
        form="hybrid",
        place="lisbon",
        venue="Alderford workshop, Rua do Açude 14, Lisbon",
        zone="Europe/Lisbon",
        days=43,
        at=time(18, 30),
        minutes=90,
        capacity=30,
        online_capacity=100,
        hosts=("ruth", "nikos"),
        interests=("data", "hydrology"),
        description=prose(soon.FILTER),
        seats_taken=41,
    ),
    Event(
        slug="open-workshop-in-utrecht",
        title="Open workshop in Utrecht",
        summary="The bicycle repair shop downstairs and we open our doors together. Two stairs, one soup.",
        form="in_person",
        place="utrecht",
        venue="Sluiskade 9, Utrecht",
        zone="Europe/Amsterdam",
        days=64,
        at=time(17, 0),
        minutes=150,
        capacity=35,
        hosts=("priya", "wouter", "samuel"),
        interests=("engineering", "field", "hardware", "product"),
        description=prose(soon.UTRECHT),
        seats_taken=11,
        questions=(
            Question(
                "What may we cook without?",
                "text",
                "There is soup. We forget your answer after the event.",
            ),
        ),
        picture="canal-lock",
        alt="A canal with a lock gate, narrow brick houses with stepped gables, and a canoe waiting below.",
    ),
)
