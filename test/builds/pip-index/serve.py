"""Serves the current folder, with a header that lets pip keep what it downloads."""

import http.server


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()


http.server.ThreadingHTTPServer(("127.0.0.1", 8097), Handler).serve_forever()
