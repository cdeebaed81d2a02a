"""Who may curate: settings, the gate, and that nothing happens on the page for those who may not."""

from __future__ import annotations

import shutil

import pytest
from support.page import checked, click, text, visit
from support.paths import STARTER

from rag.building.build import build
from rag.core.config import Settings, load_settings
from rag.core.errors import ConfigError, NotAllowed
from rag.index.opening import open_published
from rag.page import adding, removing
from rag.page import library as corpus_view
from rag.page import rebuilding as building
from rag.page.gate import FORGOTTEN_AFTER, LONGEST_WAIT, Gate

PASSWORD = "càtalogue keeper"
CURATING = ["Add files", "Remove a document"]


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_settings_come_from_a_table_of_their_own_and_the_environment_goes_before_it(tmp_path, monkeypatch):
    assert not load_settings(tmp_path).read_only
    (tmp_path / "pyproject.toml").write_text(f"[tool.rag.page]\nread_only = true\ncurator_password = '{PASSWORD}'")
    settings = load_settings(tmp_path)
    assert (settings.read_only, settings.curator_password) == (True, PASSWORD)
    monkeypatch.setenv("RAG_READ_ONLY", "0")
    monkeypatch.setenv("RAG_CURATOR_PASSWORD", "another password")
    settings = load_settings(tmp_path)
    assert (settings.read_only, settings.curator_password) == (False, "another password")


@pytest.mark.parametrize(
    "written",
    ["read_only = true", "page = 1", "[page]\nread_only = 1", "[page]\nread_only = 'perhaps'", "[page]\nword = 1"]
    + [
        f"[page]\ncurator_password = {wrong}"
        for wrong in ("12345678901", "'sesame'", "'         '", "['sesame street']")
    ],
)
def test_a_wrong_setting_is_refused_and_a_password_is_in_no_message(tmp_path, written):
    (tmp_path / "rag.toml").write_text(written)
    with pytest.raises(ConfigError) as refused:
        load_settings(tmp_path)
    assert "sesame" not in str(refused.value)
    assert "1234567" not in str(refused.value)


def test_a_password_is_in_no_representation():
    settings = Settings(curator_password=PASSWORD)
    gate = Gate()
    kept = gate.unlock(settings, PASSWORD)
    assert PASSWORD not in f"{settings!r} {settings} {gate!r} {vars(gate)} {kept}"


def test_the_right_password_lets_in_until_it_is_another():
    gate, settings = Gate(), Settings(curator_password=PASSWORD)
    kept = gate.unlock(settings, "ca\u0300talogue keeper")  # another keyboard's way to write à
    assert gate.may_curate(settings, kept)
    assert not gate.may_curate(settings, None)
    assert not gate.may_curate(settings, PASSWORD)
    assert not gate.may_curate(Settings(curator_password="another password"), kept)
    assert not gate.may_curate(Settings(curator_password=PASSWORD, read_only=True), kept)
    assert not Gate().may_curate(settings, kept)
    assert gate.may_curate(Settings(), None)


def test_wrong_tries_slow_down_everybodys_and_are_forgotten():
    clock = Clock()
    gate, settings = Gate(clock), Settings(curator_password=PASSWORD)
    for wait in (1, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT):
        with pytest.raises(NotAllowed, match="not the curators"):
            gate.unlock(settings, "wrong")
        clock.now += wait - 0.1
        with pytest.raises(NotAllowed, match="Try again in 1 seconds"):
            gate.unlock(settings, PASSWORD)  # unread, though it is right
        clock.now += 0.1
    assert gate.unlock(settings, PASSWORD)
    for _ in range(3):
        with pytest.raises(NotAllowed, match="not the curators"):
            gate.unlock(settings, "wrong")
        clock.now += LONGEST_WAIT
    clock.now += FORGOTTEN_AFTER
    with pytest.raises(NotAllowed, match="not the curators"):
        gate.unlock(settings, "wrong")
    clock.now += 1
    assert gate.unlock(settings, PASSWORD)


def test_a_read_only_page_offers_nothing_that_changes_anything(page, own, monkeypatch):
    monkeypatch.setenv("RAG_READ_ONLY", "1")
    at = page(own)
    assert "Build the index" not in [button.label for button in at.button]
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    build(own)
    (own.corpus / "more.md").write_text("# More\n\nMore of it.\n")
    visit(at, "Corpus")
    assert "This page is read-only" in text(at)
    assert "Added: more.md" in text(at)
    assert "Ketamine: effects" in text(at)
    assert not {box.label for box in at.expander} & {*CURATING, "Unlock for curators"}
    assert [button.label for button in at.button] == ["Check the corpus"]


def test_the_page_is_unlocked_for_a_session_and_locked_again(page, own, monkeypatch):
    monkeypatch.setenv("RAG_CURATOR_PASSWORD", PASSWORD)
    building.st.cache_resource.clear()
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    build(own)
    at = visit(page(own), "Corpus")
    assert at.expander[0].label == "Unlock for curators"
    unlock(at, "sesame street")
    assert "That is not the curators' password." in text(at)
    assert "sesame" not in text(at)
    unlock(at, PASSWORD)
    assert "Try again in" in text(at)
    building.st.cache_resource.clear()
    unlock(at, PASSWORD)
    assert [box.label for box in at.expander][:2] == CURATING
    assert visit(page(own), "Corpus").expander[0].label == "Unlock for curators"  # another session
    visit(at, "Ask")
    visit(at, "Corpus")
    assert [box.label for box in at.expander][:2] == CURATING
    click(at, "Lock the page again")
    assert at.expander[0].label == "Unlock for curators"
    building.st.cache_resource.clear()


@pytest.mark.parametrize("settings", [Settings(read_only=True), Settings(curator_password=PASSWORD)])
def test_actions_themselves_refuse(own, monkeypatch, settings):
    """However a button was come by, what it does asks whether it may."""
    shutil.copy(STARTER / "ketamine.md", own.corpus)
    build(own)
    forbidden = Settings(
        own.corpus, own.index, read_only=settings.read_only, curator_password=settings.curator_password
    )
    before = open_published(own.index).generation
    with pytest.raises(NotAllowed):
        building.start_build(forbidden)
    for act in (
        lambda: adding._read(forbidden, [adding.Upload("a.md", b"# A\n\nText.")]),
        lambda: adding._add(forbidden, []),
        lambda: removing._remove(forbidden, "ketamine.md"),
        lambda: corpus_view._go(forbidden, follow=False),
    ):
        said: list[str] = []
        monkeypatch.setattr("streamlit.html", said.append)
        act()
        assert "rag-error" in said[0]
    assert [file.name for file in own.corpus.iterdir()] == ["ketamine.md"]
    assert open_published(own.index).generation == before


def unlock(at, typed):
    """Type a password and send it."""
    next(field for field in at.text_input if field.label == "Curators’ password").set_value(typed)
    next(button for button in at.button if button.label == "Unlock").click().run()
    return checked(at)
