"""Texts of the stories that happen by the water, in the workshop and on the road."""

TORCHLIGHT = """
The flume in our workshop is nineteen metres long and shakes when a tram passes. You do not notice it by
day. A Heron does: it measures the distance to the water eight times a second, and when the 28E goes
round the corner it sees a wave of six tenths of a millimetre that is not there.

So twice a year we calibrate at night, after the last tram.

That evening there were twelve Herons on the rail, eleven new ones and one that had come back from the
Zêzere with a wasp nest inside. Bia, who had been with us for three weeks, read out the level from the
hook gauge, which is a brass point you screw up from below until it just kisses the surface. I wrote.
Amina was on the phone from Dakar and changed the settings as we went along. At ten past one a fuse blew
and took the whole hall with it.

I wanted to send everybody home. Bia said, from somewhere in the dark, "The water is still level."

She was right. A flume does not need electricity to be flat, a hook gauge does not either, and a Heron
runs on two batteries. We found three torches and a bicycle lamp. The odd thing is that it went better.
With the big lights on you look at the screen. With a torch you can see only the point and its
reflection, two small brass tips coming towards each other, and when they meet there is no doubt about
it. Bia's readings after the fuse scatter half as much as mine from before.

We finished at a quarter to four. The Zêzere one was within a millimetre, wasps and all.

Two things have changed since. We calibrate with the hall lights off and one lamp behind the hook gauge,
and the procedure says why. And the person who reads the gauge is no longer the most senior one in the
room, but the one with the steadiest eyes that week. We find out with five readings before we start. It
has been Bia four times, an intern once, and me never.

If you want to see it: we do an open evening about it now and then. Bring a jumper. The hall is not
heated and the water is at eleven degrees whatever the season.
"""

NOTEBOOKS = """
We had come to put up a post. The bank of the Kromme Rijn was soft, the farmer was friendly, and I had a
coffee in my hand and a drill in the van, when Mr Van Eck asked why we did not just use his.

His what?

He took us into the barn. Behind the door, on the timber frame, there were pencil marks from knee height
to well above my head, each with a date. His grandfather had begun in 1926, after a week with the cows on
the dike. Whenever the river came into the yard, somebody went to the door with a pencil. There were also
notebooks: forty-one of them, in a cupboard that had once held medicine for horses. Water at the
footbridge, in centimetres, every Sunday after church. His mother had missed one Sunday in 1953 and wrote
down why: *been to help in Zeeland*.

I have a degree in this. We own a van full of radar. And here was a series of almost a hundred years, by
hand, at the place where we wanted to begin with nothing.

We asked whether we could photograph them. He said we might, if we did it at his table and not at our
office, and if we explained what we saw as we went along. It took me and Ruth, who lived in Delft then,
four Saturdays. His granddaughter typed, Ruth found the places where the footbridge had been rebuilt and
the zero had moved, Mr Van Eck told us which flood had been ice and which had been a lock keeper asleep.
You will not find that sort of remark in a database. It is in ours now, as a column.

The gauge on the footbridge is called *Van Eck* and stands exactly where the Sunday stick stood. In its
first spring it warned the four farms downstream five hours ahead. He rang me that evening. The gauge
said 214 centimetres. He had been down with the stick, and it was 216.

I went to look. There was a sag in the footbridge, right under our post. It was 216.

What I tell new people in the field crew is not that old ways are better. It is that before you drill,
you should ask who has been looking at this river already, and take off your boots in the hall.
"""

