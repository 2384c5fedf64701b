"""A buyer at a terminal: reads what assay asks, and does it with a wallet of a sandbox, whose control
API this script alone reaches. With WALLET=none it has none. With INTERRUPT=WORD it presses Ctrl-C once
the record of the run has the word in it.

    buyer.py CONTROL TOKEN COMMAND...
"""

import json
import os
import re
import sys
import threading
import time
import urllib.request

from prompts import KEYS, sit

control, token, command = sys.argv[1], sys.argv[2], sys.argv[3:]


def ask(path, body):
    headers = {"content-type": "application/json", "x-control-token": token}
    request = urllib.request.Request(f"{control}/_sandbox/{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"{}")


# What the orders of a case are in, where not all are in dollars.
CURRENCIES = {
    "AMS-REC-001": ["JPY", "KRW", "USD", "EUR", "GBP"],
    "AMS-REC-010": ["KRW", "USD"],
}


def currency(seen, task):
    order = re.search(r"order: (AMS-\w+-\d+)-\w+-(\d+)\r?$", task, re.M)
    if not order or trial(seen):
        return "USD"
    known = CURRENCIES.get(order.group(1), [])
    return known[int(order.group(2)) - 1] if known else "USD"


def trial(seen):
    """Whether it is the sale before the run, which is the first that the buyer sees."""
    return seen.count("── AMS") == 1


def wallet(seen, task):
    mood = {"kind": "pays"}
    decides = re.search(r"(confirm|decline) (\d+) s after", task)
    if decides:
        word = {"confirm": "approve", "decline": "decline"}[decides.group(1)]
        mood = {"kind": "asks", "decides": word, "after": 1000 * int(decides.group(2)) - 3000}
    if "do nothing when the wallet asks" in task:
        mood = {"kind": "asks", "decides": "ignore", "after": 0}
    return ask("wallets", {"currency": currency(seen, task), "mood": mood})["wallet"]


def page(seen):
    """What the page beside the prompt shows."""
    address = re.search(r"also shown at (http://127\.0\.0\.1:\d+/)", seen).group(1)
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def answer(seen, asked):
    task = seen[seen.rfind("── AMS"):]
    if os.environ.get("WALLET") == "none":
        return "lacking no wallet here"
    if "the digits below the code" in asked:
        return ask(f"wallets/{wallet(seen, task)}/codes", {})["code"]
    if "scan the code below" in task:
        code = re.search(r"to scan or to open: (.*?)\r?$", task, re.M).group(1)
        shown = page(seen)
        if "<svg" not in shown or "AMS-" not in shown:
            sys.exit("the page shows no code: " + shown)
        ask(f"wallets/{wallet(seen, task)}/scan", {"code": code})
    return ""


def interrupts(word, press):
    while word not in open("run/record.ndjson", encoding="utf-8").read():
        time.sleep(0.02)
    press(KEYS["ctrl-c"])


def begun(press):
    if "INTERRUPT" in os.environ:
        told = (os.environ["INTERRUPT"], press)
        threading.Thread(target=interrupts, args=told, daemon=True).start()


sit(command, answer, 300, begun)
