"""Whether a request is the provider's: ECDSA over P-256 of its time stamp and its raw bytes (signed Event Webhook)."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
AHEAD = timedelta(hours=1)
"""How far the provider's clock, or ours, may be wrong."""

_LONGEST = 200
_HOW = ec.ECDSA(hashes.SHA256())


class NotSigned(Exception):
    """It is not, or not any more, from the provider; the message says why, without anything of what was sent."""


def check(
    body: bytes, signature: str, timestamp: str, keys: Sequence[str], oldest: timedelta, now: datetime
) -> None:
    """Pass only what one of the keys signed, not longer ago than `oldest`.

    Raises:
        NotSigned: with the reason.
    """
    if not keys:
        raise NotSigned("no key is set")
    if not signature or not timestamp:
        raise NotSigned("it has no signature")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise NotSigned("its time stamp is no number of seconds")
    age = now.timestamp() - int(timestamp)
    if age > oldest.total_seconds():
        raise NotSigned("it was signed too long ago")
    if age < -AHEAD.total_seconds():
        raise NotSigned("it was signed in the future")
    try:
        mark = (
            base64.b64decode(signature.encode("ascii"), validate=True) if len(signature) < _LONGEST else b""
        )
    except (binascii.Error, UnicodeEncodeError):
        mark = b""
    signed = timestamp.encode("ascii") + body
    if not any(_is_by(key, mark, signed) for key in keys):
        raise NotSigned("none of our keys made its signature")


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """The key that SendGrid shows on its settings page: base64 of its DER form.

    Raises:
        ValueError: it is no such key, or not on the curve P-256.
    """
    try:
        found = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("is not a public key as SendGrid shows it") from None
    if not isinstance(found, ec.EllipticCurvePublicKey) or not isinstance(found.curve, ec.SECP256R1):
        raise ValueError("is not a key on the curve P-256")
    return found


@lru_cache(maxsize=8)
def _key(text: str) -> ec.EllipticCurvePublicKey:
    return public_key(text)


def _is_by(key: str, mark: bytes, signed: bytes) -> bool:
    try:
        _key(key).verify(mark, signed, _HOW)
    except InvalidSignature:
        return False
    return True
