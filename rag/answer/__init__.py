"""Turn hits into an `Answer`: checked quotes, highlights, companions, both sides; the engine, the conversation.

It may not print.
"""
