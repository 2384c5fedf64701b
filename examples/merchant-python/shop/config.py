"""The settings of the shop: from the command line, the environment, or a file, in this order."""

import argparse
import json
import os
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True)
class Setup:
    """Who the shop is, where it calls, and where it is called."""

    adapter: str
    notify: str
    gateway: str
    ca_file: str
    client_id: str
    private_key: str = field(repr=False)
    gateway_key: str
    notify_url: str
    return_url: str
    reports: str
    customer_id: str
    fee: Fraction
    cashier_life: int
    review_every: int
    registration_again: int
    fetch_again: int


# Name, what it is unless somebody says otherwise, and what it is about.
_SETTINGS = (
    ("adapter", "127.0.0.1:8000", "where the runner calls; port 0 takes a free one"),
    ("notify", "127.0.0.1:8001", "where notifications and buyers come; port 0 takes a free one"),
    ("gateway", "http://127.0.0.1:8090", "base URL of the gateway or of the witness before it"),
    ("ca-file", "", "certificates that an https gateway is trusted by; else the machine's"),
    ("client-id", None, "the client id at the gateway"),
    ("private-key", None, "file with the shop's private key, PEM or bare base64"),
    ("gateway-key", None, "file with the gateway's public key, PEM or bare base64"),
    ("notify-url", "", "what the gateway is told as the address of notifications; else our own"),
    ("return-url", "", "what the gateway is told as the page buyers return to; else our own"),
    ("reports", "", "folder with the gateway's report files, below v1/settlements"),
    ("customer-id", "1022188000000000001", "the shop's number in the paths of reports"),
    ("fee", "1/30", "the fee of the contract, as a part of the amount"),
    (
        "cashier-life",
        "840",
        "seconds that the buyer of a web shop has to pay; 0 leaves it to the gateway",
    ),
    ("review-every", "86400", "seconds between questions about a merchant's review"),
    ("registration-again", "60", "seconds until an unanswered registration is sent again"),
    ("fetch-again", "3600", "seconds until reports that are missing or not whole are read again"),
)


def parser():
    """The command line."""
    text = (
        "A small shop on the official Python SDK. Each setting is taken from the command line, "
        "else from SHOP_… in the environment, else from the file."
    )
    line = argparse.ArgumentParser(prog="python -m shop", description=text)
    line.add_argument("--config", metavar="FILE", help="JSON object with settings by these names")
    for name, default, about in _SETTINGS:
        usual = f" [{default}]" if default else ""
        line.add_argument(f"--{name}", metavar="TEXT", help=about + usual)
    line.add_argument("--defect", action="append", metavar="NAME", help="a mistake; repeatable")
    line.add_argument("--list-defects", action="store_true", help="tell the mistakes and end")
    line.add_argument("--verbose", action="store_true", help="tell on stderr what is refused")
    return line


def read(arguments, environment=os.environ):
    """All settings as texts. Raises `ValueError` with what is missing or not known."""
    file = {}
    if arguments.config:
        file = json.loads(Path(arguments.config).read_text("utf-8"))
        unknown = set(file) - {name for name, _, _ in _SETTINGS} - {"defects"}
        if unknown:
            raise ValueError(f"{arguments.config}: no setting '{min(unknown)}'")
    settings = {}
    for name, default, _ in _SETTINGS:
        key = name.replace("-", "_")
        given = (getattr(arguments, key), environment.get(f"SHOP_{key.upper()}"), file.get(name))
        value = next((one for one in (*given, default) if one is not None), None)
        if value is None:
            raise ValueError(f"--{name} is needed")
        settings[key] = str(value)
    defects = arguments.defect or environment.get("SHOP_DEFECTS", "").split()
    return settings, defects or file.get("defects", [])


def setup_of(settings, public_url):
    """The setup, once it is known where the shop listens."""
    whole = {"cashier_life", "review_every", "registration_again", "fetch_again"}
    values = {key: int(text) if key in whole else text for key, text in settings.items()}
    values["fee"] = Fraction(settings["fee"])
    for key in ("private_key", "gateway_key"):
        values[key] = Path(settings[key]).read_text("ascii")
    values["gateway"] = settings["gateway"].rstrip("/")
    values["notify_url"] = settings["notify_url"] or f"{public_url}/alipay/notify"
    values["return_url"] = settings["return_url"] or f"{public_url}/return"
    return Setup(**values)


def address(text):
    """Host and port of a listener."""
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)
