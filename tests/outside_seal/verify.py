"""Verifies a seal with securesystemslib: `verify.py ENVELOPE PUBLIC_KEY`. Ends 0 where it holds."""

import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

with open(sys.argv[1], "rb") as file:
    told = json.load(file)
with open(sys.argv[2], "rb") as file:
    trusted = load_pem_public_key(file.read())

# The library names keys otherwise than the envelope does; the name is a hint, the key is ours.
keyid = told["signatures"][0]["keyid"]
key = SSlibKey.from_crypto(trusted, keyid=keyid, scheme="rsa-pkcs1v15-sha256")
envelope = Envelope.from_dict(told)
assert list(envelope.verify([key], 1)) == [keyid]
assert envelope.payload_type == "application/vnd.in-toto+json"
statement = json.loads(envelope.payload)
assert statement["_type"] == "https://in-toto.io/Statement/v1"
print("verified", statement["predicate"]["result"])
