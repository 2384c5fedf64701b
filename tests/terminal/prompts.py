"""A terminal with a program at it: what somebody who sits there in a test reads and types."""

import codecs
import os
import pty
import re
import signal
import sys

# A prompt ends what was shown so far. Behind a person's may stand already what went on meanwhile.
PROMPT = re.compile(r"^(?:(?:Enter when it is done[^\n]*)?> |[^\n]*> \Z)", re.M)

KEYS = {"ctrl-c": b"\x03", "ctrl-d": b"\x04"}


def sit(command, answer, patience, begun=lambda press: None):
    """Runs COMMAND, passes on what it shows, and ends as it does. Whenever it prompts, ANSWER gets all
    that was shown up to the prompt and what was shown since the last one, and gives a line to type, or
    the bytes of a key. BEGUN gets a way to press keys without being asked."""
    # Whoever waits here waits for nothing.
    signal.alarm(patience)
    child, terminal = pty.fork()
    if child == 0:
        # What runs in the background ignores Ctrl-C, and what it starts does; at a terminal nothing does.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execvp(command[0], command)
    begun(lambda key: os.write(terminal, key))
    # A character may come in two pieces.
    text = codecs.getincrementaldecoder("utf-8")("replace")
    seen, place = "", 0
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown = text.decode(piece)
        sys.stdout.write(shown)
        seen += shown
        while prompt := PROMPT.search(seen, place):
            asked, place = seen[place:prompt.end()], prompt.end()
            told = answer(seen[:place], asked)
            os.write(terminal, told if isinstance(told, bytes) else told.encode() + b"\n")
    sys.stdout.flush()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    # What a key ended is told as shells tell it.
    sys.exit(code if code >= 0 else 128 - code)
