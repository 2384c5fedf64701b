"""Somebody who types what they were told to, whatever is asked.

    typist.py LINES COMMAND...

LINES is a JSON array with a line for each question, or `ctrl-c` or `ctrl-d`. More questions than that,
or fewer, are a failure.
"""

import json
import sys

from prompts import KEYS, sit

lines, command = json.loads(sys.argv[1]), sys.argv[2:]


def answer(seen, asked):
    if not lines:
        sys.exit("one question too many: " + asked)
    line = lines.pop(0)
    return KEYS.get(line, line)


try:
    sit(command, answer, 120)
finally:
    if lines:
        sys.exit("nobody asked for: " + ", ".join(lines))
