"""Two readers of calendar files: icalendar (Python) and ical.js, side by side."""

import base64
import json
import subprocess
from pathlib import Path
from shutil import which

import icalendar

FOLDER = Path(__file__).parents[1] / "provider"
SCRIPT = FOLDER / "read-calendar.mjs"
IS_THERE = (FOLDER / "node_modules" / "ical.js").is_dir() and which("node") is not None


class Javascript:
    """ical.js in a process of its own, asked a line at a time."""

    def __init__(self):
        self._process = subprocess.Popen(
            ["node", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=FOLDER
        )

    def read(self, content):
        self._process.stdin.write(base64.b64encode(content) + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


def read(content):
    """What icalendar understands of a file, in the words of tests/provider/read-calendar.mjs."""
    calendar = icalendar.Calendar.from_ical(content)
    return {
        "method": str(calendar["METHOD"]),
        "entries": [_entry(one) for one in calendar.walk("VEVENT")],
    }


def _entry(entry):
    return {
        "uid": str(entry["UID"]),
        "sequence": int(entry["SEQUENCE"]),
        "starts": int(entry.decoded("DTSTART").timestamp()),
        "ends": int(entry.decoded("DTEND").timestamp()),
        "stamp": int(entry.decoded("DTSTAMP").timestamp()),
        "summary": str(entry["SUMMARY"]),
        "description": str(entry["DESCRIPTION"]),
        "location": str(entry["LOCATION"]),
        "url": str(entry["URL"]),
        "status": str(entry["STATUS"]),
        "transparency": str(entry["TRANSP"]),
        "organizer": _person(entry.get("ORGANIZER")),
        "attendee": _person(entry.get("ATTENDEE")),
    }


def _person(found):
    if found is None:
        return None
    name, answer = found.params.get("CN"), found.params.get("PARTSTAT")
    return {
        "address": str(found),
        "name": str(name) if name is not None else None,
        "answer": str(answer) if answer is not None else None,
    }
