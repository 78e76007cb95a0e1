"""What the driver of the terminal reports to the application, besides keys and mouse."""

from textual.events import Key
from textual.message import Message


class UnbracketedPaste(Message):
    """A text that arrived at once, as a terminal without bracketed paste sends what is pasted.

    Attributes:
        keys: The keys that it would be if it had been typed.
    """

    def __init__(self, keys: list[Key]) -> None:
        """Hold the keys.

        Args:
            keys: In the order in which they arrived.
        """
        super().__init__()
        self.keys = keys

    @property
    def text(self) -> str:
        """The pasted text, its line breaks as in a file."""
        return "".join(key.character or "" for key in self.keys).replace("\r", "\n")

    @property
    def has_more_lines(self) -> bool:
        """Whether something follows a line break: typed, it would go on somewhere else."""
        return "\n" in self.text.rstrip("\n")


class TerminalLost(Message):
    """The terminal was closed, or a signal asks the program to end.

    Attributes:
        exit_code: What to end with.
    """

    def __init__(self, exit_code: int) -> None:
        """Ask for the end of the program.

        Args:
            exit_code: What to end with.
        """
        super().__init__()
        self.exit_code = exit_code
