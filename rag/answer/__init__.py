"""What is said to a question: notices, the question as searched, whether the corpus answers, and its own words."""

from rag.answer.assemble import answer_question

__all__ = ["answer_question"]
