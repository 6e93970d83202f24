"""A service with state: GET /health, GET /records, POST /records."""

import json
import sqlite3
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DATABASE = "/var/lib/counter/records.db"


def database():
    connection = sqlite3.connect(DATABASE, timeout=10)
    connection.execute("CREATE TABLE IF NOT EXISTS record (name TEXT PRIMARY KEY, amount INTEGER)")
    return connection


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value):
        body = json.dumps(value, sort_keys=True).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "ok"})
        elif self.path == "/records":
            with database() as connection:
                rows = connection.execute("SELECT name, amount FROM record ORDER BY name").fetchall()
            self.answer(200, [{"name": name, "amount": amount} for name, amount in rows])
        else:
            self.answer(404, {"error": "no such page"})

    def do_POST(self):
        records = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with database() as connection:
            connection.executemany("INSERT OR REPLACE INTO record VALUES (:name, :amount)", records)
        self.answer(201, {"added": len(records)})

    def log_message(self, *_):
        pass


database().close()
print("counter listens", flush=True)
ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
