"""A stand-in for SendGrid's v3 API, in its own process on a real socket.

    python -m tests.stub.provider --port 0 --log FILE [--fsync] [--count-only] [--keep] [--rule JSON]

It prints its port, checks every request against `contract.py`, appends one line of JSON for each recipient it
accepts, and misbehaves as `POST /control` tells it (`rules.py`). With --count-only it parses nothing and only
counts, for measurements. Besides it answers `GET /v3/scopes` and `GET /control` (what it counted).
"""

import argparse
import asyncio
import contextlib
import os
import re
import signal
import socket
import struct
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from tests.stub.contract import MOST_BYTES, MailSend, errors_of
from tests.stub.events import Teller, Telling
from tests.stub.rules import Rule, Rules

_HREF = re.compile(r'href="([^"]+)"')
_LONG = 3600
_REASONS = {
    200: "OK",
    202: "Accepted",
    301: "Moved Permanently",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}
_WORDS = {
    "400_nofield": (400, "invalid request"),
    "401": (401, "Maximum credits exceeded"),
    "403": (403, "The from address does not match a verified Sender Identity."),
    "404": (404, "not found"),
    "413": (413, "content too large"),
    "429": (429, "too many requests"),
    "500": (500, "internal server error"),
    "503": (503, "service unavailable"),
}


