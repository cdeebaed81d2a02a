// Copies what stands beside a pressed button, and says so where a screen reader hears it. Listens once, on the document,
// for the quotes come and go. Where the page is not served securely there is no clipboard: what is marked is copied then.
window.ragCopying ??= (() => {
  const mark = element => getSelection().selectAllChildren(element);
  const copy = async element => {
    try {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    } catch {
      mark(element);
      return document.execCommand("copy");
    }
  };
  document.addEventListener("click", async event => {
    const button = event.target.closest("button.rag-copy");
    if (!button) return;
    const text = button.parentElement.querySelector("pre"), said = button.closest("details").querySelector("[role=status]");
    said.textContent = "";
    const done = await copy(text);
    if (!done) mark(text);
    // A moment later, so that the same words are said again.
    setTimeout(() => {
      said.textContent = done ? `${text.getAttribute("aria-label")} copied.` : "Not copied. The text is marked: copy it from there.";
    }, 50);
  });
  return true;
})();
