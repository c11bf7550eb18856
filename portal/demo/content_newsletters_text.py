"""Words of the newsletters: subjects, openings by season, pieces in between, and how every issue ends.

Tags in double braces are merge fields: name, company, season, next_issue, each with an optional fallback.
"""

SUBJECTS = {
    "Winter": (
        "What ice does to a gauge",
        "A quarter of small repairs, and one number that we are proud of.",
    ),
    "Spring": ("The rivers are up, and so are we", "Nine warnings, one mistake, and a walk you can come on."),
    "Summer": ("Low water, long evenings", "What you can see of a river when it goes away for a while."),
    "Autumn": (
        "Leaves, mud and a new colleague or two",
        "Why we like the dirty months, and what we learned in them.",
    ),
}

OPENINGS = {
    "Winter": """
        Hello {{ name | there }},

        Ice is the rudest visitor a gauge can have. It comes in the night, it leans on things, and it
        takes the post with it when it goes. This quarter it took three of ours, which is the fewest
        since we began to count. Wouter says that this is because we ask farmers where the ice goes
        before we drill. The farmers say so too.

        Here is what else happened at {{ company }} this {{ season }}, in four minutes.
    """,
    "Spring": """
        Hello {{ name | there }},

        We have had water. In eleven weeks Riverbook sent warnings for nine rivers. Eight were right,
        one was late by an hour and a half, and we have been to that village to say so. Nobody was hurt.
        Two cellars and one accordion were.

        The rest of this {{ season }} letter is drier. It takes four minutes to read.
    """,
    "Summer": """
        Hello {{ name | there }},

        When a river is low you can see what it has kept: bicycles, a safe, and in our case a Caddis
        that had been missing for two years. It was under half a metre of gravel. Its batteries were
        empty, its memory was full, and Ruth has not been seen at lunch since.

        This is our {{ season }} letter. It is short, because we hope that you are outdoors.
    """,
    "Autumn": """
        Hello {{ name | there }},

        In these months, a third of all our alarms are leaves. They lie on the sensor like a hand over a
        camera. We have tried brushes, and a small pump, and a colleague's idea with a hair dryer. What
        works is a piece of fishing line, stretched across. It costs four cents and Bia thought of it.

        Here is the rest of our {{ season }} at {{ company }}.
    """,
}

DRAFT_SUBJECT = (
    "What we found out in the dark",
    "Three torches, an evening in gloves, and the roles that are open.",
)

DRAFT_OPENING = """
    Hello {{ name | there }},

    A fuse blew in the workshop this {{ season }}, in the middle of a night of calibration, and it was
    the best thing that happened to our measurements this year. Leonor tells how, below.

    After that come three things that you could come to, and the roles that are really open. For each of
    them I have asked the person who would be your colleague whether it is still true. It takes four
    minutes to read.
"""

RIVERS = """
    ## Three hundred rivers

    Some time in the last weeks the three hundredth river got its gauge. We would like to say that there
    was cake. In truth nobody noticed until Daan counted the posts for the insurance. It is the Ribeira
    de Odelouca, and it has been dry since. The gauge says so every six hours.
"""

PAY_TABLE = """
    ## The pay table, second edition

    Last year we opened our pay table to everybody who works here. This quarter we fixed what was wrong
    with it: years of part-time work now count in full, and nobody is paid less because they moved to a
    cheaper town. Eleven people got a letter about it that began with the words "we owe you".

    The whole table is in every role that we publish, as a range and a step.
"""

KWEL = """
    ## For those who like mud

    *Kwel* is the water that comes up on the dry side of a dike. It is slow, it is clear, and nobody
    photographs it. Riverbook now has a page for it, with 40 wells, and the readings are open. If you
    would like to look for the mistake that we think is in well 17, answer this letter and Ruth will
    send you the series.
"""

TREE = """
    ## For those who build things

    There is a plastic tree on our test bench now, with a serial number. New firmware spends a night
    under it, because thirty-one gauges once could not find the sky and told us that they were on the
    Moon. Amina is writing down how it happened, the mistake included, and you will find it on our pages
    next quarter.
"""

QUESTION = """
    ## One question

    Some of you told us that three weeks from the first talk to an answer is still long. So we looked:
    the visit was what took the time, because we waited until everybody was in. Now two people are
    enough. The last four hires took 19 days or fewer.

    What else should we look at? Answer this letter. I read all of them, and you will hear from me
    within five working days.
"""

FOR_FIRST_JOBS = """
    ## If you are at the beginning, or beginning again

    Samuel has tea for you, in Utrecht or on your screen. Nobody there will ask about the gap in your CV
    unless you would like to talk about it.
"""

OPEN_ROLES = """
    ## Roles that are open

    You see those that fit what you told us. Each one has the name of the colleague who confirmed it,
    and the day. If none fits, that is fine too: it is what this letter is for.
"""

CLOSING = """
    That was it. The next letter comes {{ next_issue | next quarter }}. If four a year are too many, or
    if you would like to hear about other things, two taps at the end of this letter change that.

    Until then, with good wishes from Lisbon,

    Inês
"""
