"""Signed tokens (JWT with HS256: RFC 7519, RFC 7515): who has the API key gets one, and with it reads what is not for
everybody. One algorithm, one key, one issuer: that is little enough to do without a library."""

import base64
import binascii
import hashlib
import hmac
import json
import time

ISSUER = "analytics-api"
HEADER = {"alg": "HS256", "typ": "JWT"}


class TokenRefused(Exception):
    """The key or the token is not one that this API gave out."""


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


class Tokens:
    def __init__(self, signing_secret: str, api_key: str, seconds: int, now=time.time):
        self._secret, self._key, self._now = signing_secret.encode(), api_key.encode(), now
        self.seconds = seconds

    def issue(self, api_key: str) -> str:
        if not hmac.compare_digest(api_key.encode(), self._key):
            raise TokenRefused("unknown API key")
        issued = int(self._now())
        claims = {"iss": ISSUER, "scope": "store:read", "iat": issued, "exp": issued + self.seconds}
        signed = ".".join(_encode(json.dumps(part).encode()) for part in (HEADER, claims))
        return f"{signed}.{self._signature(signed)}"

    def check(self, token: str) -> dict:
        """The claims of a token that is ours and has not ended. What it says is read after its signature is checked."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            raise TokenRefused("the token's signature is not ours")
        try:
            header, claims = (json.loads(_decode(part)) for part in signed.split("."))
        except (ValueError, binascii.Error) as error:
            raise TokenRefused("this is no token") from error
        if header.get("alg") != "HS256" or claims.get("iss") != ISSUER:
            raise TokenRefused("the token is not one of this API")
        if claims["exp"] <= self._now():
            raise TokenRefused("the token has ended")
        return claims

    def _signature(self, signed: str) -> str:
        return _encode(hmac.new(self._secret, signed.encode(), hashlib.sha256).digest())
