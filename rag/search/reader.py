"""Say which cross-encoder has a say in the judgement, or why none has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rag.core.errors import ModelError
from rag.encoder.cross_encoder_files import Unavailable, cross_encoder_fingerprint, cross_encoder_folder
from rag.search.answerability import is_fitted_with

if TYPE_CHECKING:
    from rag.encoder.cross_encoder import CrossEncoder


@cache
def usable_reader() -> CrossEncoder | Unavailable:
    """Return the cross-encoder that comes with the program, if the judgement was fitted with it, or why there is none.

    Nothing is raised: without one, questions are answered as likeness and names alone decide.
    """
    fingerprint = cross_encoder_fingerprint()
    if not fingerprint:
        return Unavailable("No cross-encoder comes with this version.")
    if not is_fitted_with(fingerprint):
        return Unavailable("The cross-encoder is not the one that this version was fitted with.")
    from rag.encoder.cross_encoder import CrossEncoder

    try:
        return CrossEncoder(cross_encoder_folder())
    except ModelError as error:
        return Unavailable(error.message)
