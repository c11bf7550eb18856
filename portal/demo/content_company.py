"""Alderford, the invented company of the demo: what it is called, what it promises, who works there."""

from dataclasses import dataclass

from portal.demo.prose import prose


@dataclass(frozen=True, slots=True)
class Company:
    """A company's public face."""

    name: str
    tagline: str
    hue: int
    """The brand colour as an angle on the oklch circle."""
    postal_address: str
    about: str
    """Markdown."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at the company and has an account in the staff area."""

    slug: str
    name: str
    title: str
    email: str
    role: str
    """What they may do: admin, recruiter, teammate or viewer."""
    place: str
    """Slug of a place in `content_interests.PLACES`."""
    bio: str
    writes: bool = False
    """The person whose name stands under letters that the company sends."""


COMPANY = Company(
    name="Alderford",
    tagline="Instruments for small rivers, and people who know where they flood",
    hue=155,
    postal_address="Alderford Instruments, Rua do Açude 14, 1900-999 Lisboa, Portugal",
    about=prose(
        """
        ## Who we are

        Alderford makes gauges for small rivers: the ones without a harbour, a bridge of note or a
        scientist of their own. A **Heron** stands on a post and measures the water level by radar. A
        **Caddis** is as big as a thermos flask, lies on the river bed, and reports oxygen, temperature and
        how muddy the water is. What they measure arrives in **Riverbook**, which warns a village before its
        cellars fill up and tells a water board why its trout have gone.

        We are 74 people. Twenty-nine work in Lisbon, where the workshop is; twenty-one in Utrecht, above a
        bicycle repair shop on the Sluiskade; and twenty-four from home in eleven countries. Some 1,900 of our
        gauges stand in 340 rivers. We know most of them by name.

        Alders grow with their feet in the water and do not mind. A ford is where people can get across. That
        is where the name comes from, and it was the only one all four founders could pronounce.

        ## What we value

        - **Say what you know and how well you know it.** A measurement has an error bar. So does an opinion.
        - **Mend before you replace.** It holds for instruments, for code and for arguments.
        - **Get your feet wet.** Everybody, finance included, spends two days a year at a river with one of
          the field crew.
        - **Go home.** Rivers flood at night; people on call are paid for it and sleep the next morning. The
          rest of us stop at a sensible hour.

        ## How we hire

        1. **A talk** of 30 minutes with Inês or Samuel, about you and about the work, pay included.
        2. **A working hour** with two people of the team, on a thing we are really doing. You get it three
           days before. There is no homework and no puzzle.
        3. **A visit**, in Lisbon, in Utrecht or on a screen: the people you would see every day, and time to
           ask them whatever you like without us in the room.

        From first talk to answer takes three weeks, and we tell you on which day you will hear. You get an
        answer whatever it is, with the reasons if you want them. Tell us what would help: questions in
        writing, captions, breaks, a lift instead of stairs, somebody beside you. Nobody has to say why.

        ## What the talent network is

        It is for people who like what we do and are not applying today. You say what you care about and
        how often you want to hear from us. We write once a quarter, invite you to things that are worth
        coming to, and tell you about a role if it fits what you told us.

        What we promise:

        - A person writes, a person reads your answer, and replies within five working days.
        - You see how many mails your choices mean before you save them.
        - A role on these pages is real. It carries the name of the colleague who confirmed it, and the day.
        - Leaving takes two taps, and is nobody's business but yours. Coming back takes two as well.
        """
    ),
)

COLLEAGUES: tuple[Colleague, ...] = (
    Colleague(
        "ines",
        "Inês Carvalho",
        "Talent partner",
        "ines@example.org",
        "recruiter",
        "lisbon",
        "Writes the newsletter and most of the letters. Was a stage manager before, and still runs "
        "interviews by the clock so that nobody waits in a corridor.",
        writes=True,
    ),
    Colleague(
        "samuel",
        "Samuel Adeyemi",
        "Talent partner, first jobs and returners",
        "samuel@example.org",
        "recruiter",
        "utrecht",
        "Looks after people at the start of their working life and people coming back to it. Keeps a tin of "
        "biscuits for visitors and fills it himself.",
    ),
    Colleague(
        "joost",
        "Joost van der Veen",
        "Head of people",
        "joost@example.org",
        "admin",
        "utrecht",
        "Joined as our eleventh colleague, to do payroll. Father of two, rower, keeper of the open pay "
        "table.",
    ),
    Colleague(
        "leonor",
        "Leonor Pinto",
        "Workshop and calibration lead",
        "leonor@example.org",
        "teammate",
        "lisbon",
        "Watchmaker by training. Every Heron passes through her hands, or those of somebody she taught.",
    ),
    Colleague(
        "wouter",
        "Wouter Brandsma",
        "Field lead, north",
        "wouter@example.org",
        "teammate",
        "utrecht",
        "Drives the van, knows the farmers, can set a post in a clay bank in forty minutes.",
    ),
    Colleague(
        "amina",
        "Amina Diallo",
        "Firmware engineer",
        "amina@example.org",
        "teammate",
        "dakar",
        "Makes two AA batteries last four years. Works from Dakar, and answers questions about radio with a "
        "drawing.",
    ),
    Colleague(
        "ruth",
        "Ruth Wanjiru",
        "Data hydrologist",
        "ruth@example.org",
        "teammate",
        "nairobi",
        "Reads river levels the way other people read faces. Studied in Delft, lives in Nairobi again.",
    ),
    Colleague(
        "priya",
        "Priya Raman",
        "Software engineering lead",
        "priya@example.org",
        "teammate",
        "utrecht",
        "Leads the six people who build Riverbook. Came for a year, stayed for seven, learned Dutch at "
        "a lock.",
    ),
    Colleague(
        "yuki",
        "Yuki Tanabe",
        "Product designer",
        "yuki@example.org",
        "teammate",
        "kyoto",
        "Draws charts for people in a hurry. Tests every one of them outdoors, in gloves, at least once.",
    ),
    Colleague(
        "nikos",
        "Nikos Laskaris",
        "Customer success, south and east",
        "nikos@example.org",
        "teammate",
        "thessaloniki",
        "Speaks with 60 water boards and municipalities, in five languages, mostly in writing.",
    ),
    Colleague(
        "daan",
        "Daan Hoekstra",
        "Finance",
        "daan@example.org",
        "viewer",
        "utrecht",
        "Counts things, including what they cost the people who come after us.",
    ),
)
