"""What the control group of this container says of its memory, in either version of control groups."""


def read_text(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def first_number(*paths):
    for path in paths:
        text = read_text(path).strip()
        if text.isdigit():
            return int(text)
    return None


def limit():
    """Bytes; None where there is no limit."""
    number = first_number("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
    return number if number is not None and number < 1 << 60 else None


def peak():
    """The most bytes that were in use; None where the system does not tell."""
    return first_number("/sys/fs/cgroup/memory.peak", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes")


def oom_kills():
    """How many processes of this container the system killed for want of memory; None where it does not tell."""
    for path in ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"):
        for line in read_text(path).splitlines():
            words = line.split()
            if len(words) == 2 and words[0] == "oom_kill" and words[1].isdigit():
                return int(words[1])
    return None
