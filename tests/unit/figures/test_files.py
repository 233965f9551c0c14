"""The stage that draws, alone and shared among processes."""

import multiprocessing
import os
import sys
import threading

import pytest

from alongside.figures import draw
from alongside.figures.files import draw_figures

FEW = ("forest-mentored-unmentored", "flow-isolation", "flow-anxiety")


@pytest.fixture
def few(monkeypatch, results):
    """The results, with three figures to draw of all that there are."""
    chosen = {name: what for name, what in draw.list_figures(results).items() if name in FEW}
    assert len(chosen) == len(FEW)
    monkeypatch.setattr(draw, "list_figures", lambda results: chosen)
    return results


def test_two_processes_draw_the_same_bytes_as_one(few):
    alone = draw_figures(few)
    assert sorted(alone) == sorted(
        f"{name}{variant}.{suffix}" for name in FEW for variant in ("", "-narrow") for suffix in ("svg", "png")
    )
    assert draw_figures(few, processes=2) == alone


def test_more_processes_than_figures(few, monkeypatch):
    monkeypatch.setattr(draw, "render_figures", lambda figures: {f"{name}.svg": b"drawn" for name in figures})
    assert len(draw_figures(few, processes=5)) == 2 * len(FEW)


@pytest.mark.parametrize("ends", [lambda: 1 / 0, lambda: os._exit(1)], ids=["an error", "a kill"])
def test_what_fails_elsewhere_is_drawn_here_so_that_its_error_is_told_here(few, monkeypatch, ends):
    here = os.getpid()

    def render(figures):
        return {f"{name}.svg": b"drawn" for name in figures} if os.getpid() == here else ends()

    monkeypatch.setattr(draw, "render_figures", render)
    assert len(draw_figures(few, processes=2)) == 2 * len(FEW)


def test_what_a_helper_was_killed_in_the_middle_of_telling_is_drawn_here(few, monkeypatch):
    """The pipe holds 64 KB: more than that is told only as fast as it is heard."""
    here = os.getpid()

    def render(figures):
        if os.getpid() != here:
            threading.Timer(0.5, os._exit, [1]).start()
            return {f"{name}.svg": bytes(1_000_000) for name in figures}
        for helper in multiprocessing.active_children():
            helper.join()
        return {f"{name}.svg": b"drawn" for name in figures}

    monkeypatch.setattr(draw, "render_figures", render)
    assert set(draw_figures(few, processes=2).values()) == {b"drawn"}


@pytest.mark.parametrize(("platform", "expected"), [("linux", 2), ("darwin", 1)])
def test_work_is_shared_on_linux_alone(few, monkeypatch, platform, expected):
    shares = []

    def share(results, names):
        shares.append(names)
        return {}

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(draw, "draw_figures", share)
    monkeypatch.setattr(draw, "render_figures", lambda figures: {"a.svg": str(os.getpid())})
    draw_figures(few, processes=2)
    assert sorted(len(names) for names in shares) == ([2] if expected == 2 else [3])
