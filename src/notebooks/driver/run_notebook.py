"""Runs one notebook from its first cell to its last and says on stdout, line by line, how it goes.

Usage: run_notebook.py JOB.json. Needs ipykernel and what comes with it, nothing else. Every line of the report begins
with MARK; whatever else reaches stdout is no part of it. The last line has the event `finished`, and the exit code
says the same as its status.
"""

import hashlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time

import container_memory
import zmq
from jupyter_client.session import Session

HERE = os.path.dirname(os.path.abspath(__file__))
MARK = "fresh-clone/1 "
EXIT_CODES = {"pass": 0, "fail": 20, "timeout": 21, "kernel_died": 22, "oom": 23, "unreachable": 24, "error": 25}
POLL_MILLISECONDS = 100
DRAIN_SECONDS = 1.0
INTERRUPT_SECONDS = 5.0
IDLE_SECONDS = 30.0



class Stopped(Exception):
    """The notebook cannot go on: status and reason of the whole run."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status
        self.reason = reason


def say(event, **fields):
    fields["event"] = event
    sys.stdout.write(MARK + json.dumps(fields, sort_keys=True) + "\n")
    sys.stdout.flush()


def clean(value):
    """The value with text that is no Unicode (lone surrogates) written out, so that it can be stored."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
            return value
        except UnicodeEncodeError:
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def check_reach(addresses, seconds):
    for host, port in addresses:
        try:
            socket.create_connection((host, port), timeout=seconds).close()
        except OSError as error:
            raise Stopped("unreachable", f"no connection to {host}:{port}: {error or type(error).__name__}")


def check_modules(names):
    for name in names:
        try:
            found = importlib.util.find_spec(name) is not None
        except (ImportError, ValueError):
            found = False
        if not found:
            raise Stopped("error", f"the image lacks the Python module '{name}'")


class Outputs:
    """The outputs of all cells, as the kernel's messages build them up."""

    def __init__(self, limit):
        self.limit = limit
        self.size = 0
        self.displays = {}
        self.clear_next = set()

    def apply(self, cell, kind, content, size):
        self.size += size
        if self.size > self.limit:
            raise Stopped("error", f"outputs are larger than the limit of {self.limit // (1 << 20)} MiB")
        outputs = cell["outputs"]
        if kind == "clear_output":
            if content.get("wait"):
                self.clear_next.add(id(cell))
            else:
                outputs.clear()
            return
        if kind not in ("stream", "display_data", "execute_result", "error", "update_display_data"):
            return
        if kind != "update_display_data" and id(cell) in self.clear_next:
            self.clear_next.discard(id(cell))
            outputs.clear()
        if kind == "stream":
            last = outputs[-1] if outputs else {}
            if last.get("name") != content["name"]:
                last = {"output_type": "stream", "name": content["name"], "text": []}
                outputs.append(last)
            last["text"].append(content["text"])
            return
        if kind == "error":
            outputs.append({"output_type": "error", "ename": content["ename"], "evalue": content["evalue"],
                            "traceback": content["traceback"]})
            return
        display = content.get("transient", {}).get("display_id")
        if kind == "update_display_data":
            for shown in self.displays.get(display, []):
                shown["data"] = content["data"]
                shown["metadata"] = content["metadata"]
            return
        output = {"output_type": kind, "data": content["data"], "metadata": content["metadata"]}
        if kind == "execute_result":
            output["execution_count"] = content["execution_count"]
        if display is not None:
            self.displays.setdefault(display, []).append(output)
        outputs.append(output)


