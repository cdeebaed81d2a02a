"""LangChain with FAISS, as its documentation of that vector store says."""

from __future__ import annotations

from driver import Ask, Passage, run
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings


def build(passages: list[Passage], index: str, model: str) -> None:
    """Embed, index and save."""
    documents = [Document(page_content=each["text"], metadata={"id": each["id"]}) for each in passages]
    FAISS.from_documents(documents, HuggingFaceEmbeddings(model_name=model)).save_local(index)


def opened(index: str, model: str) -> Ask:
    """Load the saved store."""
    embeddings = HuggingFaceEmbeddings(model_name=model)
    store = FAISS.load_local(index, embeddings, allow_dangerous_deserialization=True)
    return lambda question: [
        (document.metadata["id"], document.page_content) for document in store.similarity_search(question, k=5)
    ]


run(build, opened)
