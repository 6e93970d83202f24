"""An IPython kernel that is prepared to give the same outputs each time.

Usage: kernel.py JOB.json KERNEL-ARGUMENTS... All is done before the kernel exists: nothing of it is left in the
notebook's names.
"""

import codecs
import importlib.abc
import importlib.util
import json
import os
import sys
import threading

import ipykernel.compiler
import ipykernel.iostream
import zmq
from ipykernel import kernelapp

MARK_SECONDS = 1.0
READ_SIZE = 1 << 16
FILE_DESCRIPTORS = {"stdout": 1, "stderr": 2}


class SeedOnImport(importlib.abc.MetaPathFinder):
    """Seeds modules that bring a generator of their own when the notebook imports them, and imports none of them."""

    def __init__(self, seed):
        self.seeders = {
            "numpy.random": lambda module: module.seed(seed % 2**32),
            "torch": lambda module: module.manual_seed(seed),
            "tensorflow": lambda module: module.random.set_seed(seed),
        }

    def find_spec(self, name, path=None, target=None):
        seeder = self.seeders.pop(name, None)
        spec = importlib.util.find_spec(name) if seeder is not None else None
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_seed(module):
                load(module)
                seeder(module)

            spec.loader.exec_module = load_and_seed
        return spec


class Stream(ipykernel.iostream.OutStream):
    """A stream whose flush waits for what child processes have printed so far.

    That comes through a pipe and a thread, and could land in a later cell. The kernel flushes before each rich output and
    each reply: by then a mark sent through the same pipe must have arrived. A mark is a NUL byte.
    """

    def __init__(self, *arguments, **named):
        self.marks = threading.Condition()
        self.marks_sent = self.marks_seen = 0
        super().__init__(*arguments, **named)

    def _watch_pipe_fd(self):
        # In place of the original, which ends for good at a character that two reads share.
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while (data := os.read(self._fid, READ_SIZE)) and self._should_watch:
            printed = data.replace(b"\0", b"")
            text = decoder.decode(printed)
            if text:
                self.write(text)
            os.write(self._original_stdstream_copy, printed)
            with self.marks:
                self.marks_seen = min(self.marks_sent, self.marks_seen + len(data) - len(printed))
                self.marks.notify_all()

    def flush(self):
        thread = getattr(self, "watch_fd_thread", None)
        if thread is not None and thread.is_alive() and thread is not threading.current_thread():
            with self.marks:
                self.marks_sent += 1
                number = self.marks_sent
            os.write(FILE_DESCRIPTORS[self.name], b"\0")
            with self.marks:
                self.marks.wait_for(lambda: self.marks_seen >= number, MARK_SECONDS)
        super().flush()


class App(kernelapp.IPKernelApp):
    """Sends without a limit: the default one drops output without a word when a cell prints faster than it is read."""

    def _bind_socket(self, s, port):
        s.setsockopt(zmq.SNDHWM, 0)
        return super()._bind_socket(s, port)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    del sys.argv[1]
    del sys.path[0]
    sys.meta_path.insert(0, SeedOnImport(job["seed"]))
    # Cells are named by their text below a fixed folder, not below one with the process id.
    ipykernel.compiler.get_tmp_directory = lambda: job["cell_folder"]
    ipykernel.iostream.OutStream = Stream
    App.launch_instance()


if __name__ == "__main__":
    main()
