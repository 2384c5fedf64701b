"""What the two servers of the shop have in common."""

import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

# Longer bodies are no business of a shop.
_LONGEST = 1 << 20


class Server(ThreadingHTTPServer):
    """A server with a thread for each connection, and room for many that come at once."""

    daemon_threads = True
    request_queue_size = 256

    # Given to it once it is known where it listens, and before it serves anybody.
    shop = None

    @property
    def url(self):
        """Where it listens."""
        host, port = self.server_address[:2]
        return f"http://{host}:{port}"


class Handler(BaseHTTPRequestHandler):
    """Reads a request whole and writes its answer whole."""

    protocol_version = "HTTP/1.1"
    # Head and body go out together, or the second half waits for the first to be acknowledged.
    wbufsize = -1
    # A connection that nobody uses any more is closed after so many seconds.
    timeout = 120

    @property
    def shop(self):
        """The shop that is served."""
        return self.server.shop

    def target(self):
        """Path and query as the caller wrote them, which signatures cover."""
        target = self.requestline.split(" ")[1]
        if target.startswith("/"):
            return target
        parts = urlsplit(target)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def body(self):
        """The bytes of the body; `None` for one that is too long or has no length."""
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _LONGEST or self.headers.get("transfer-encoding"):
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def reply(self, status, text, kind="application/json"):
        """Answers with a text."""
        payload = text.encode("utf-8")
        self.send_response(status)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format, *args):
        log.debug("%s %s", self.address_string(), format % args)
