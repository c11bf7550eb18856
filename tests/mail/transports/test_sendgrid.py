"""Handing over to SendGrid: what is sent, and what each answer means. The stub is a process on a real socket."""

import json
from collections.abc import Callable

import pytest

from portal.mail.transports.batch import Attachment
from portal.mail.transports.choose import Transport
from portal.mail.transports.reach import NotReachable
from portal.mail.transports.result import Fate
from tests.mail.transports.cast import batch, fates, people, person, with_fate
from tests.stub.fixtures import Provider


@pytest.fixture
def sendgrid(provider: Provider, way_out: Callable[..., Transport]) -> Transport:
    return way_out(provider.mail_url, connect_seconds=10, read_seconds=60)


def test_a_thousand_people_go_in_one_request(sendgrid, provider):
    result = sendgrid.send(batch(people(1000)))
    assert provider.counts()["requests"] == 1
    assert set(fates(result).values()) == {Fate.accepted}
    assert len({fact.provider_id for fact in result.facts.values()} - {""}) == 1
    assert sorted(provider.addresses()) == sorted(one.address for one in people(1000))


def test_each_person_gets_their_own_name_link_and_way_out(sendgrid, provider):
    sendgrid.send(batch(people(40)))
    for number, mail in enumerate(provider.accepted()):
        assert mail["message"] == f"m{number}"
        assert mail["mailing"] == "issue-7"
        assert mail["subject"] == f"What grew here, Ada {number}"
        assert mail["links"] == [f"https://talent.example.org/p/{number}"]
        assert mail["unsubscribe"] == f"<https://talent.example.org/u/{number}>"
        assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_more_people_than_a_request_may_hold_go_in_two(sendgrid, provider):
    result = sendgrid.send(batch(people(1001)))
    assert provider.counts()["requests"] == 2
    assert len(with_fate(result, Fate.accepted)) == 1001


def test_nobody_is_nothing(sendgrid, provider):
    assert sendgrid.send(batch([])).facts == {}
    assert provider.counts()["requests"] == 0


def test_one_connection_serves_many_requests(sendgrid, provider):
    before = provider.counts()["connections"]
    for _ in range(5):
        sendgrid.send(batch(people(3)))
    counts = provider.counts()
    controls = 1  # this last question
    assert counts["connections"] - before == 1 + controls


def test_an_address_stands_once_in_a_request(sendgrid, provider):
    twins = [person(1, "ada@example.org"), person(2, "ADA@example.org"), person(3)]
    result = sendgrid.send(batch(twins))
    assert set(fates(result).values()) == {Fate.accepted}
    assert provider.counts()["requests"] == 2
    assert provider.counts()["refused"] == 0


@pytest.mark.parametrize("place", [0, 499, 999])
def test_a_named_bad_address_is_refused_and_everybody_else_goes_in_the_next_request(
    sendgrid, provider, place
):
    provider.misbehave("400_field", address=f"ada{place}@example.org")
    result = sendgrid.send(batch(people(1000)))
    assert with_fate(result, Fate.refused) == {f"m{place}"}
    assert len(with_fate(result, Fate.accepted)) == 999
    assert result.pause == ""
    assert provider.counts()["requests"] == 2
    assert len(set(provider.addresses())) == len(provider.addresses()) == 999


def test_bad_addresses_named_one_by_one_are_refused_and_everybody_else_is_mailed_once(sendgrid, provider):
    bad = {"ada3@example.org", "ada500@example.org", "ada999@example.org"}
    for address in bad:
        provider.misbehave("400_field", address=address)
    result = sendgrid.send(batch(people(1000)))
    assert with_fate(result, Fate.refused) == {"m3", "m500", "m999"}
    assert provider.counts()["requests"] == 4
    assert sorted(provider.addresses()) == sorted(
        one.address for one in people(1000) if one.address not in bad
    )


def test_a_provider_that_names_everybody_in_turn_is_asked_a_bounded_number_of_times(sendgrid, provider):
    provider.misbehave("400_field")
    result = sendgrid.send(batch(people(1000)))
    assert provider.counts()["requests"] == 50
    assert len(with_fate(result, Fate.refused)) == 50
    assert len(with_fate(result, Fate.again)) == 950
    assert provider.accepted() == []


