"""The folder of mails: complete, atomic, readable again."""

import subprocess
import sys
import threading

import pytest

from portal.mail.transports import outbox
from portal.mail.transports.batch import Attachment
from portal.mail.transports.outbox import NoLetter, Outbox
from portal.mail.transports.result import Fate
from tests.mail.transports.cast import batch, fates, people, person


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "instance" / "outbox"


def test_each_person_gets_a_complete_mail(folder):
    calendar = Attachment("evening.ics", "text/calendar; method=REQUEST; charset=utf-8", "Zoë\r\n".encode())
    letter = batch(people(3), attachments=(calendar,), headers={"Auto-Submitted": "auto-generated"})
    result = Outbox(folder).send(letter)
    assert set(fates(result).values()) == {Fate.accepted}
    newest = outbox.letters(folder)[0]
    assert newest.message == "m2"
    assert newest.address == "ada2@example.org"
    assert newest.to == "Ada 2 <ada2@example.org>"
    assert newest.sender == "Ines Duarte <ines@talent.example.org>"
    assert newest.subject == "What grew here, Ada 2"
    assert newest.text == "Hello Ada 2,\n\nyour page: https://talent.example.org/p/2\n\n"
    assert newest.links == ("https://talent.example.org/p/2",)
    assert newest.headers["List-Unsubscribe"] == "<https://talent.example.org/u/2>"
    assert newest.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert newest.headers["Auto-Submitted"] == "auto-generated"
    assert newest.headers["Message-ID"] == "<m2@talent.example.org>"
    assert newest.headers["Reply-To"] == "Ines Duarte <ines@example.org>"
    assert result.facts["m2"].provider_id == "<m2@talent.example.org>"
    (file,) = newest.attachments
    assert file.filename == "evening.ics"
    assert file.content_type.startswith("text/calendar")
    assert 'method="REQUEST"' in file.content_type
    assert file.content == "Zoë\r\n".encode()


def test_letters_come_newest_first_and_can_be_opened_one_by_one(folder):
    way = Outbox(folder)
    for number in range(5):
        way.send(batch([person(number)]))
    found = outbox.letters(folder)
    assert [one.message for one in found] == ["m4", "m3", "m2", "m1", "m0"]
    assert [one.message for one in outbox.letters(folder, limit=2)] == ["m4", "m3"]
    assert outbox.letter(folder, found[3].id).message == "m1"
    assert outbox.count(folder) == 5
    outbox.clear(folder)
    assert outbox.letters(folder) == []


@pytest.mark.parametrize("key", ["", ".", "..", "../../etc/passwd", "nothing", "a/b", "a\x00b"])
def test_only_letters_of_the_folder_can_be_opened(folder, key):
    Outbox(folder).send(batch(people(1)))
    (folder / "secret").write_text("no")
    with pytest.raises(NoLetter):
        outbox.letter(folder, key)


def test_a_folder_that_is_not_there_is_empty(folder):
    assert outbox.letters(folder) == []
    assert outbox.count(folder) == 0


def test_a_bad_address_is_refused_and_the_others_are_written(folder):
    result = Outbox(folder).send(batch([person(0), person(1, "nonsense"), person(2)]))
    assert fates(result) == {"m0": Fate.accepted, "m1": Fate.refused, "m2": Fate.accepted}


def test_a_tag_without_a_value_stops_the_mailing(folder):
    result = Outbox(folder).send(batch(people(2), html="%%nickname%%"))
    assert "%%nickname%%" in result.pause
    assert set(fates(result).values()) == {Fate.again}
    assert outbox.count(folder) == 0


def test_threads_do_not_get_into_each_others_way(folder):
    way = Outbox(folder)
    threads = [
        threading.Thread(target=way.send, args=(batch(person(100 * t + n) for n in range(20)),))
        for t in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.message for one in outbox.letters(folder)}) == 80


def test_a_killed_writer_leaves_no_half_mail(folder):
    script = """
import sys
from pathlib import Path
from portal.mail.transports.outbox import Outbox
from tests.mail.transports.cast import batch, people
way = Outbox(Path(sys.argv[1]))
print("go", flush=True)
while True:
    way.send(batch(people(50)))
"""
    writer = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    writer.stdout.readline()
    while outbox.count(folder) < 60:
        assert writer.poll() is None
    writer.kill()
    writer.wait()
    writer.stdout.close()
    for one in outbox.letters(folder):
        assert one.source.endswith(b"--\r\n")
        assert one.links


def test_check_says_where(folder):
    assert str(folder) in Outbox(folder).check()
