"""The key of the shop, as the SDK takes it.

For every signature the SDK reads the key anew, and `cryptography` proves each time that its primes
are primes: 40 ms in which no other thread of the shop goes on, and a signature takes less than one.
Fifty payments at once would make each other's inquiries late. So what the SDK has read is kept.
"""

from functools import lru_cache
from types import SimpleNamespace

from com.alipay.ams.api.tools import signature_tool
from cryptography.hazmat.primitives import serialization


def read_once():
    """From now on the SDK reads a key once."""
    read = lru_cache(serialization.load_pem_private_key)
    signature_tool.serialization = SimpleNamespace(load_pem_private_key=read)
