"""Serves a package index with the caching headers that pip asks of one."""

import http.server


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


http.server.ThreadingHTTPServer(("127.0.0.1", 8099), Handler).serve_forever()
