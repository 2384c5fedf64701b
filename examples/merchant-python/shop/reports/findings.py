"""What is found in report files: differences and notes, up to a limit."""

# A person reads them; a day on which more is wrong is wrong as a whole.
LISTED = 100


class Findings:
    """Differences between files and books, and notes about what does not matter."""

    def __init__(self):
        self.differences = []
        self.left_out = 0
        self.notes = []
        # Whether a file is not whole, so that what it lacks tells nothing.
        self.incomplete = False

    def add(self, kind, at=None, column=None, request_id=None, ours=None, theirs=None):
        """Adds a difference at a place, which is a file's path and a line."""
        file, line = at or (None, None)
        if len(self.differences) == LISTED:
            self.left_out += 1
            return
        text = {"column": column, "id": request_id, "ours": ours, "theirs": theirs}
        told = {name: None if value is None else str(value) for name, value in text.items()}
        self.differences.append({"kind": kind, "file": file, "line": line, **told})

    def unusable(self, kind, at, column=None, ours=None, theirs=None):
        """Adds what makes a file unusable."""
        self.incomplete = True
        self.add(kind, at, column, None, ours, theirs)

    def note(self, kind, at, column=None):
        """Adds a note, unless the file has one of its kind."""
        file, line = at
        known = any(note["kind"] == kind and note["file"] == file for note in self.notes)
        if not known and len(self.notes) < LISTED:
            self.notes.append({"kind": kind, "file": file, "line": line, "column": column})

    def count(self):
        """How many differences there are."""
        return len(self.differences) + self.left_out

    def state(self):
        """What the files amount to."""
        if self.incomplete:
            return "incomplete"
        return "differences" if self.differences else "clean"
