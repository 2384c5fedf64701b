"""A disk that is nearly full: no file gets longer than so many bytes.

    little_room.py BYTES COMMAND...
"""

import os
import resource
import signal
import sys

room, command = int(sys.argv[1]), sys.argv[2:]
# Whoever writes more is told so, and not killed.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
os.execvp(command[0], command)
