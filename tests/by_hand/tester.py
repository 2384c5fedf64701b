"""A tester at a terminal: reads what assay asks, operates a till that has an adapter, and answers.

    tester.py ADAPTER PICTURE COMMAND...

The till's adapter is how this script sees and presses what a person would see and press. It attaches
PICTURE to the first task that is no trial. `leave` in place of PICTURE makes it press Ctrl-C there.
"""

import json
import os
import pty
import re
import signal
import sys
import urllib.request

adapter, picture, command = sys.argv[1], sys.argv[2], sys.argv[3:]
STATES = ["waiting", "paid", "failed", "cancelled", "for-staff"]


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(adapter + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"{}")


def particular(task, name):
    found = re.search(rf"^  {name}: (.*?)\r?$", task, re.M)
    return found and found.group(1)


def operate(task):
    currency, value = particular(task, "amount").split(" ")
    ask("/charge", {
        "order": particular(task, "order"),
        "amount": {"currency": currency, "minor": round(float(value) * 100)},
        "text": particular(task, "goods"),
        "code": particular(task, "the buyer's code"),
        "store": particular(task, "store"),
    })


def answer(task, question):
    if question.startswith("Enter when it is done"):
        operate(task)
        return ""
    view = ask("/orders/" + particular(task, "order"))
    if "the till shows" in question:
        return str(STATES.index(view["till"]) + 1)
    if "the back office" in question:
        return view["back_office"]
    return "; ".join(booked(booking["amount"]) for booking in view["bookings"])


def booked(amount):
    return f"{amount['currency']} {amount['minor'] / 100:.2f}"


# Whoever waits here waits for nothing.
signal.alarm(120)
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
seen, tasks, place = "", 0, 0
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    sys.stdout.write(piece.decode(errors="replace"))
    seen += piece.decode(errors="replace")
    if not seen.endswith("> "):
        continue
    # What was asked since the last answer, and the task that it belongs to.
    asked, place = seen[place:], len(seen)
    task = seen[seen.rfind("── AMS"):]
    if "Enter when it is done" in asked:
        tasks += 1
        if tasks == 2 and picture == "leave":
            os.write(terminal, b"\x03")
            continue
        if tasks == 2 and "attached" not in task:
            os.write(terminal, f"attach {picture}\n".encode())
            tasks -= 1
            continue
        told = answer(task, "Enter when it is done")
    else:
        lines = [line for line in asked.splitlines() if line and not line.startswith("  ")]
        told = answer(task, [line for line in lines if not line.startswith(">")][-1])
    os.write(terminal, told.encode() + b"\n")
sys.stdout.flush()
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