class Stub:
    """The server's memory: what it accepted, what it was told to do."""

    def __init__(
        self, log: Path, *, fsync: bool = False, count_only: bool = False, keep: bool = False
    ) -> None:
        self.rules = Rules()
        self.counts: dict[str, int] = {}
        self.scopes = ["mail.send"]
        self.teller = Teller()
        self._path = log
        self._fsync = fsync
        self._count_only = count_only
        self._log = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        if not keep:
            os.ftruncate(self._log, 0)
        self.forget_counts()

    def forget(self) -> None:
        """Empty the log and the counts."""
        os.ftruncate(self._log, 0)
        self.forget_counts()

    def forget_counts(self) -> None:
        """Begin to count anew."""
        self.counts = {"connections": 0, "requests": 0, "accepted": 0, "refused": 0, "bytes": 0}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until either side ends it."""
        self.counts["connections"] += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            while await self._one(reader, writer):
                pass
        with contextlib.suppress(ConnectionError):
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        length = int(headers.get("content-length", "0"))
        if target == "/control/key":
            await _answer(writer, 200, {"key": self.teller.public_key})
            return True
        if target == "/control/tell":
            what = Telling.read(orjson.loads(await reader.readexactly(length)))
            await _answer(writer, 200, await self.teller.tell(self._mails(), what))
            return True
        if target.startswith("/control"):
            await _answer(writer, 200, self._control(method, await reader.readexactly(length)))
            return True
        if target == "/v3/scopes" and method == "GET":
            await _answer(writer, 200, {"scopes": self.scopes})
            return True
        if target != "/v3/mail/send":
            await _answer(writer, 404, _errors("not found"))
            return True
        if method != "POST":
            await _answer(writer, 405, _errors("method not allowed"))
            return True
        self.counts["requests"] += 1
        self.rules.count_down()
        rule = self.rules.early()
        if rule and rule.mode == "hang_before_read":
            await asyncio.sleep(_LONG)
        if rule and rule.mode == "close_before_read":
            return False
        if rule and rule.mode == "signal_unread":
            os.kill(rule.pid, rule.signal)
            if rule.signal == signal.SIGKILL:
                return False
        if rule and rule.mode == "413" and length > 2_000_000:
            await _answer(writer, 413, _errors("content too large"), "Connection: close\r\n")
            return False
        body = await reader.readexactly(length)
        self.counts["bytes"] += length
        if self._count_only:
            self.counts["accepted"] += body.count(b'"custom_args":{')
            if rule and rule.ms:
                await asyncio.sleep(rule.ms / 1000)
            await _answer(writer, 202, None, f"X-Message-Id: {uuid.uuid4().hex}\r\n")
            return True
        return await self._mail(headers, body, rule, writer)

    async def _mail(
        self, headers: dict[str, str], body: bytes, rule: Rule | None, writer: asyncio.StreamWriter
    ) -> bool:
        if not headers.get("authorization", "").removeprefix("Bearer "):
            return await self._refuse(writer, 401, _errors("authorization required"))
        if headers.get("content-type", "").split(";")[0] != "application/json":
            return await self._refuse(writer, 400, _errors("Content-Type must be application/json"))
        if len(body) > MOST_BYTES:
            return await self._refuse(writer, 413, _errors("content too large"))
        try:
            mail = MailSend.model_validate(orjson.loads(body))
        except orjson.JSONDecodeError:
            return await self._refuse(writer, 400, _errors("Bad Request"))
        except ValidationError as problem:
            return await self._refuse(writer, 400, {"errors": errors_of(problem)})
        addresses = [one.to[0].email.lower() for one in mail.personalizations]
        rule = rule or self.rules.late(set(addresses), len(addresses))
        if rule is None or rule.mode in ("ok", "slow", "signal_unread"):
            if rule:
                await asyncio.sleep(rule.ms / 1000)
            return await self._accept(mail, writer)
        if rule.mode == "signal_recorded":
            request = self._record(mail)
            os.kill(rule.pid, rule.signal)
            if rule.signal == signal.SIGKILL:
                return False
            await _answer(writer, 202, None, f"X-Message-Id: {request}\r\n")
            return True
        if rule.recorded or rule.mode in (
            *("hang_after_record", "record_then_rst", "record_then_close", "rst_mid_body", "stall_mid_body"),
            *("drip", "202_cut_body", "garbage"),
        ):
            self._record(mail)
        return await self._misbehave(rule, mail, addresses, writer)

    async def _accept(self, mail: MailSend, writer: asyncio.StreamWriter) -> bool:
        await _answer(writer, 202, None, f"X-Message-Id: {self._record(mail)}\r\n")
        return True

    async def _refuse(self, writer: asyncio.StreamWriter, status: int, body: Any) -> bool:
        self.counts["refused"] += 1
        await _answer(writer, status, body)
        return True

    def _record(self, mail: MailSend) -> str:
        """Append one line for each recipient; returns the id of the request."""
        request = uuid.uuid4().hex
        links = list(dict.fromkeys(link for part in mail.content for link in _HREF.findall(part.value)))
        lines = []
        for one in mail.personalizations:
            values = one.substitutions
            lines.append(
                orjson.dumps(
                    {
                        "request": request,
                        "at": time.time(),
                        "address": one.to[0].email,
                        "name": one.to[0].name,
                        "message": one.custom_args.get("message", ""),
                        "mailing": one.custom_args.get("mailing", ""),
                        "subject": _replaced(one.subject or mail.subject, values),
                        "unsubscribe": one.headers.get("List-Unsubscribe", ""),
                        "headers": {**mail.headers, **one.headers},
                        "links": [_replaced(link, values) for link in links],
                        "category": mail.categories[:1],
                        "values": values,
                    }
                )
            )
        os.write(self._log, b"\n".join(lines) + b"\n")
        if self._fsync:
            os.fsync(self._log)
        self.counts["accepted"] += len(lines)
        return request

    async def _misbehave(
        self, rule: Rule, mail: MailSend, addresses: list[str], writer: asyncio.StreamWriter
    ) -> bool:
        match rule.mode:
            case "hang_before_read" | "hang_after_record":
                await asyncio.sleep(_LONG)
            case "record_then_close":
                return False
            case "record_then_rst":
                _reset(writer)
                return False
            case "rst_mid_body":
                writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\nten bytes!")
                await writer.drain()
                await asyncio.sleep(0.05)
                _reset(writer)
                return False
            case "stall_mid_body":
                writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\nten bytes!")
                await asyncio.sleep(_LONG)
            case "drip":
                for byte in b"HTTP/1.1 202 Accepted\r\nX-Slow: " + b"." * 600:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(0.1)
            case "202_cut_body":
                writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\nten bytes!")
                await writer.drain()
                return False
            case "garbage":
                writer.write(b"\x16\x03\x01 what is this\r\n\r\n")
                await writer.drain()
                return False
            case "tell_first":
                request = self._record(mail)
                await self.teller.tell(self._mails()[-len(addresses) :], Telling(url=rule.url))
                await _answer(writer, 202, None, f"X-Message-Id: {request}\r\n")
            case "400_field":
                place = addresses.index(rule.address.lower()) if rule.address else 0
                field = rule.field or f"personalizations.{place}.to.0.email"
                await self._refuse(writer, 400, _errors("Does not contain a valid address.", field))
            case "400_common":
                await self._refuse(writer, 400, _errors(rule.message or "It is required.", rule.field))
            case "429":
                await _answer(writer, 429, _errors("too many requests"), _reset_header(rule.reset))
            case "502":
                await _answer(writer, 502, "<html><h1>502 Bad Gateway</h1></html>")
            case "200":
                await _answer(writer, 200, None)
            case "301":
                await _answer(writer, 301, None, "Location: /elsewhere\r\n")
            case mode:
                status, words = _WORDS[mode]
                await self._refuse(writer, status, _errors(rule.message or words))
        return True

    def _mails(self) -> list[dict[str, Any]]:
        """Everything it accepted."""
        return [orjson.loads(line) for line in self._path.read_bytes().splitlines()]

    def _control(self, method: str, body: bytes) -> Any:
        if method == "POST":
            told = orjson.loads(body)
            if told.get("reset"):
                self.rules.clear()
                self.forget()
            if told.get("clear"):
                self.rules.clear()
            for given in told.get("rules", []):
                self.rules.add(Rule.read(given))
            self.scopes = told.get("scopes", self.scopes)
        return self.counts


def _replaced(text: str, values: dict[str, str]) -> str:
    """Replace as the provider does: raw text, one key after the other: a value that holds a key cascades."""
    for tag, value in values.items():
        text = text.replace(tag, value)
    return text


def _errors(message: str, field: str | None = None) -> dict[str, Any]:
    return {"errors": [{"message": message, "field": field, "help": None}]}


def _reset_header(kind: str) -> str:
    moments = {"past": time.time() - 3600, "far": time.time() + 10**9}
    if kind == "missing" or not kind:
        return ""
    if kind.startswith("+"):
        return f"X-RateLimit-Reset: {int(time.time()) + int(kind)}\r\n"
    return f"X-RateLimit-Reset: {int(moments[kind]) if kind in moments else kind}\r\n"


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection by RST."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _answer(writer: asyncio.StreamWriter, status: int, body: Any, more: str = "") -> None:
    kind = "text/html" if isinstance(body, str) else "application/json"
    content = b"" if body is None else body.encode() if isinstance(body, str) else orjson.dumps(body)
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Length: {len(content)}\r\nContent-Type: {kind}\r\n"
    )
    writer.write(f"{head}{more}\r\n".encode() + content)
    await writer.drain()


async def _main(options: argparse.Namespace) -> None:
    stub = Stub(options.log, fsync=options.fsync, count_only=options.count_only, keep=options.keep)
    for rule in options.rule:
        stub.rules.add(Rule.read(orjson.loads(rule)))
    server = await asyncio.start_server(stub.serve, "127.0.0.1", options.port, limit=2**22)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description="A stand-in for SendGrid's v3 API.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--fsync", action="store_true")
    parser.add_argument("--count-only", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--rule", action="append", default=[])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
