"""Texts of the roles: what there is to do, what it pays, how the hiring goes and how long each step takes."""

FIRMWARE = """
You write the program inside the Heron and the Caddis: C, some Rust, very little power. A gauge wakes up,
measures, decides what is worth a message, and sleeps. Two batteries have to last for four years, and the
person who changes them has to wade.

## What you will do

- Look after the part that decides when to measure and when to send, together with Amina.
- Bring the Rust port of the radio driver to the first hundred gauges, under trees this time.
- Be on call one week in six. It is paid, and you sleep the next morning.

## What helps

You have written software for small devices that somebody relied on, and you can explain a decision to
people who do not read code. We do not ask for a degree. If you have done most of this and not all of it,
write to us.

## What you get

**52,000 to 64,000 euros** a year, step 7 to 9 of our pay table, wherever you live. 30 days of leave.
Remote, or at a bench in Lisbon. Full time, or four days.

## How the hiring goes

1. A talk with Inês, 30 minutes
2. A working hour with Amina and Leonor; you get the bug three days before, and we pay for the hour
3. A visit or a call with the team, half a day

Three weeks in all. We tell you on the first day when the answer will come.
"""

CALIBRATION = """
Every Heron is measured against water before it leaves us. You do that, at a flume nineteen metres long,
with a brass point and your eyes. It is quiet, exact work in a hall with six people who like music from
different decades.

## What you will do

- Calibrate about 20 gauges a week and write down what you see, also when it does not fit.
- Mend the ones that come back, and find out why they did.
- One night a quarter, when the trams have stopped, calibrate in the dark. The day after is free.

## What helps

Steady hands, patience, and the courage to say that a reading is odd. Watch repair, instrument making,
dental technology, sewing: all of these have led people to this bench. We train you for three months.
Portuguese or English is enough. The bench can be raised and lowered, and the hook gauge can be read by
touch.

## What you get

**24,500 to 29,000 euros** a year, step 3 to 5. Lunch. 30 days of leave. Lisbon, on site, 35 hours.

## How the hiring goes

1. A talk with Inês, 30 minutes
2. A paid morning at the bench with Leonor
3. Coffee with the rest of the hall, one hour

Two weeks in all.
"""

FIELD = """
You set posts, mend gauges and talk with the people who own the bank. The van is yours from Monday to
Thursday. On Fridays you write up what you saw, because the next person will stand there in the dark.

## What you will do

- Visit some eight sites a week between the Vecht, the Dinkel and the Roer.
- Plan new sites with Ruth's team: where the ice goes, where the cows go, where the radio goes.
- Take a colleague from the office with you now and then, and bring them back dry.

## What helps

You have worked outdoors with your hands and kept good notes. A driving licence, and Dutch or German.
Swimming helps; we pay for the course. Nobody lifts more than 20 kilos alone and every site is done by
two when the water is high.

## What you get

**38,000 to 45,000 euros** a year, step 5 to 7, plus weather days, which are paid. 30 days of leave.
Utrecht and the road, 36 hours.

## How the hiring goes

1. A talk with Samuel, 30 minutes
2. A paid day in the van with Wouter
3. An hour with the team, in the canteen

Three weeks in all, because of the weather.
"""

FORECAST = """
You turn rain into hours: how many until the water is at the stone. Riverbook forecasts 340 small rivers.
For about 200 of them it is as good as we want it. You look after the others.

## What you will do

- Improve the forecast for fast, small catchments, and say plainly how sure it is.
- Look at every false alarm and every miss with the people who received it.
- Keep the raw series raw.

## What helps

Several years with rainfall and runoff, or with another kind of messy series and a strong wish to learn
about this one. Python. You can tell a town clerk what 30 per cent means. A doctorate is neither needed
nor a disadvantage.

## What you get

**58,000 to 70,000 euros** a year, step 8 to 10. 30 days of leave, two weeks a year for your own
research, in the open. Remote, in any zone between Dakar and Nairobi, or Utrecht. Full time, or four
days.

## How the hiring goes

1. A talk with Samuel, 30 minutes
2. A working hour with Ruth and Priya on a real river; the data comes three days before, and we pay for
  the hour
3. A half-day with the team and one customer

Three weeks in all.
"""

DESIGN = """
A warning page is read by somebody with cold hands who has four seconds. You design it, and you stand
beside that person when it is used.

## What you will do

- Lead the design of warnings: page, message, phone call and, in one valley, a church bell.
- Write. Most of it is sentences.
- Test outdoors, with wardens, firefighters and people who do not hear or see well.

## What helps

You have designed something that people used under pressure: in care, transport, a kitchen, a control
room. Accessibility is how you work and not a list at the end. Show us one thing that went wrong, and
what you did.

## What you get

**46,000 to 57,000 euros** a year, step 6 to 8. 30 days of leave. Remote within three hours of Lisbon
time, with four trips a year to people who use it. Full time, or four days.

## How the hiring goes

1. A talk with Inês, 30 minutes
2. A working hour with Yuki and Nikos on a page that confuses people; it comes three days before, and we
  pay for it
3. A half-day with the team

Three weeks in all.
"""

CUSTOMERS = """
We have 14 gauges in the Paraíba valley and they have been asking for somebody who speaks their language
and is awake when they are. You would be the first of us in Brazil.

## What you will do

- Help towns, cooperatives and two universities to use what they measure: mostly by writing, sometimes in
  a boat.
- Tell product and data what does not work there, until they listen.
- Write the Brazilian Portuguese of Riverbook, which at the moment sounds like Lisbon.

## What helps

You have looked after people who depended on a thing that you did not make yourself. Portuguese, and
English for the rest of us. Knowing how a municipality buys something is worth a lot.

## What you get

**132,000 to 168,000 reais** a year, step 5 to 7 of our table for Brazil, and the same 30 days of leave
as everybody. Remote, in or near São Paulo. Full time.

## How the hiring goes

1. A talk with Inês, 30 minutes, in Portuguese
2. A working hour with Nikos, on a real letter; it comes three days before, and we pay for the hour
3. A call with the team, two hours

Three weeks in all.
"""

POOL = """
**This is not a vacancy.** There is no open job behind this page today, and we would rather say so than
let you hope.

When a river floods badly, or when a country asks for forty gauges at once, we need people for three to
twelve months: to set posts, to drive, to explain, to mend. It happened twice in the last three years.
Both times we first asked the people on this list, by name.

## What it means to be on it

- You tell us what you can do, where, and in which months you might have time.
- We write to you twice a year to ask whether that is still right. If you do not answer twice, we take
  you off and tell you.
- When there is work, you hear who else we ask, how many people we need, and what it pays: **170 to 230
  euros a day**, travel and boots on top.
- You can say no as often as you like.

## How the hiring goes

One talk with Samuel or Wouter, 30 minutes, within two weeks of your letter. When there is work: an
answer within three days.
"""

CLOSED = """
This role is closed. Eleven people applied, all eleven have had an answer, and Sofia started with us at
the beginning of the month. The page stays for a while so that a link from a letter does not end nowhere.

You kept the people team going while a colleague was on parental leave: pay, contracts, the open pay
table, and half a page of diary a week for the person who comes back.

## What it paid

**40,000 to 48,000 euros** a year, step 5 to 7. Utrecht, two days a week in the office. Nine months.

## How the hiring went

1. A talk with Samuel, 30 minutes
2. A paid working hour with Joost and Daan
3. Lunch with the team

It took 19 days from the first talk to the answer.
"""
