"""Texts of events that are still to come."""

FIRMWARE = """
Amina writes the program inside the Heron. In this hour she opens it and walks through one waking: a
gauge in a river starts up, measures, decides whether the number is worth the battery, and goes to sleep.
You will see it happen on a real one near Ziguinchor, about four minutes after the hour.

Then we mend a bug. It is small, it is real, and she has not looked at it yet, so you will see her get
stuck.

You need no experience with hardware. If you have never written C you will be able to follow all the
same. There are captions, and the chat is read aloud.
"""

WALK = """
The Trancão was once the dirtiest river of the country, and is a river again. We walk along its last six
kilometres to the Tejo, with three of our gauges on the way, and stop wherever somebody has a question.

Inês comes for the questions about work, Leonor for those about instruments, and both for the heron that
stands below the second bridge on most days.

- The way is flat and mostly gravel. A shorter, step-free way of two kilometres meets us at each gauge.
- We walk in light rain. If a warning is out for the river, we write to you by noon and choose another
  day.
- Twelve seats, so that everybody hears. If you cannot come, give yours back: the next person is told at
  once.
"""

TEA = """
Two groups of people ask Samuel the same questions: those who have never had a job like ours, and those
who have been away for some years, with children, with parents, or ill. So he asks both to tea.

Priya and someone from the field crew come as well. They tell how they got in, and what they would not do
again. After that it is a table with people around it. You can show a CV and ask what we would read in
it. You can also just listen.

Come to the Sluiskade or join by video: the table has a camera and one person whose only task is to look
after those on the screen.
"""

CHARTS = """
A warning page has to work at half past five in the morning, in sleet, in gloves. We take one that does
not, a real one of ours, and redraw it together.

- **First 15 minutes:** Ruth tells what the forecast knows and how well it knows it.
- **Next 40:** four small groups, each with one of us. You draw on the board or on paper held up to the
  camera.
- **Last 20:** we try all four on a telephone, outdoors, in gloves, in front of you.

It is six in the evening for Yuki and noon for Ruth. If it is the middle of the night for you: we publish
the four drawings and what we learned, and you can write to us about them.
"""

FILTER = """
Every series of measurements has been tidied up by somebody. Ruth shows what our filter removed from
forty rivers in one year, and what it should have left alone. Nikos tells what it looks like from the
other side, when a town asks why the number of last night is not there any more.

Bring a series of your own if you have one: temperatures of a cellar, a bus timetable and the truth, the
weight of a cat. We look at three of them at the end.

In the workshop in Lisbon, and by video with captions. Ruth speaks from Nairobi, so those at home will be
as near to her as those in the hall.
"""

UTRECHT = """
We live above a bicycle repair shop. Once a year, the two of us open at the same time: downstairs you
learn to true a wheel, upstairs you learn to fool a river gauge, and both have the same spanners.

Priya shows the map on which warnings are made and lets you send one, to a telephone that lies on the
table. Wouter has the van in the yard. Samuel makes the soup.

There is a lift. Children are welcome and there is a tub of water for them with a gauge in it.
"""
