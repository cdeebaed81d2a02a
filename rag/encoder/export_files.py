"""Name the files of an export, and its output."""

MODEL_FILE = "model.onnx"
"""The graph; its weights lie beside it, so that they are mapped and not read, which opens it in a third of the time."""

WEIGHTS_FILE = "model.weights"
TOKENIZER_FILE = "tokenizer.json"
DESCRIPTION_FILE = "encoder.json"
"""What the export is; written last, so that its presence marks the export as whole."""

DRAFT_FILE = "draft.json"
OUTPUT = "unit_vector"
