"""A web page as blogs have them: an article on tea, with what stands around it on such pages."""

from __future__ import annotations

ARTICLE = """
<h1>How to brew strong tea</h1>
<p class="byline">By <a href="/ann">Ann Miller</a></p>
<p>Strong tea needs more leaves, not more time, as two weeks of tasting in our kitchen have shown us.</p>
<ul class="share-buttons"><li><a href="#">Post it</a><li><a href="#">Send it</a></ul>
<div class="article-text">
<p>Many people leave the leaves in the pot for a quarter of an hour when they want a strong cup, and then they add
sugar because it tastes bitter.</p>
<p>Bitterness comes from tannins, which go into the water slowly, while most of the caffeine is in it after three
minutes.</p>
<div class="related-box"><h3>You may also like</h3><ul><li><a href="/green">Green tea at night</a></ul></div>
<p><a href="/mugs">The ten best mugs of the year</a></p>
<h2>What we measured</h2>
<figure><img src="pot.png" alt="A pot"><figcaption>The pot that we used.</figcaption></figure>
<p>We weighed the leaves, and we let a neighbour taste every cup without telling him how it had been made.</p>
<table><tr><th>Leaves<th>Minutes<th>Verdict</tr><tr><td>2 g<td>15<td><a href="/b">bitter</a></tr>
<tr><td>5 g<td>3<td>strong</tr></table>
<p>The neighbour preferred the second cup each time, even when we swapped the cups around to deceive him.</p>
<div class="social-embed"><blockquote cite="https://example.org/x"><p>I could drink it all day.</p></blockquote></div>
<p>He has since bought a larger tin of leaves, and he asks us for a cup every afternoon at about four.</p>
<dl><dt>Gyokuro</dt><dd>A green tea from the shade.</dd><dt>Assam</dt><dd>A black tea from the plain.</dd></dl>
<aside><p>Boil the water anew for every pot, for it tastes flat after an hour.</p></aside>
<details><summary>The kettle</summary><p>An old one, without a thermometer, on a gas stove.</p></details>
<p>Nobody in the kitchen has asked for sugar since, which we had not expected when we began with this.</p>
</div>
"""

HEAD = """<title>How to brew strong tea | Kettle Weekly</title><meta property="og:site_name" content="Kettle Weekly">"""

ABOVE = """
<div id="cookie-banner"><p>We keep cookies on your device, as everybody does. <a href="/privacy">Learn more</a></p>
<button>Accept all</button></div>
<header><nav><ul><li><a href="/">Front page</a><li><a href="/t">Tea</a><li><a href="/c">Coffee</a></ul></nav></header>
"""

BELOW = """
<aside><h2>Most read</h2><ul><li><a href="/1">Kettles that whistle</a><li><a href="/2">Tins that close</a></ul></aside>
<section id="comments"><h2>2 comments</h2>
<div class="comment"><p>I tried this and my family did not like it at all, sorry to say so.</p></div>
<div class="comment"><p>Works with cheap leaves as well, and they cost half as much here.</p></div>
</section>
<footer><p>© Kettle Weekly. All rights reserved.</p></footer>
"""

WRAPPERS = {
    "main": f"<main><article>{ARTICLE}</article></main>",
    "named": f"<div id=wrap><div class='post-content'>{ARTICLE}</div></div>",
    "nameless": f"<div><div>{ARTICLE}</div></div>",
}


def web_page(body: str, head: str = HEAD, attributes: str = "lang='en'") -> str:
    """Return a page with this body."""
    return f"<!DOCTYPE html>\n<html {attributes}><head>{head}</head>\n<body class='no-sidebar'>{body}</body></html>"
