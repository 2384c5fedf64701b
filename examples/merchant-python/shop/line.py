"""The line to the gateway: where the SDK's connections are replaced.

The SDK opens a TLS connection to port 443 of the host of its gateway URL, whatever scheme and port
that URL has, trusts the machine's own certificates, and waits 15 s for an answer. Behind a witness,
and on a machine of one's own, the gateway is elsewhere. So the function that opens connections,
`__get_http_connection` in `com.alipay.ams.api.net.default_http_rpc`, is replaced by one that goes
by the whole URL, by a certificate file of the shop's own, and by the patience of each call. What
is sent, signed and verified stays the SDK's.
"""

import http.client
import ssl
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from com.alipay.ams.api.net import default_http_rpc

_line = ContextVar("line")


class Line:
    """How a gateway is reached."""

    def __init__(self, ca_file=None):
        self._ca_file = ca_file
        self._tls = None

    def connect(self, url, patience):
        """A connection to host and port of a URL, which waits so many seconds for bytes."""
        parts = urlsplit(url)
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=patience)
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=self._ca_file or None)
        return http.client.HTTPSConnection(
            parts.hostname, parts.port or 443, timeout=patience, context=self._tls
        )

    @contextmanager
    def patient_for(self, seconds):
        """The SDK's calls within go over this line. What they opened is closed at the end, since
        the SDK leaves a connection open on which no good answer came."""
        opened = []
        token = _line.set((self, seconds, opened))
        try:
            yield
        finally:
            _line.reset(token)
            for connection in opened:
                connection.close()


def _open_connection(url, timeout=default_http_rpc.DEFAULT_TIMEOUT):
    line, patience, opened = _line.get()
    connection = line.connect(url, patience or timeout)
    opened.append(connection)
    return connection


setattr(default_http_rpc, "__get_http_connection", _open_connection)
