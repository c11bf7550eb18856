"""Texts of the stories about hiring, leave and coming back."""

AFTER_LEAVE = """
On the morning I came back, my plant was alive. I noticed that before I noticed anything else.

I had been away for five months with our second daughter. I run the people team, so I had written the
leave policy myself, and I knew every line of it. What I did not know was how it feels to stand at the
coffee machine and see that they have changed the beans.

The policy gives everybody who becomes a parent, in whatever way, 22 weeks at full pay. It also says that
for the first month back you work three days and are paid for five. I had argued for that in a meeting,
with figures. I had not understood what it was for. On my first day I had slept for four hours, I had
forgotten my password, and in a conversation about the pay table I said "sleepy time" instead of "step
nine". Three days was exactly as much as there was of me.

Samuel had done my job in the meantime, and had done it well. That was wonderful, and for a week or so it
stung. He had also kept a diary, half a page a week, of what had been decided and why: not the minutes,
but the doubts. *We moved the interview days to Tuesday. I am not sure. Ask me again in spring.* I read
it on the sofa with the baby on my arm, and by the end of it I was back, as far as one can be.

He kept one thing for himself, the visits of students, because he likes it more than I do and is better
at it. We agreed on that in ten minutes. I think of it as the real result of my leave. Nobody would ever
have asked for it.

Since then, we have put two lines in the policy. Whoever stands in for you writes the diary, and gets an
hour a week to do it. And when you are back, you and that person sit down and decide what stays with
them. You are not owed your old job down to the last task. You are owed one that is as good, and a say in
it.

The plant, I have found out, had been watered by Daan from finance. There was a spreadsheet. It had a
column for the weather.
"""

SUBTITLES = """
I have been hard of hearing since I was nine. I read lips in three languages and guess in two more. In an
interview this means that a third of my head is busy with hearing, a third with looking as if I were not,
and the rest is left for the question.

I had applied for eleven jobs that year. Under "do you need any adjustments", I had learned to write
*none*.

The letter from Samuel did not ask that. It said: *This is how the hour will go: who will be there, where
everybody will sit, what we will ask. Here are five things we can change. Tick what you like, you need
not say why.* The questions came with it. Number three on the list was live captions. Number four was to
do one part in writing.

I ticked both, then unticked them, then went for a walk, and ticked them.

It took place in Lisbon, on a warm day. The table was round, and there was a screen beside each of the
two people, so that I saw the face and the words in one look. The windows were closed because of the
tram. When the captions made *flood plane* out of *flood plain*, Leonor waited until I had stopped
laughing. Then we did the written part: we sat side by side and answered a letter from an angry mayor, a
real one, in a shared document. I type fast. I have spent my life making up in writing for what I missed
in rooms. For the first time in an interview I was the quickest person at the table.

In the evening, on the flight home to Thessaloniki, I noticed that I was not tired.

I look after sixty towns and water boards now. Almost all of it is in writing, and it turned out that
many of the customers like that better too: a fireman does not want to be rung up, he wants to read two
lines on a ladder. Our calls have captions for everybody. No one remembers who they were for.

I asked Samuel later how many people tick something on the list. Six out of ten, he said. Most often it
is the breaks. The form is not really about people like me, he said; it is about an hour in which you get
to see what somebody is like when nothing is in the way.

We went through it together last month and added a number six: *come with someone*. I would have ticked
that one as well.
"""

PAPER_BOATS = """
For seven years we gave every engineer a task to do at home. It was a good one: read a file of water
levels, find the gaps, fill them in, write down how sure you are. Four hours, we said.

I liked that test. I had helped to write it. I used to tell people how fair it was: the same for
everybody, no nerves, no one looking over your shoulder.

Then, in the same week, I got two letters. The first was from a woman who had done it in the evenings,
after her boys were asleep, in six sittings. She had counted: eleven hours. She apologised for the typing
errors after midnight. The second was from a man who thanked us for the interesting problem and withdrew.
He had three such problems on his table, from three companies, and a mother in hospital. He had chosen
the shortest.

I went through the last hundred people and rang those who had dropped out at that step. There were
thirty-four. I had thought that they had lost interest. Two had. The others had run out of evenings.

So it was the same for everybody only in the way that a flight of stairs is.

We stopped that month, and for a while we had nothing in its place, which made for some rather vague
conversations. Then Priya suggested we simply do an hour of our work with them. You get it three days
before: a real bug, a real gauge that behaves oddly, a real page that confuses people. Two of us sit with
you, and we get stuck with you, because often we do not know the answer either. At the end you know what
it is like to work with us, and that goes both ways. It is paid, at the rate of the role.

It costs us more. It is two people for an hour and a half, with the notes, and that used to be fifteen
minutes of reading. But out of ten people we invite to that hour, nine come. With the test it was six.
The woman with the six sittings leads our forecast tests now. When I told her that I was writing this,
she asked me not to make it sound as if she had been rescued. She was not. She sent us an invoice for the
eleven hours, after she had signed, as a joke. Joost paid it.

The last printed copies of the test were folded into boats at the summer party. Mine got as far as the
second weir.
"""
