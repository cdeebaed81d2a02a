"""Name the parts of an index folder, and read and write the pointer to what is published."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.core.errors import IndexDamaged, IndexForeign, IndexMissing
from rag.core.system.checksums import sealed, unsealed
from rag.core.system.files import write_atomically

_OURS = frozenset({"current", "lock", "stat-cache.json", "encoders", "generations", "records"})


@dataclass(frozen=True, slots=True)
class Pointer:
    """The published generation, the one before it, and whether somebody went back to this one (`pinned`)."""

    generation: str
    previous: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """An index folder by its path; nothing is opened until it is asked for."""

    path: Path

    @property
    def encoders(self) -> Path:
        """Where exported encoders are, one a folder."""
        return self.path / "encoders"

    @property
    def generations(self) -> Path:
        """Where generations are, one a folder."""
        return self.path / "generations"

    @property
    def lock(self) -> Path:
        """The file that the one writer locks."""
        return self.path / "lock"

    def refuse_foreign(self) -> None:
        """Raise `IndexForeign` when the folder holds what this program did not put there and no index."""
        if self.path.exists() and not self.path.is_dir():
            raise IndexForeign(f"{self.path} is a file, not an index folder.", "Choose another with --index DIR.")
        if not self.path.is_dir() or (self.path / "current").is_file():
            return
        strange = sorted(
            entry.name
            for entry in self.path.iterdir()
            if entry.name not in _OURS and not entry.name.startswith(".")  # the system's, or half written by us
        )
        if strange:
            raise IndexForeign(
                f"{self.path} is not an index folder: it holds {strange[0]!r}"
                + (f" and {len(strange) - 1} more." if len(strange) > 1 else "."),
                "Choose an empty or new folder with --index DIR.",
            )

    def read_pointer(self) -> Pointer:
        """Return the pointer. Raises `IndexMissing`, `IndexForeign` or `IndexDamaged`."""
        try:
            values = json.loads((self.path / "current").read_text(encoding="utf-8"))
            if values.keys() != {"generation", "previous", "pinned"}:
                raise ValueError("not a pointer")
            generation, previous = values["generation"], values["previous"]
            names = (generation, previous or "none")
            if not all(isinstance(name, str) and name and Path(name).name == name for name in names):
                raise ValueError("not the name of a generation")
            return Pointer(generation, previous, bool(values["pinned"]))
        except FileNotFoundError:
            self.refuse_foreign()
            raise IndexMissing(f"There is no index in {self.path}.", "Make it with: python -m rag build") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IndexDamaged(
                f"The pointer {self.path / 'current'} cannot be read.", "Build again: python -m rag build"
            ) from error

    def write_pointer(self, pointer: Pointer) -> None:
        """Publish: replace the pointer in one atomic step that survives a power cut."""
        write_atomically(self.path / "current", json.dumps(asdict(pointer)))

    def read_fingerprints(self) -> dict[str, tuple[int, int, int, str]]:
        """Return what earlier scans hashed. It only saves time: whatever is wrong with it, it is empty."""
        try:
            values = unsealed((self.path / "stat-cache.json").read_text(encoding="utf-8"))["sources"]
            return {path: (int(a), int(b), int(c), str(sha)) for path, (a, b, c, sha) in values.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}

    def write_fingerprints(self, fingerprints: Mapping[str, tuple[int, int, int, str]]) -> None:
        """Keep what a scan hashed; a folder that cannot be written only makes the next scan slower."""
        with contextlib.suppress(OSError):
            write_atomically(self.path / "stat-cache.json", sealed({"sources": dict(fingerprints)}))