BOOTS = """
On my first day I was given a laptop, a locker and a pair of boots in size 39. I am a firmware engineer.
I put the boots under the desk and thought: nice gesture.

On the second day we went to the Tejo marshes and I found out about the boots.

I had flown in from Dakar to spend my first week with the people whose gauges I would be programming. I
had read the source code before, all of it, and I had opinions. One was that the firmware woke up far too
often to look at its battery. I could save four months of battery life with one line. I had more or less
written it on the plane.

Leonor did not argue. She gave me a Heron that had been on a post for three years and said, "Open it." I
tried. The screws were full of fine grey silt, my hands were wet, it was nine degrees, and there was a
wind. It took me eleven minutes. Behind the lid, the battery contacts had gone green. "When the contacts
corrode," she said, "voltage drops for a few seconds when it gets cold, then comes back. If you look once
an hour, you never see it. Then one morning it is dead, and someone drives four hours."

So that is why it looks so often. No comment in the code said so. The person who wrote it had been at
that post in that wind and it did not seem to need a comment.

By Thursday I could set a post, bail out a boat and say *cuidado com a lama*, though usually a second too
late. On Friday I sat down in the office, with dry socks, to write my first change. It was not the line
from the plane. It was a comment of nine lines above the battery check, with a photograph of the green
contacts in the documentation beside it. Two colleagues approved it within five minutes. One wrote:
*finally*.

In the end we did save the four months. We look at the battery often when it is cold and seldom when it
is warm, which nobody would have thought of at a desk, me included.

Every new colleague gets the boots now on the first day, and on the second day a reason for them. Mine
are by my door in Dakar. It hardly ever rains here. They are not for the rain.
"""

OTTERS = """
At 03:12 every night, the river Maigue stopped breathing.

That is how it looked. A Caddis on the river bed near Croom reported nine milligrams of oxygen in a
litre, as a trout likes it, and then, for four or five minutes, almost nothing. Then nine again. Night
after night, always within half an hour of three o'clock.

When a number looks wrong, there is a temptation to make it go away. We have a filter for spikes. It
would have taken these out without telling anybody, and for the first ten nights it did. I only found
them because I was comparing the raw series with the clean one for a talk, and wanted a nice picture of
the filter doing its job.

My list of explanations went like this. A sewage works that discharges at night: none upstream. A cold
joint in the cable: it would not keep office hours. Cattle: asleep. Somebody emptying a tank: possible,
and serious enough to ring the county council, who were kind about it and sent a man with a torch two
nights in a row. He saw nothing, because whatever it was did not come when there was a man with a torch.

On the third night he left a camera instead.

You can see the Caddis in the picture, a grey tube among the stones. You can see an otter lying on it, on
its back, holding an eel with both hands. In the second picture there are two. In the fourth picture one
of them has put a foot into the slot where the water flows past the sensor, and that is our four minutes
without oxygen: fur. The tube is slightly warmer than the river. It had become the seat by the radiator.

We made a little cage of stainless wire and the otters have gone back to their stone. But I left the raw
series in Riverbook, with a note and the photograph, and the filter now keeps a list of everything it has
removed, with the time of day. If it takes something out at the same hour three nights running, a person
gets a message. There have been nine such messages so far. Three were pumps, four were boats, one was a
leak that nobody knew about, and one was a heron, the kind with feathers.
"""

SPARE_PART = """
I work in finance, so I was asked what a new housing costs. Eighteen euros and forty cents, I said, in
lots of five hundred. That was my whole contribution to the meeting, and I was pleased with it.

The question was whether to go on mending Herons that came back with a cracked housing. A repair took
Leonor's people 35 minutes. A new one took nine. Anybody can do that sum. I had done it, on a slide, with
a green arrow.

Leonor did not say that I was wrong. She asked me to come down and spend my two river days at her bench
instead. I said yes because it was February, and her bench is in Lisbon and indoors.

You learn a lot from things that are broken. On the first morning I opened fourteen. Nine had cracked at
the same place, by the lower left screw, and I could soon tell by the feel of it that the screw had been
put in by a machine set a little too tight. Nobody had noticed, because until then nobody had kept the
old housings: they went into a bin, and a bin has no lower left. Three had been shot at. One had been
chewed. One had nothing wrong with it; it had been swapped by somebody who could not get a signal and
wanted to go home. I sympathised.

On the second day I did a different sum. What had it cost to send a person to each of those nine rivers?
How far is it? Who was not warned in the meantime? I asked Nikos to ring the towns. One of them had
stationed a volunteer fireman on a bridge with a torch for three nights, because our gauge was out.

The screw is now tightened by hand, to a click. The crack has not come back in two years. That repair
bench, which on my slide was a cost to be removed, is the cheapest research department we have: it found
the screw, the wasps, and the cable that tastes of something to martens.

I still make slides. But there is a column on them that was not there before, called *who stands on the
bridge*. It is often empty. When it is not, we talk about that line first.
"""
