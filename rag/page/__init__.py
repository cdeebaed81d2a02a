"""Show the Streamlit page: its views, widgets and HTML fragments, and its jobs beside the server.

It may not import faiss, torch or tantivy.

What the views show is made, and escaped, in `rag.page.html`. Text of the corpus or of a person reaches the screen
through `st.html`, escaped, and never as a label or through `st.markdown`, which would interpret it. Questions live in
`st.session_state` and nowhere else.
"""
