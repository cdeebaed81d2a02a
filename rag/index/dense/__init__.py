"""Search by meaning: unit vectors of passages and sentences, in FAISS and numpy files."""
