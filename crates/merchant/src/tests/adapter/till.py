"""A till for tests: answers calls as lines of JSON, in the order that its first argument names."""

import json
import sys

VIEW = {
    "till": "waiting", "back_office": "waiting", "paid": None, "refunded": None,
    "bookings": [], "alarm": False, "shown": None,
}


def answer(call):
    name, body = call["call"], call["body"]
    if name == "order":
        if body["id"].startswith("unknown"):
            return {"status": 404}
        return {"status": 200, "body": {"order": body["id"], **VIEW}}
    if name == "charge":
        return {"status": 202}
    if name == "refund":
        return {"status": 409, "body": {"why": "the till is closed: 茶"}}
    if name == "cancel":
        return {"status": 404, "body": "no such order"}
    return {"status": 501, "body": {"why": "no " + name}}


def say(call):
    print(json.dumps({"id": call["id"], **answer(call)}), flush=True)


waiting = []
for line in sys.stdin:
    sys.stderr.write(line)
    sys.stderr.flush()
    call = json.loads(line)
    if sys.argv[1] == "at-once":
        say(call)
        continue
    waiting.append(call)
    if len(waiting) == 3:
        for call in reversed(waiting):
            say(call)
        waiting.clear()
print("the till is closed", file=sys.stderr)
