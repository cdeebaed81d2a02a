"""Turn texts into unit vectors with the exported model, which is exported once; read questions with texts.

It may not know passages or faiss.
"""

import os

# onnxruntime can report to its maker and keeps a number of the machine for that, from its import on; nothing may leave.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