def test_a_named_address_among_unnamed_ones_is_not_searched_for_twice(sendgrid, provider):
    provider.misbehave("400_field", address="ada700@example.org")
    provider.misbehave("400_nofield", address="ada20@example.org")
    result = sendgrid.send(batch(people(1000)))
    assert with_fate(result, Fate.refused) == {"m20", "m700"}
    assert len(with_fate(result, Fate.accepted)) == 998
    assert len(set(provider.addresses())) == len(provider.addresses()) == 998
    assert provider.counts()["requests"] <= 16


def test_a_place_beyond_the_request_names_nobody(sendgrid, provider):
    provider.misbehave("400_field", address="ada1@example.org", field="personalizations.7.to.0.email")
    result = sendgrid.send(batch(people(4)))
    assert with_fate(result, Fate.refused) == {"m1"}
    assert len(with_fate(result, Fate.accepted)) == 3


@pytest.mark.parametrize("place", [0, 1, 499, 637, 999])
def test_an_unnamed_bad_address_is_found_by_halves(sendgrid, provider, place):
    provider.misbehave("400_nofield", address=f"ada{place}@example.org")
    result = sendgrid.send(batch(people(1000)))
    assert with_fate(result, Fate.refused) == {f"m{place}"}
    assert len(with_fate(result, Fate.accepted)) == 999
    assert len(provider.addresses()) == len(set(provider.addresses())) == 999
    assert provider.counts()["requests"] <= 15


def test_two_unnamed_bad_addresses_are_never_mailed_and_never_blamed_on_the_content(sendgrid, provider):
    for place in (0, 500):
        provider.misbehave("400_nofield", address=f"ada{place}@example.org")
    first = sendgrid.send(batch(people(1000)))
    assert first.pause == ""
    assert with_fate(first, Fate.refused) <= {"m0", "m500"}
    again = with_fate(first, Fate.again)
    second = sendgrid.send(batch(one for one in people(1000) if one.message in again))
    assert with_fate(first, Fate.refused) | with_fate(second, Fate.refused) == {"m0", "m500"}
    assert len(provider.addresses()) == len(set(provider.addresses())) == 998


def test_nobody_is_refused_for_a_fault_that_passed(sendgrid, provider):
    provider.misbehave("400_nofield", times=1)
    result = sendgrid.send(batch(people(100)))
    assert set(fates(result).values()) == {Fate.accepted}
    assert len(provider.addresses()) == len(set(provider.addresses())) == 100


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_when_nobody_passes_the_content_is_at_fault(sendgrid, provider, count):
    provider.misbehave("400_nofield", message="The mail is not to our taste")
    result = sendgrid.send(batch(people(count)))
    assert "not to our taste" in result.pause
    assert set(fates(result).values()) == {Fate.again}
    assert provider.counts()["requests"] <= 15


@pytest.mark.parametrize("field", ["from.email", "subject", "content.0.value", "attachments.0.type"])
def test_a_fault_in_what_all_share_pauses_at_once(sendgrid, provider, field):
    provider.misbehave("400_common", field=field, message="This cannot be")
    result = sendgrid.send(batch(people(1000)))
    assert "This cannot be" in result.pause
    assert set(fates(result).values()) == {Fate.again}
    assert provider.counts()["requests"] == 1


@pytest.mark.parametrize(("mode", "words"), [("401", "Maximum credits exceeded"), ("403", "verified Sender")])
def test_a_closed_door_pauses_and_loses_nobody(sendgrid, provider, mode, words):
    provider.misbehave(mode)
    result = sendgrid.send(batch(people(3000)))
    assert words in result.pause
    assert len(with_fate(result, Fate.again)) == 3000
    assert provider.counts()["requests"] == 1


def test_too_large_is_split_and_never_sent_again_unchanged(sendgrid, provider):
    provider.misbehave("413", more_than=300)
    result = sendgrid.send(batch(people(1000)))
    assert set(fates(result).values()) == {Fate.accepted}
    assert provider.counts()["requests"] == 1 + 2 + 4
    assert len(set(provider.addresses())) == len(provider.addresses()) == 1000


