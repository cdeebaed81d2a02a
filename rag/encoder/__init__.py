"""Texts → unit vectors. Asking uses the exported model alone; exporting it, once, is a process of its own."""

import os

# onnxruntime can report to its maker and keeps a number of the machine for that, from its import on; nothing may leave.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
