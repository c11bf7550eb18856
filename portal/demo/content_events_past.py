"""Texts of events that are over: what we invited to, and what came of it."""

BOAT_DAY = """
Wouter takes out both flat boats and sixteen people. In the morning we look for a place for a post, which
is mostly a conversation about where the ice goes. Then you set one, in clay, with a hammer, and find out
whether it is straight.

- **9:30** coffee at the jetty, life jackets, who sits where
- **10:00** on the water
- **13:00** pancakes at the lock, then home

We lend boots in all sizes from 34 to 49. The boats have a ramp and one of them takes a wheelchair.
"""

BOAT_DAY_OUTCOME = """
Fourteen people came, three posts were set, and two of them were straight. The third one is the one we
kept, because the river had already chosen the place. Mariam, who came as a guest, works in the field
crew now. Her post was one of the straight ones.
"""

PAY = """
Everybody here is paid by one table with twelve steps, and everybody can see it. Joost explains how it
came about and what we got wrong in the first version. Daan shows what a step costs and what it means in
Lisbon, in Utrecht and in Nairobi. After that it is your hour.

You can send your question with your seat, without your name if you like. We record nothing. Captions are
written by a person.
"""

PAY_OUTCOME = """
Sixty-one people came and asked 43 questions. We could not answer two of them: whether part-time years
should count in full for a step, and what happens when somebody moves to a cheaper town. We promised an
answer. Part-time years count in full now, and nobody's pay goes down because they move.
"""

CALIBRATE = """
We calibrate after the last tram, because a tram makes waves of six tenths of a millimetre. For one
evening you can read the gauge with us. It is a brass point that you raise from below until it just
touches the surface, and it asks for nothing but patience and eyes.

The hall is not heated. The water is at eleven degrees. There is soup at half past nine. If you see
badly, we have a second way to read it, by touch, which is nearly as good and which we would like to try.
"""

CALIBRATE_OUTCOME = """
Thirteen people made 156 readings. Half of them were within three hundredths of a millimetre of each
other, which is better than ours from the year before. The way to read it by touch worked so well that it
is in the procedure now.
"""

WORKSHOP = """
The doors are open and so are the instruments. At the repair bench you may take a Heron apart, at the
flume you may try to fool one, and at the firmware table Amina's gauges report from rivers where it is
raining at that moment.

Bring something broken: a radio, a kettle, a toy. Leonor's people mend what can be mended and say so if
it cannot.

The ground floor is step-free. The quiet room behind the store is open all evening, for anybody.
"""

WORKSHOP_OUTCOME = """
Thirty-six people came with 22 broken things, of which 17 went home working. A food mixer could not be
saved and is now part of a stirring rig. Seven guests wrote to us in the week after; each of them has had
an answer from the person they met.
"""
