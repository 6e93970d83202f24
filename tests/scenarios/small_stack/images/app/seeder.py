"""Fills the counter with records of DEMO_SEED; the last line says what it then holds, as JSON."""

import hashlib
import json
import os
import random
import urllib.request

SERVICE = "http://counter:8000/records"
seed = int(os.environ["DEMO_SEED"])
dice = random.Random(seed)
records = [{"name": f"r{number:03}", "amount": dice.randrange(1000)} for number in range(100)]
urllib.request.urlopen(urllib.request.Request(SERVICE, json.dumps(records).encode()), timeout=30).read()
found = urllib.request.urlopen(SERVICE, timeout=30).read()
held = json.loads(found)
print(json.dumps({
    "seed": seed,
    "counts": {"record": len(held)},
    "sentinels": {"first_record": held[0]["name"]},
    "digest": "sha256:" + hashlib.sha256(found).hexdigest(),
}, sort_keys=True))
