"""The page's views: Streamlit's state and widgets, a file a view.

What they show is made, and escaped, in `rag.render`. Text of the corpus or of a person reaches the screen through
`st.html`, escaped, and never as a label or through `st.markdown`, which would interpret it. Questions live in
`st.session_state` and nowhere else.
"""
