"""Makes docs/pull-request.png: the body of a pull request, from a run of the bot against a server on loopback.

    python -m docs.picture

It needs Chromium. The page is Markdown as a service renders it, in plain style.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from markdown_it import MarkdownIt

from tests.tools.bot import Scene
from tests.tools.hosting import hosting
from tests.tools.repository import git

PROJECT = Path(__file__).resolve().parents[1]
PICTURE = PROJECT / "docs" / "pull-request.png"
WIDTH, HEIGHT = 920, 1010
"""Pixels; what is below is cut off."""

_STYLE = """
body { font: 14px/1.45 "DejaVu Sans", sans-serif; margin: 20px 28px; color: #1f2328; }
h1 { font-size: 20px; font-weight: 500; } h3 { font-size: 16px; margin: 18px 0 8px; }
code { font: 12px "DejaVu Sans Mono", monospace; background: #eff1f3; border-radius: 4px; padding: 1px 4px; }
pre { background: #f6f8fa; padding: 10px; } pre code { background: none; }
table { border-collapse: collapse; } td, th { border: 1px solid #d1d9e0; padding: 4px 10px; text-align: left; }
li { margin: 3px 0; } .label { border: 1px solid #888; border-radius: 10px; padding: 1px 8px; font-size: 12px; }
"""


def body() -> tuple[str, str, frozenset[str]]:
    """Returns title, body and labels of the pull request for a change of this repository's own fleet."""
    with TemporaryDirectory() as folder, hosting("github", Path(folder) / "gitops.git") as hosted:
        scene = Scene(hosted, Path(folder) / "gitops.git", Path(folder) / "checkout")
        git(Path(folder), "init", "--quiet", "--bare", "--initial-branch=main", str(scene.bare))
        for each in ("environments", "examples", "output"):
            shutil.copytree(PROJECT / each, scene.checkout / each)
        scene.push_base("start")
        git(scene.checkout, "remote", "add", "origin", hosted.remote)
        scene.edit("environments/fleet.yaml", "refresh_interval: 1h", "refresh_interval: 30m")
        scene.edit("environments/apps/myapp.yaml", "namespace: myapp", "namespace: shop")
        answer = scene.pr()
        if answer.code != 0:
            sys.exit(answer.err)
        (pull,) = hosted.store.pulls.values()
        return pull.title, pull.body, frozenset(pull.labels)


def page() -> str:
    """Returns the pull request as HTML."""
    title, text, labels = body()
    badges = " ".join(f'<span class="label">{name}</span>' for name in sorted(labels))
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    return f"<meta charset=utf-8><style>{_STYLE}</style><h1>{title}</h1>{badges}{rendered}"


def main() -> None:
    """Writes the picture."""
    with TemporaryDirectory() as folder:
        html = Path(folder) / "page.html"
        html.write_text(page(), encoding="utf-8")
        quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
        options = (f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}", "--hide-scrollbars")
        subprocess.run(["chromium", *quiet, *options, f"--screenshot={PICTURE}", str(html)], check=True)


if __name__ == "__main__":
    main()
