"""A buyer at a terminal: reads what assay asks, and does it with a wallet of a sandbox, whose control
API this script alone reaches. With WALLET=none it has none.

    buyer.py CONTROL TOKEN COMMAND...
"""

import json
import os
import pty
import re
import signal
import sys
import urllib.request

control, token, command = sys.argv[1], sys.argv[2], sys.argv[3:]


def ask(path, body):
    headers = {"content-type": "application/json", "x-control-token": token}
    request = urllib.request.Request(f"{control}/_sandbox/{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"{}")


def wallet(task):
    mood = {"kind": "pays"}
    confirms = re.search(r"confirm (\d+) s after", task)
    if confirms:
        mood = {"kind": "asks", "decides": "approve", "after": 1000 * int(confirms.group(1)) - 3000}
    return ask("wallets", {"currency": "USD", "mood": mood})["wallet"]


def page(seen):
    """What the page beside the prompt shows."""
    address = re.search(r"also shown at (http://127\.0\.0\.1:\d+/)", seen).group(1)
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def answer(seen, task, asked):
    if os.environ.get("WALLET") == "none":
        return "lacking no wallet here"
    if "the digits below the code" in asked:
        return ask(f"wallets/{wallet(task)}/codes", {})["code"]
    if "scan the code below" in task:
        code = re.search(r"to scan or to open: (.*?)\r?$", task, re.M).group(1)
        shown = page(seen)
        if "<svg" not in shown or "AMS-PAY" not in shown:
            sys.exit("the page shows no code: " + shown)
        ask(f"wallets/{wallet(task)}/scan", {"code": code})
    return ""


# Whoever waits here waits for nothing.
signal.alarm(120)
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
seen, place = "", 0
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
    asked, place = seen[place:], len(seen)
    told = answer(seen, seen[seen.rfind("── AMS"):], asked)
    os.write(terminal, told.encode() + b"\n")
sys.stdout.flush()
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
