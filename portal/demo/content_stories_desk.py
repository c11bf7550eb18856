"""Texts of the stories that happen at desks, by day and by night."""

WRONG_VALLEY = """
On a Thursday at 16:40, in a week when all of us had come to Lisbon, I warned the wrong valley.

There are two rivers called Alva in our data, a big one and a small one, and they had two numbers that
differed in the last digit. I was moving a threshold. I moved it for the wrong one. Eleven minutes later,
212 people on the small Alva got a message on their telephones that the water would be in their street by
six.

It had not rained there for nine days.

I would like to say that a test caught it, or an alarm. What caught it was a baker, who rang the number
at the bottom of the message, got Nikos, and asked him in a level voice which water we meant. Nikos
walked over to my screen while he was still talking. I remember his shoes. I remember that he did not say
my name on the telephone, not once. He said: "We have made a mistake, I can see it in front of me, and
you will have a second message within five minutes." Then he put his hand over the phone and asked what I
needed.

The second message went out at 17:02. We wrote that the first one was wrong, that it was our error, that
nobody needed to do anything, and that they would hear by Monday how it had happened. On Monday they did.
Nikos and I drove there with the explanation, printed, and I stood in the parish hall and told it to
sixty people. I had expected anger. An old man asked how the warning would have reached him if his
telephone had been off. It was a much better question than any that we had asked ourselves.

These things are different now. A threshold shows its river on a map, with the last photograph from the
gauge, and you type the name of the nearest village before you save. A warning for a place without rain
waits for a second pair of eyes, for at most four minutes. And in that valley the church bell can be rung
by our system, because the old man asked.

I offered to be taken off the on-call list. My lead said that I was now the only person in the company
who would never do this again, so why would she replace me by somebody who might?

I tell this story to everyone who joins the data team, in their first week. Some of them look at the
floor. I hope that it is easier, when their own day comes, to be the first one to say it.
"""

TWO_AT_NIGHT = """
The message said: *Gauge 0417 has been on the Moon since 1970.*

It was two in the morning in Dakar. It was a colleague's joke, written into the alarm text years ago, for
the case that a gauge reports a position of nought and a date of nought. I laughed, alone in my kitchen,
and then I saw that there were thirty-one of them.

When one gauge loses its mind, it is water. When thirty-one do, it is us. We had sent a new firmware to
the first hundred gauges at noon. I wrote to Priya that I was looking. On call means that you look, it
does not mean that you look alone, and it is a rule that the second person gets woken up only if the
first one asks. I did not ask yet.

The thirty-one had nothing in common. Different rivers, different batches, different weather. I put them
on a map and saw nothing. I sorted them by age, by battery, by signal. Nothing. At ten to three I made
tea and did what Leonor taught me, which is to stop looking at the thing and look at where it stands. I
opened the photographs that the field crew take on the day they set a post.

Trees. Every one of the thirty-one stood under trees.

A gauge under leaves needs longer to find a satellite. The old firmware waited up to three minutes. The
new one was cleverer about power: it waited for ninety seconds, and if it had found nothing it stored
what it had. What it had was nought. Nobody under an open sky would ever have seen it, and my desk, where
I had tested it for two weeks, stands by a window on the fourth floor.

I rolled back the hundred at 03:20, wrote five lines about it, and went to bed. Priya read them at eight
with her coffee and moved my Thursday meetings so that I could sleep until noon. That is also a rule. She
did not have to be asked.

We have a tree on the test bench now. It is made of plastic, it came from a garden centre, and it has a
plate with a serial number like every other instrument we own. New firmware spends a night under it. The
alarm text about the Moon is still in there. I think about taking it out every time I see it, but it was
the reason I was smiling when I began.
"""

IN_A_HURRY = """
For two years I was proud of one chart. It showed the river level of the last week, the forecast with its
range in three shades of blue, and the dike height as a fine dotted line. It was calm. Designers liked
it.

Then I stood on a dike near Kampen at half past five in the morning, in sleet, beside a warden called
Gerda, and watched her use it.

She held the tablet under her coat. She had gloves on, and took off the right one with her teeth. The
three shades of blue were one shade of grey. She zoomed in to find the dotted line and lost the forecast;
she zoomed out and lost the line. Then she put the tablet away, knelt down, and looked at a mark on a
stone.

"What do you want to know?" I asked.

"How many hours until it is at this stone," Gerda said. "And whether to wake up the others."

That is a number and a yes or no. I had given her eleven hundred pixels of nuance.

On the train back I drew the page again. At the top there is now a sentence: *At the stone in about 7
hours, between 5 and 10. No need to call yet.* It is as big as fits. Below it comes the chart, with one
line, one range, and the stone drawn in as a stone. The buttons are as large as a thumb in a glove,
because I measured one: 19 millimetres. If you turn the tablet to the side you get everything I had
before, and people who like shades of blue can still have them.

The sentence was hard. Ruth would not let me write "about 7 hours" without the range, and she was right;
Gerda would not read a range without being told what to do, and she was right as well. We went through 23
versions. Nikos had each of them read aloud over a bad phone line in four languages, since that is how
half of our warnings travel in the end.

I test everything outdoors now, at least once, in gloves. In summer I use the freezer at home. My family
has stopped asking why there is a tablet between the peas.

The old chart hangs framed in our kitchen in Kyoto. It really was calm.
"""

LOCK_DUTCH = """
I had lived in Utrecht for four years, and my Dutch was good enough for bread. Everybody at work speaks
English. Everybody in the shops does too, as soon as they hear me try. You can live a whole life like
that, polite and a little to one side.

What changed it was a lock that was closed.

I had taken a canoe out on the Vecht on a Sunday, and the keeper at the small lock had a sign up that I
could not read. I asked in English. He shook his head. Not rudely: he really did not speak any, which in
this country is rarer than an otter. So we stood there, he with a thermos, I with a paddle, and I tried.
*Wanneer... open?* He thought about it. He held up four fingers, pointed at the sun and moved it along.
Then he said it slowly, in whole sentences, as if I had all the time in the world, and I had.

His name is Henk. I went again the next Sunday, and took a notebook. He taught me water words first:
*sluis*, *peil*, *verval*, *kwel*, which is the water that comes up under a dike and has no English name
worth having. By spring I knew forty words for wet and still could not order at the dentist. In return I
helped him with his telephone.

At work I said nothing about it for months. Then, in a call with a water board, a woman said to her
colleague, in Dutch and half aside, that our forecast page never told her about the *kwel*, and that this
was the only thing she lost sleep over. Nobody had translated it, because it was not meant for us. I
answered her. In Dutch, badly, with all the right nouns. There was a silence, and then both of them began
to talk at once.

We built the seepage page that summer. It is called *Kwel* in all six languages.

The company pays for courses, and I have taken one since: it gave me verbs. Anybody here can have two
hours a week for it, in working time, and about half of us do. Wouter is learning Portuguese from the
drivers of the Lisbon van. I would not put his vocabulary on this page.

Henk is retired now. The lock works by remote control, with our level gauge on its upper gate. He says
that it opens a little too early. I am looking into it.
"""
