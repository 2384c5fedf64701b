"""A tester at a terminal: reads what assay asks, operates a till that has an adapter, and answers.

    tester.py ADAPTER PICTURE COMMAND...

The till's adapter is how this script sees and presses what a person would see and press. It attaches
PICTURE to the first task that is no trial. With `ctrl-c` or `ctrl-d` in place of
PICTURE it leaves there, and with `none` it attaches nothing.
"""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request

from prompts import KEYS, sit

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


def price(task):
    currency, value = particular(task, "amount").split(" ")
    scale = 1 if currency in ("JPY", "KRW") else 100
    return {"currency": currency, "minor": round(float(value) * scale)}


def operate(task):
    order = particular(task, "order")
    if "ring the order up" in task:
        ask("/charge", {"order": order, "amount": price(task), "text": particular(task, "goods"),
                        "code": particular(task, "the buyer's code"),
                        "store": particular(task, "store")})
    elif "offer the order" in task:
        ask("/present", {"order": order, "amount": price(task), "text": particular(task, "goods"),
                         "store": particular(task, "store"),
                         "device": particular(task, "the buyer's device"),
                         "user_agent": particular(task, "the buyer's browser")})
    elif "open the address" in task:
        ask("/return", {"url": particular(task, "address")})
    elif "cancel the order" in task:
        ask("/cancel", {"order": order})
    elif "give money" in task:
        ask("/refund", {"order": order, "slip": particular(task, "return slip"),
                        "amount": price(task), "reason": particular(task, "reason")})
    else:
        sys.exit("no such task: " + task)


def offered(order):
    """What the till shows, as soon as it does."""
    for _ in range(100):
        shown = view_of(order)["shown"] or {}
        if shown.get("code") or shown.get("link"):
            return shown.get("code") or shown["link"]
        time.sleep(0.05)
    return ""


def view_of(order):
    try:
        return ask("/orders/" + order)
    except urllib.error.HTTPError:
        return None


def answer(task, question):
    if question.startswith("Enter when it is done"):
        operate(task)
        return ""
    order = particular(task, "order")
    if "text of the code" in question or "the buyer is sent to" in question:
        return offered(order)
    if "what the page says" in question:
        return "paid"
    view = view_of(order)
    if view is None:
        return "" if "money booked" in question else "unknown"
    if "the till shows" in question:
        return str(STATES.index(view["till"]) + 1)
    if "the back office" in question:
        return view["back_office"]
    if "still there to pay with" in question:
        shown = view["shown"] or {}
        return "yes" if shown.get("code") or shown.get("link") else "no"
    slip = re.match(r"the refund of .* with slip (\S+) is", question)
    if slip:
        found = [refund for refund in view.get("refunds", []) if refund["slip"] == slip.group(1)]
        return found[0]["state"] if found else "unknown"
    if "given back" in question:
        return booked(view["refunded"]) if view["refunded"] else ""
    return "; ".join(booked(booking["amount"]) for booking in view["bookings"])


def booked(amount):
    scale = 1 if amount["currency"] in ("JPY", "KRW") else 100
    return f"{amount['currency']} {amount['minor'] / scale:.{0 if scale == 1 else 2}f}"


tasks = 0


def told(seen, asked):
    """The answer to a question, by the task that it belongs to."""
    global tasks
    task = seen[seen.rfind("── AMS"):]
    if "Enter when it is done" not in asked:
        lines = [line for line in asked.splitlines() if line and not line.startswith("  ")]
        return answer(task, [line for line in lines if not line.startswith(">")][-1])
    tasks += 1
    if tasks == 2 and picture in KEYS:
        return KEYS[picture]
    if tasks == 2 and picture != "none" and "attached" not in task:
        tasks -= 1
        return f"attach {picture}"
    return answer(task, "Enter when it is done")


sit(command, told, int(os.environ.get("PATIENCE", "120")))
