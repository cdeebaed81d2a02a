"""Kept questions, written by several processes at once."""

from __future__ import annotations

import subprocess
import sys

from support.paths import ROOT

from rag.corpus.records.records_folder import RecordsFolder


def test_several_sessions_write_at_once(tmp_path):
    program = (
        "import sys\nfrom pathlib import Path\nfrom dataclasses import replace\nsys.path.insert(0, sys.argv[2])\n"
        "from support.records import KEPT\nfrom rag.corpus.records.records_folder import RecordsFolder\n"
        "for number in range(40):\n"
        "    kept = replace(KEPT, id=f'{sys.argv[3]}-{number}', question='x' * 9000)\n"
        "    RecordsFolder(Path(sys.argv[1])).append(kept)\n"
    )
    here = str(ROOT / "tests")
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "records"), here, name]) for name in "abcd"
    ]
    assert [writer.wait() for writer in writers] == [0] * 4
    found = RecordsFolder(tmp_path / "records").read()
    assert (len(found.questions), found.unreadable) == (160, ())
