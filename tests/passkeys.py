"""A device that makes passkeys, in software: what a browser and a security key say together."""

import hashlib
import json
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """Holds one key (EC P-256, without attestation); `count` is its counter of signatures."""

    origin: str
    site: str
    count: int = 0
    flags: int = PRESENT | VERIFIED
    key_id: bytes = field(default_factory=lambda: token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: str) -> str:
        """The answer to options for a new passkey."""
        client = self._client("webauthn.create", json.loads(options)["challenge"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        credential = bytes(16) + len(self.key_id).to_bytes(2) + self.key_id + encode_cbor(public)
        data = self._data(WITH_KEY) + credential
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(client, attestationObject=encode_cbor(statement))

    def show(self, options: str) -> str:
        """The answer to options for a passkey to be shown."""
        self.count += 1
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        data = self._data()
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(client, authenticatorData=data, signature=signed)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more: int = 0) -> bytes:
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _answer(self, client: bytes, **parts: bytes) -> str:
        key_id = bytes_to_base64url(self.key_id)
        response: dict[str, Any] = {name: bytes_to_base64url(part) for name, part in parts.items()}
        response["clientDataJSON"] = bytes_to_base64url(client)
        return json.dumps(
            {"id": key_id, "rawId": key_id, "type": "public-key", "response": response}
        )
