"""Values of a JSON body by their paths, as text."""

import json

from shop.moments import parse_moment
from shop.money import Amount


class Fields:
    """A JSON object whose values are asked for by paths such as `paymentAmount.value`."""

    def __init__(self, body):
        self.body = body

    @staticmethod
    def read(text):
        """Reads a text; `None` for what is no JSON object."""
        try:
            body = json.loads(text)
        except ValueError:
            return None
        return Fields(body) if isinstance(body, dict) else None

    def at(self, path):
        """The value at a path; `None` where there is none."""
        value = self.body
        for step in path.split("."):
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return None
        return value

    def text(self, path):
        """The text at a path. Official samples have numbers and booleans where the pages say text,
        so they count by their text."""
        value = self.at(path)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        return value if isinstance(value, str) else None

    def amount(self, path):
        """The amount at a path; `None` where there is none."""
        return Amount.from_wire(self.text(f"{path}.currency"), self.text(f"{path}.value"))

    def moment(self, path):
        """The moment at a path, in milliseconds; `None` where there is none."""
        return parse_moment(self.text(path))