def test_too_large_for_one_person_pauses(sendgrid, provider):
    provider.misbehave("413")
    result = sendgrid.send(batch(people(3)))
    assert "413" in result.pause
    assert set(fates(result).values()) == {Fate.again}


def test_thirty_megabytes_are_split_before_sending(sendgrid, provider):
    long = {"first_name": "x" * 4500, "page_url": "https://talent.example.org/p"}
    short = {"first_name": "x", "page_url": "https://talent.example.org/p"}
    crowd = [person(n, values=short, html_values=short) for n in range(1000)]
    body = batch(crowd, attachments=(Attachment("a.bin", "application/octet-stream", b"\0" * 21_000_000),))
    assert set(fates(sendgrid.send(body)).values()) == {Fate.accepted}
    crowd = [person(n, values=long, html_values=short) for n in range(1000)]
    body = batch(crowd, attachments=(Attachment("a.bin", "application/octet-stream", b"\0" * 16_000_000),))
    before = provider.counts()["requests"]
    assert set(fates(sendgrid.send(body)).values()) == {Fate.accepted}
    assert provider.counts()["requests"] - before == 2


@pytest.mark.parametrize(
    ("reset", "least", "most"),
    [
        ("+40", 35, 41),
        ("past", 1, 1),
        ("far", 300, 300),
        ("soon", 1, 300),
        ("nan", 1, 300),
        ("missing", 1, 300),
    ],
)
def test_too_fast_waits_within_bounds_whatever_the_header_says(sendgrid, provider, reset, least, most):
    provider.misbehave("429", reset=reset)
    result = sendgrid.send(batch(people(5)))
    assert least <= result.retry_after <= most
    assert set(fates(result).values()) == {Fate.again}
    assert result.pause == ""


def test_long_values_are_refused_here_and_stop_nobody_else(sendgrid, provider):
    values = {"first_name": "y" * 10_001, "page_url": "https://talent.example.org/p/1"}
    result = sendgrid.send(batch([person(0), person(1, values=values), person(2, "not an address")]))
    assert fates(result) == {"m0": Fate.accepted, "m1": Fate.refused, "m2": Fate.refused}
    assert provider.counts()["refused"] == 0


def test_a_tag_without_a_value_stops_the_mailing_before_anything_is_sent(sendgrid, provider):
    result = sendgrid.send(batch(people(3), text="Hello %%nickname%%"))
    assert "%%nickname%%" in result.pause
    assert set(fates(result).values()) == {Fate.again}
    assert provider.counts()["requests"] == 0


def test_without_values_nothing_is_a_tag(sendgrid, provider):
    nobody = person(1, values={}, html_values={})
    result = sendgrid.send(batch([nobody], subject="100 %%percent%%", text="%%percent%%", html="%%percent%%"))
    assert fates(result) == {"m1": Fate.accepted}
    assert provider.accepted()[0]["subject"] == "100 %%percent%%"


def test_a_domain_in_another_script_is_written_in_ascii(sendgrid, provider):
    sendgrid.send(batch([person(1, "ada@bücher.example")]))
    assert provider.addresses() == ["ada@xn--bcher-kva.example"]


def test_check_says_where_mail_goes(sendgrid, provider):
    assert str(provider.port) in sendgrid.check()
    provider.scopes("stats.read")
    with pytest.raises(NotReachable, match="scope"):
        sendgrid.check()


def test_the_request_holds_what_it_must_and_nothing_it_must_not(sendgrid, provider, caught_request):
    body = json.loads(caught_request(batch(people(2))))
    assert body["categories"] == ["marketing"]
    assert body["tracking_settings"] == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
    }
    assert "mail_settings" not in body
    assert "asm" not in body
    assert "send_at" not in json.dumps(body)
    assert "custom_args" not in body
    assert [one["custom_args"] for one in body["personalizations"]] == [
        {"message": "m0", "mailing": "issue-7"},
        {"message": "m1", "mailing": "issue-7"},
    ]
