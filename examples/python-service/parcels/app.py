import json
import locale
import os
import sqlite3
from contextlib import closing
from http.server import BaseHTTPRequestHandler

from parcelnumbers import is_valid

DATABASE = os.environ.get("DATABASE", "/app/data/parcels.db")

try:
    locale.setlocale(locale.LC_COLLATE, "de_DE.UTF-8")
except locale.Error:
    print("no German locale, places are sorted by code point")


def query(sql, *parameters):
    with closing(sqlite3.connect(DATABASE)) as connection:
        return connection.execute(sql, parameters).fetchall()


def places():
    names = [name for (name,) in query("SELECT DISTINCT place FROM events")]
    return sorted(names, key=locale.strxfrm)


def events(number):
    rows = query("SELECT at, place, what FROM events WHERE number = ? ORDER BY at", number)
    return [{"at": at, "place": place, "what": what} for at, place, what in rows]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/healthz":
            self.answer(200, {"status": "ok"})
        elif self.path == "/places":
            self.answer(200, places())
        elif self.path.startswith("/parcels/"):
            self.parcel(self.path.removeprefix("/parcels/"))
        else:
            self.answer(404, {"error": "no such page"})

    def parcel(self, number):
        if not is_valid(number):
            self.answer(400, {"error": "not a parcel number"})
            return
        found = events(number)
        self.answer(200 if found else 404, {"number": number, "events": found})

    def answer(self, status, value):
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