class Kernel:
    """A kernel of this interpreter, spoken to over sockets in a folder of its own: no port can be taken."""

    def __init__(self, job, outputs):
        self.outputs = outputs
        self.owners = {}
        self.log = os.path.join(job["scratch"], "kernel.log")
        self.log_start = 0  # what the kernel prints of itself at its start is no news
        os.makedirs(job["scratch"], exist_ok=True)
        key = os.urandom(32).hex()
        prefix = os.path.join(job["scratch"], "kernel")
        connection = {"transport": "ipc", "ip": prefix, "key": key, "signature_scheme": "hmac-sha256",
                      "shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}
        file = os.path.join(job["scratch"], "connection.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump(connection, out)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, os.path.join(HERE, "kernel.py"), job["job"], "-f", file,
                 "--HistoryManager.enabled=False"],
                cwd=job["folder"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.session = Session(key=key.encode(), signature_scheme="hmac-sha256")
        self.context = zmq.Context()
        self.shell = self.connect(zmq.DEALER, f"ipc://{prefix}-1")
        self.iopub = self.connect(zmq.SUB, f"ipc://{prefix}-2")
        self.iopub.setsockopt(zmq.SUBSCRIBE, b"")
        self.control = self.connect(zmq.DEALER, f"ipc://{prefix}-4")
        self.poller = zmq.Poller()
        self.poller.register(self.shell, zmq.POLLIN)
        self.poller.register(self.iopub, zmq.POLLIN)

    def connect(self, kind, address):
        channel = self.context.socket(kind)
        channel.setsockopt(zmq.LINGER, 0)
        channel.setsockopt(zmq.RCVHWM, 0)
        channel.setsockopt(zmq.RECONNECT_IVL, 10)
        channel.connect(address)
        return channel

    def send(self, kind, content, channel=None):
        return self.session.send(channel or self.shell, kind, content)["header"]["msg_id"]

    def receive(self, channel):
        """The next message of a channel, or None when there is none now."""
        try:
            _, message = self.session.recv(channel, zmq.NOBLOCK)
        except ValueError as error:
            raise Stopped("error", f"the kernel sent a message that cannot be read: {error}")
        return message

    def check_alive(self):
        if self.process.poll() is None:
            return
        code = self.process.returncode
        if code >= 0:
            raise Stopped("kernel_died", f"the kernel ended by itself with exit code {code}")
        name = signal.Signals(-code).name
        if code != -signal.SIGKILL:
            raise Stopped("kernel_died", f"the kernel was ended by {name}")
        limit, peak = container_memory.limit(), container_memory.peak()
        shown = f"limit {limit // (1 << 20)} MiB" if limit else "no limit is known"
        if container_memory.oom_kills():
            raise Stopped("oom", f"out of memory: {shown}")
        if limit and peak and peak > limit * 0.95:
            raise Stopped("oom", f"the kernel was ended by SIGKILL, probably out of memory: {shown}")
        raise Stopped("kernel_died", f"the kernel was ended by SIGKILL; the system reports no lack of memory, {shown}")

    def pump(self, request, cell, deadline):
        """Waits until `request` was answered and the kernel is idle again. Returns the reply; None at the deadline."""
        if cell is not None:
            self.owners[request] = cell
        reply, idle, replied_at, dead_at = None, False, None, None
        while reply is None or not idle:
            now = time.monotonic()
            if now > deadline:
                return None
            if reply is not None and now > replied_at + IDLE_SECONDS:
                raise Stopped("error", f"output lost: the kernel replied, but was not idle {IDLE_SECONDS:.0f} s later")
            ready = dict(self.poller.poll(POLL_MILLISECONDS))
            if self.iopub in ready:
                while (message := self.receive(self.iopub)) is not None:
                    idle |= self.publish(message, request)
                    if time.monotonic() > deadline:
                        return None
            if self.shell in ready:
                while (message := self.receive(self.shell)) is not None:
                    if message["parent_header"].get("msg_id") == request:
                        reply, replied_at = message["content"], time.monotonic()
            if not ready and self.process.poll() is not None:
                dead_at = dead_at or now
                if now > dead_at + DRAIN_SECONDS:
                    self.check_alive()
        return reply

    def publish(self, message, request):
        """Stores what a message says; True when it says that `request` is done."""
        kind, content = message["header"]["msg_type"], message["content"]
        parent = message["parent_header"].get("msg_id")
        if kind == "status":
            return parent == request and content["execution_state"] == "idle"
        if parent in self.owners:
            self.outputs.apply(self.owners[parent], kind, content, sum(map(len, content_texts(content))))
        return False

    def wait_ready(self, deadline):
        while True:
            request = self.send("kernel_info_request", {})
            reply = self.pump(request, None, min(deadline, time.monotonic() + 0.5))
            if reply is not None:
                self.log_start = os.path.getsize(self.log)
                return reply
            self.check_alive()
            if time.monotonic() > deadline:
                raise Stopped("error", "the kernel did not become ready in time")

    def execute(self, source, cell, deadline, silent=False):
        request = self.send("execute_request", {
            "code": source, "silent": silent, "store_history": not silent, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True})
        reply = self.pump(request, cell, deadline)
        if reply is not None:
            return reply
        self.process.send_signal(signal.SIGINT)
        self.pump(request, cell, time.monotonic() + INTERRUPT_SECONDS)
        return None

    def log_tail(self):
        with open(self.log, "rb") as log:
            log.seek(self.log_start)
            return log.read().decode("utf-8", "replace").splitlines()[-20:]

    def close(self, grace):
        if self.process.poll() is None and grace > 0:
            self.send("shutdown_request", {"restart": False}, self.control)
            try:
                self.process.wait(grace)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def content_texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from content_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from content_texts(item)


def joined(text):
    return "".join(text) if isinstance(text, list) else text


def run_cells(kernel, cells, job, deadline, result):
    for number, cell in enumerate(cells, 1):
        source = joined(cell["source"])
        tags = cell.get("metadata", {}).get("tags", [])
        result["cell"] = number
        if "skip-execution" in tags or not source.strip():
            result["cells_ok"] += 1
            say("cell", cell=number, of=len(cells), status="skipped", seconds=0.0)
            continue
        say("cell_started", cell=number, of=len(cells))
        begun = time.monotonic()
        reply = kernel.execute(source, cell, min(begun + job["cell_timeout"], deadline))
        seconds = round(time.monotonic() - begun, 3)
        if reply is None:
            say("cell", cell=number, of=len(cells), status="timeout", seconds=seconds)
            if time.monotonic() > deadline:
                raise Stopped("timeout", f"the notebook's budget of {job['timeout']:g} s was used up")
            raise Stopped("timeout", f"the cell's budget of {job['cell_timeout']:g} s was used up")
        cell["execution_count"] = reply.get("execution_count")
        if reply["status"] != "ok" and "raises-exception" not in tags:
            say("cell", cell=number, of=len(cells), status="error", seconds=seconds)
            result["traceback"] = "\n".join(reply.get("traceback", [])).splitlines()[-30:]
            evalue = reply.get("evalue", "").split("\n")[0]
            raise Stopped("fail", f"{reply.get('ename', reply['status'])}: {evalue}"[:2000])
        result["cells_ok"] += 1
        say("cell", cell=number, of=len(cells), status="ok", seconds=seconds)
    result["cell"] = 0


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            notebook = json.load(file)
        if notebook["nbformat"] != 4:
            raise Stopped("error", f"nbformat is {notebook['nbformat']}, expected 4")
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for cell in cells:
            cell["outputs"] = []
            cell["execution_count"] = None
            joined(cell["source"]).strip()
        return notebook, cells
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Stopped("error", f"the notebook cannot be read: {type(error).__name__}: {error}")


def store(notebook, path):
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream":
                output["text"] = joined(output["text"])
    text = json.dumps(clean(notebook), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    data = text.encode("utf-8")
    with open(path + ".part", "wb") as file:
        file.write(data)
    os.replace(path + ".part", path)
    return {"executed_sha256": hashlib.sha256(data).hexdigest(), "executed_size": len(data)}


def run(job):
    begun = time.monotonic()
    deadline = begun + job["timeout"]
    result = {"status": "pass", "reason": "", "cell": 0, "cells_total": 0, "cells_ok": 0}
    notebook = kernel = None
    try:
        check_modules(job["modules"])
        check_reach(job["reach"], job["reach_timeout"])
        notebook, cells = load(job["notebook"])
        result["cells_total"] = len(cells)
        kernel = Kernel(job, Outputs(job["output_limit"]))
        ready_by = min(deadline, time.monotonic() + job["start_timeout"])
        info = kernel.wait_ready(ready_by)
        say("kernel", implementation=info.get("implementation", ""),
            version=info.get("implementation_version", ""), seconds=round(time.monotonic() - begun, 3))
        # The kernel's own start may have drawn from it.
        reply = kernel.execute(f"__import__('random').seed({job['seed']})", None, ready_by, silent=True)
        if reply is None or reply["status"] != "ok":
            raise Stopped("error", f"the kernel cannot be prepared: {(reply or {}).get('evalue', 'no reply')}")
        run_cells(kernel, cells, job, deadline, result)
    except Stopped as stopped:
        result["status"], result["reason"] = stopped.status, stopped.reason
        if kernel is not None and stopped.status in ("kernel_died", "oom", "error"):
            result["kernel_log"] = kernel.log_tail()
    finally:
        if kernel is not None:
            kernel.close(1.0 if result["status"] == "pass" else 0.0)
    if notebook is not None:
        result.update(store(notebook, job["out"]))
    result["seconds"] = round(time.monotonic() - begun, 3)
    result["peak_memory"] = container_memory.peak()
    say("finished", **clean(result))
    return EXIT_CODES[result["status"]]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as job_file:
        sys.exit(run({**json.load(job_file), "job": os.path.abspath(sys.argv[1])}))
