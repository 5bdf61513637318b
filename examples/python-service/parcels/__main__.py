import os
import signal
import sys
from http.server import ThreadingHTTPServer

from .app import Handler


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = int(os.environ.get("PORT", "8080"))
    with ThreadingHTTPServer(("", port), Handler) as server:
        print(f"listening on port {port}")
        server.serve_forever()


if __name__ == "__main__":
    main()
