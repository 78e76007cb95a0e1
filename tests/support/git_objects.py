"""A git repository written object by object: no git process, and the same hashes every time."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path


class GitObjects:
    """The objects of a repository that git has created."""

    def __init__(self, repo: Path) -> None:
        self._folder = repo / ".git"

    def write(self, kind: str, content: bytes) -> str:
        """Write an object; return its hash."""
        whole = b"%s %d\0%s" % (kind.encode(), len(content), content)
        name = hashlib.sha1(whole).hexdigest()  # noqa: S324 - git's own hash
        path = self._folder / "objects" / name[:2] / name[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(whole, 1))
        return name

    def tree(self, files: Mapping[str, bytes]) -> str:
        """Write a tree, with the trees and files in it; return its hash.

        Args:
            files: Contents by path from the root.
        """
        below: dict[str, dict[str, bytes]] = {}
        entries: list[tuple[bytes, bytes]] = []
        for path, content in files.items():
            name, _, rest = path.partition("/")
            if rest:
                below.setdefault(name, {})[rest] = content
            else:
                blob = bytes.fromhex(self.write("blob", content))
                entries.append((name.encode(), b"100644 %s\0%s" % (name.encode(), blob)))
        for name, inside in below.items():
            tree = bytes.fromhex(self.tree(inside))
            entries.append((name.encode() + b"/", b"40000 %s\0%s" % (name.encode(), tree)))
        return self.write("tree", b"".join(entry for _, entry in sorted(entries)))

    def commit(
        self, tree: str, parents: Sequence[str], author: str, committer: str, message: str
    ) -> str:
        """Write a commit; return its hash.

        Args:
            tree: Hash of its tree.
            parents: Hashes of its parents.
            author: Name, address, seconds and zone, as git stores them.
            committer: The same of who committed.
            message: The whole message.
        """
        lines = [
            f"tree {tree}",
            *(f"parent {one}" for one in parents),
            f"author {author}",
            f"committer {committer}",
        ]
        return self.write("commit", ("\n".join(lines) + f"\n\n{message}").encode())

    def refer(self, ref: str, commit: str) -> None:
        """Let a ref name a commit."""
        path = self._folder / ref
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{commit}\n", encoding="ascii")
