"""A local time-stamping authority: openssl answers, behind a server on the loopback interface."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

_CONFIG = """\
[tsa]
default_tsa = local
[local]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
certs = root.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
tsa_name = yes
ess_cert_id_alg = sha256
"""
_EXTENSIONS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8")

Answer = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Authority:
    """Keys and settings of an authority.

    Attributes:
        folder: Where they are; `root.pem` is its root certificate.
    """

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def stamp(self, query: bytes) -> bytes:
        """Answer a request."""
        (self.folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer")
        return (self.folder / "answer").read_bytes()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    @classmethod
    def create(cls, folder: Path, subject: str = "/CN=Служба времени") -> "Authority":
        """Make the keys of a root and of an authority that it signs."""
        authority = cls(folder)
        for name, content in (("tsa.cnf", _CONFIG), ("extensions", _EXTENSIONS), ("serial", "01")):
            (folder / name).write_text(content)
        authority._openssl(
            *("req", "-x509", *_KEY, "-keyout", "root.key", "-out", "root.pem"),
            *("-days", "3650", "-subj", "/CN=Корень"),
        )
        authority._openssl(
            *("req", *_KEY, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", subject),
        )
        authority._openssl(
            *("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key"),
            *("-CAcreateserial", "-days", "3000", "-extfile", "extensions", "-out", "tsa.pem"),
        )
        return authority


@contextmanager
def serve(
    answer: Answer, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Iterator[tuple[str, list[bytes]]]:
    """Serve answers on the loopback interface; yield the address and what was received."""
    received = list[bytes]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(query)
            body = answer(query)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
