"""A buyer at a terminal: reads what assay asks, and does it with a wallet of a sandbox, whose control
API this script alone reaches. With WALLET=none it has none; with WALLET=stubborn the browser stays open
that was to be closed. With INTERRUPT=WORD it presses Ctrl-C once
the record of the run has the word in it.

    buyer.py CONTROL TOKEN COMMAND...
"""

import json
import os
import re
import sys
import threading
import time
import urllib.parse
import urllib.request

from prompts import KEYS, sit

# The wallets of those who have come to an order.
known = {}

control, token, command = sys.argv[1], sys.argv[2], sys.argv[3:]


def ask(path, body):
    headers = {"content-type": "application/json", "x-control-token": token}
    request = urllib.request.Request(f"{control}/_sandbox/{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"{}")


def look(path):
    request = urllib.request.Request(f"{control}/_sandbox/{path}", headers={"x-control-token": token})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def currency(task):
    amount = re.search(r"amount: ([A-Z]{3}) ", task)
    return amount.group(1) if amount else "USD"


def wallet(task):
    mood = {"kind": "pays"}
    decides = re.search(r"(confirm|decline) (\d+) s after", task)
    if decides:
        word = {"confirm": "approve", "decline": "decline"}[decides.group(1)]
        mood = {"kind": "asks", "decides": word, "after": 1000 * int(decides.group(2)) - 3000}
    if "do nothing when the wallet asks" in task:
        mood = {"kind": "asks", "decides": "ignore", "after": 0}
    wanted = {"currency": currency(task), "mood": mood}
    if "have less money in the wallet than the amount" in task:
        wanted["balance"] = 1
    order = re.search(r"order: (\S+)", task)
    if order and order.group(1) in known:
        ask(f"wallets/{known[order.group(1)]}/mood", mood)
        return known[order.group(1)]
    told = ask("wallets", wanted)["wallet"]
    if order:
        known[order.group(1)] = told
    return told


def visit(address):
    """What the buyer's browser is shown at an address."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read().decode()


def shops(task):
    """The browser goes to the cashier, and back where the buyer has paid there."""
    link = re.search(r"to scan or to open: (.*?)\r?$", task, re.M).group(1)
    token = re.search(r'href="(/cashier\?token=[^"]*)"', visit(link))
    if not token:
        # It is paid, and the cashier offers nothing any more.
        return
    ask(f"wallets/{wallet(task)}/open", {"url": token.group(1)})
    stubborn = os.environ.get("WALLET") == "stubborn"
    if stubborn or "let the browser go back to the shop" in task:
        number = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["out_trade_no"][0]
        while not (back := look(f"payments/{number}/return")["url"]):
            time.sleep(0.1)
        visit(back)


def page(seen):
    """What the page beside the prompt shows."""
    address = re.search(r"also shown at (http://127\.0\.0\.1:\d+/)", seen).group(1)
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def answer(seen, asked):
    task = seen[seen.rfind("── "):]
    if os.environ.get("WALLET") == "none":
        return "lacking no wallet here"
    if "the digits below the code" in asked:
        form = re.search(r"code of (\d+) digits that begins with (\d+)", task)
        form = {"digits": int(form.group(1)), "prefix": form.group(2)} if form else {}
        return ask(f"wallets/{wallet(task)}/codes", form)["code"]
    if "scan the code below" in task:
        code = re.search(r"to scan or to open: (.*?)\r?$", task, re.M).group(1)
        shown = page(seen)
        if "<svg" not in shown or "AMS-" not in shown:
            sys.exit("the page shows no code: " + shown)
        ask(f"wallets/{wallet(task)}/scan", {"code": code})
    if "open the address below" in task and "/gateway.do?" in task:
        shops(task)
    return ""


def interrupts(word, press):
    while word not in open("run/record.ndjson", encoding="utf-8").read():
        time.sleep(0.02)
    press(KEYS["ctrl-c"])


def begun(press):
    if "INTERRUPT" in os.environ:
        told = (os.environ["INTERRUPT"], press)
        threading.Thread(target=interrupts, args=told, daemon=True).start()


sit(command, answer, 900, begun)
