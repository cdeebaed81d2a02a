"""One session of the page without a browser: speaks to its server as Streamlit's own frontend does.

What it measures is the server's part: from sending a question until the outcome has arrived, drawing it not included.
"""

from __future__ import annotations

import asyncio
import time
from html import unescape

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import ChatInputValue
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

WAIT = 60.0  # seconds


class Client:
    """A session: sends questions and presses buttons, and reads what is drawn."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("http://", "ws://", 1).rstrip("/") + "/_stcore/stream"
        self._page = ""
        self._chat_input = ""
        self._buttons: dict[str, str] = {}
        self.drawn: list[str] = []
        """The pieces of HTML of the last run of the page, in their order."""

    async def open(self) -> None:
        """Begin the session and wait until the page is drawn."""
        self._socket = await websockets.connect(self._url, subprotocols=["streamlit"], max_size=None)
        await self._run()

    async def ask(self, question: str) -> tuple[float, str]:
        """Ask; return the seconds until its outcome was there, and the outcome."""
        state = WidgetState(id=self._chat_input, chat_input_value=ChatInputValue(data=question))
        before = sum("rag-outcome" in html or "rag-error" in html for html in self.drawn)
        return await self._run(state, outcomes=before + 1)

    async def press(self, label: str) -> None:
        """Press a button."""
        await self._run(WidgetState(id=self._buttons[label], trigger_value=True))

    async def close(self) -> None:
        """End the session."""
        await self._socket.close()

    async def _run(self, state: WidgetState | None = None, outcomes: int = 0) -> tuple[float, str]:
        """Have the page run once, to its end; return when so many outcomes had been drawn, and the last one's HTML."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self._page
        if state is not None:
            message.rerun_script.widget_states.widgets.append(state)
        else:
            message.rerun_script.query_string = ""
        self.drawn, seen, took, last = [], 0, 0.0, ""
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            received = ForwardMsg()
            received.ParseFromString(await asyncio.wait_for(self._socket.recv(), WAIT))
            kind = received.WhichOneof("type")
            if kind == "new_session":
                self._page = received.new_session.page_script_hash
                self._buttons = {}
            elif kind == "delta" and received.delta.HasField("new_element"):
                element = received.delta.new_element
                if element.HasField("chat_input"):
                    self._chat_input = element.chat_input.id
                elif element.HasField("button"):
                    self._buttons[element.button.label] = element.button.id
                elif element.HasField("html"):
                    self.drawn.append(element.html.body)
                    if "rag-outcome" in element.html.body or "rag-error" in element.html.body:
                        seen, last = seen + 1, element.html.body
                        if seen == outcomes:
                            took = time.perf_counter() - began
            elif kind == "script_finished" and received.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                if outcomes and seen < outcomes:
                    raise RuntimeError("the page was drawn without an outcome")
                return took, unescape(last)
