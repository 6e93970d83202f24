"""A small server with the part of the Vault API that fresh-clone uses: for scenarios, it protects nothing."""

import json
import os
import secrets
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATE = "/var/lib/vault/state.json"
state = json.load(open(STATE)) if os.path.exists(STATE) else {"stored": {}, "tokens": {}, "mounts": {}}
sealed = True
given = []


def save():
    with open(STATE + ".new", "w") as file:
        json.dump(state, file)
    os.rename(STATE + ".new", STATE)


def seal_status():
    return {"sealed": sealed, "t": state.get("threshold", 0), "n": len(state.get("keys", [])), "progress": len(given)}


def unseal(body):
    global sealed, given
    if body.get("reset"):
        given = []
    else:
        given.append(body["key"])
        if len(given) == state["threshold"]:
            right, given = set(given) <= set(state["keys"]) and len(set(given)) == state["threshold"], []
            if not right:
                return 400, {"errors": ["cipher: message authentication failed"]}
            sealed = False
    return 200, seal_status()


def initialise(body):
    if "keys" in state:
        return 400, {"errors": ["Vault is already initialized"]}
    state["keys"] = [secrets.token_hex(33) for _ in range(body["secret_shares"])]
    state["threshold"] = body["secret_threshold"]
    state["root"] = "root." + secrets.token_hex(12)
    save()
    return 200, {"keys": state["keys"], "root_token": state["root"]}


def write(path, body):
    global sealed
    if path == "sys/seal":
        sealed = True
    elif path.startswith("sys/mounts/"):
        state["mounts"][path[len("sys/mounts/"):] + "/"] = body
    elif path == "auth/token/lookup":
        found = state["tokens"].get(body["token"])
        return (200, {"data": {"policies": found, "ttl": 0}}) if found else (403, {"errors": ["bad token"]})
    elif path == "auth/token/create":
        state["tokens"][body["id"]] = body["policies"]
    else:
        state["stored"][path] = body
    save()
    return 204, None


def read(path):
    if path == "sys/mounts":
        return 200, {"data": state["mounts"]}
    if path == "sys/auth":
        return 200, {"data": {}}
    found = state["stored"].get(path)
    return (200, {"data": found}) if found else (404, {"errors": []})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        path = self.path.removeprefix("/v1/").split("?")[0]
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size) or b"{}")
        if path == "sys/health":
            code = 200 if "sealedcode" in self.path or not sealed else 503
            self.answer(code, {"initialized": "keys" in state, "sealed": sealed, "standby": False, "version": "fake"})
        elif path == "sys/seal-status":
            self.answer(200, seal_status())
        elif path == "sys/init":
            self.answer(*initialise(body))
        elif path == "sys/unseal":
            self.answer(*unseal(body))
        elif sealed or self.headers.get("X-Vault-Token") != state["root"]:
            self.answer(503 if sealed else 403, {"errors": ["sealed" if sealed else "permission denied"]})
        else:
            self.answer(*(read(path) if self.command == "GET" else write(path, body)))

    do_GET = do_PUT = do_POST = handle_any

    def answer(self, status, value):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if value is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("0.0.0.0", 8200), Handler)
if os.path.exists("/run/secrets/vault.pem"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/run/secrets/vault.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
