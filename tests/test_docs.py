"""The documentation against the code: what is made is up to date, what is shown is what happens."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs import make, tour
from gitops_gen import api, entries
from gitops_gen.artifacts import load_specs
from gitops_gen.cli import run
from gitops_gen.commands.main import main
from gitops_gen.formats import FORMATS
from gitops_gen.load import load, read_model
from gitops_gen.templating.encoders import ENCODERS
from tests.tools.command import gitops_gen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"


PAGES = make.pages()


def _page(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def _named_blocks(page: str) -> dict[str, str]:
    """The YAML blocks of a page that a path in backticks stands right before, by that path."""
    found = re.findall(
        r"`((?:environments|templates|output)/[^`\n]+)`[^`]*\n\n```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE
    )
    return dict(found)


def _write(root: Path, files: Iterable[tuple[str, str]]) -> None:
    for path, text in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def test_map_of_the_code_names_every_package_and_nothing_that_is_not_there() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", _page("CONTRIBUTING.md"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    code = PROJECT / "gitops_gen"
    assert [name for name in sorted(named) if not (code / name).exists()] == []
    assert {f"{path.parent.name}/" for path in code.glob("*/__init__.py")} <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_what_is_made_from_the_code_is_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == make.made_text(text), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(make.broken_links(page)) == []


def test_a_link_to_a_file_or_heading_that_is_not_there_is_told() -> None:
    page = DOCS / "decisions" / "broken.md"
    page.write_text("# A\n\n[x](nowhere.md) [y](#b) [z](#a) [w](README.md#decisions)\n", encoding="utf-8")
    try:
        found = list(make.broken_links(page))
    finally:
        page.unlink()
    assert found == [
        "docs/decisions/broken.md: nowhere.md: there is no such file",
        "docs/decisions/broken.md: #b: there is no such heading",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"\bgitops-gen (?:-C \S+ )?([a-z]+)\b", page.read_text(encoding="utf-8")))
    words = {"is"}  # prose, not a command
    assert named - words <= set(main.list_commands(None))  # type: ignore[arg-type]


# docs/model.md


def test_the_example_with_every_key_is_a_fleet(tmp_path: Path) -> None:
    blocks = _named_blocks(_page("docs/model.md"))
    _write(tmp_path, blocks.items())
    fleet = load(tmp_path)
    assert [cluster.name for cluster in fleet.clusters] == [
        "shop-dev-use1",
        "shop-dev-oregon",
        "shop-production-blue",
        "shop-production-green",
    ]
    assert {
        data.path for release in fleet.releases for secret in release.secrets.external_secrets for data in secret.data
    } == {
        "dev/web/db-password",
        "dev/shared/smtp",
        "prod/web/db-password",
        "prod/shared/smtp",
    }


def test_the_example_with_every_key_has_every_key(tmp_path: Path) -> None:
    _write(tmp_path, _named_blocks(_page("docs/model.md")).items())
    written = read_model(tmp_path)
    used: dict[str, set[str]] = {}
    environments = (entries.EnvironmentEntry.model_validate(each.source.data) for each in written.environments)
    apps = (entries.AppEntry.model_validate(each.source.data) for each in written.apps)
    for stated in (entries.FleetEntry.model_validate(written.fleet.source.data), *environments, *apps):
        for entry, name in _used(stated):
            used.setdefault(_chain_of(entry), set()).add(name)
    known: dict[str, set[str]] = {}
    for entry in _entries():
        known.setdefault(_chain_of(entry), set()).update(entry.model_fields)
    assert used == known


def test_the_files_to_begin_with_are_a_fleet_that_is_proved(tmp_path: Path) -> None:
    _write(tmp_path, _named_blocks(_page("docs/start.md")).items())
    assert gitops_gen(tmp_path, "generate").code == 0
    answer = gitops_gen(tmp_path, "verify")
    assert (answer.code, answer.out.splitlines()[-1].partition(";")[0]) == (
        0,
        "nothing is broken: 7 files, 1 Application on 1 cluster",
    )


def test_every_key_of_every_block_is_in_a_table() -> None:
    tables = [*make.PLACES, *make.APPS, *make.PLACE_SECRETS, *make.BLOCKS.values()]
    assert set(_entries()) <= set(tables)
    made = set(re.findall(r"<!-- made: (.*?) -->", _page("docs/model.md") + _page("docs/templates.md")))
    assert {"place facts", "app facts", "secrets of a place", *make.BLOCKS} <= made
    rows = set(re.findall(r"^\| `(\w+)` \|", _page("docs/model.md"), re.MULTILINE))
    assert {name for entry in _entries() for name in entry.model_fields} <= rows


def _chain_of(entry: type[BaseModel]) -> str:
    """The chain that a block belongs to: what one level of it may state, the example need not state on another."""
    for chain in (make.PLACES, make.APPS, make.PLACE_SECRETS):
        if entry in chain:
            return " < ".join(each.__name__ for each in chain)
    return entry.__name__


def _entries() -> list[type[BaseModel]]:
    """Every block that may stand in a model file."""
    classes = [each for each in vars(entries).values() if isinstance(each, type) and issubclass(each, entries.Entry)]
    return [each for each in classes if each not in (entries.Entry, entries.PlaceEntry)]


def _used(entry: BaseModel) -> Iterator[tuple[type[BaseModel], str]]:
    for name in entry.model_fields_set:
        yield type(entry), name
        yield from _used_within(getattr(entry, name))


def _used_within(value: object) -> Iterator[tuple[type[BaseModel], str]]:
    if isinstance(value, entries.Entry):
        yield from _used(value)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _used_within(each)


# docs/templates.md


def test_the_worked_example_makes_what_the_page_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = _named_blocks(_page("docs/templates.md"))
    assert [path.split("/")[0] for path in blocks] == ["templates", "templates", "output"]
    shutil.copytree(PROJECT / "environments", tmp_path / "environments")
    assert run(["-C", str(tmp_path), "generate"]) == 0
    before = {path for path in (tmp_path / "output").rglob("*") if path.is_file()}
    _write(tmp_path, list(blocks.items())[:2])
    assert run(["-C", str(tmp_path), "generate"]) == 0
    added = {path for path in (tmp_path / "output").rglob("*") if path.is_file()} - before
    assert {str(path.relative_to(tmp_path)) for path in added} == {
        f"output/environments/{environment}/policies/roles.yaml" for environment in ("dev", "staging", "production")
    }
    for path, text in list(blocks.items())[2:]:
        assert (tmp_path / path).read_text(encoding="utf-8") == text


def test_every_encoder_and_format_is_explained() -> None:
    page = _page("docs/templates.md")
    rows = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert rows >= {*ENCODERS, *FORMATS}


# docs/problems.md


def test_every_code_that_generate_can_say_is_explained_and_no_other() -> None:
    page = _page("docs/problems.md")
    explained = [
        code for row in re.findall(r"^\| (`.*?`) \|", page, re.MULTILINE) for code in re.findall(r"`([^`]+)`", row)
    ]
    assert len(explained) == len(set(explained))
    said = {
        code
        for module in _reachable("gitops_gen.pipeline", "gitops_gen.schema", "gitops_gen.watcher")
        for code in _codes(module)
    }
    assert set(explained) == said | UNSEEN


OTHER_HALF = {"gitops_gen.proof", "gitops_gen.judge", "gitops_gen.waivers"}
"""Where verify begins. Its rules are explained by `gitops-gen checks`, what is said of waivers in docs/verify.md."""

NOT_CODES = {"utf-8", "external-secrets", "rev-parse", "ssh-privatekey"}
UNSEEN = {"unknown-environment", "unknown-cluster", "version", "duration"}
"""Codes that the search below cannot see: made from two parts, or a single word."""


def _codes(module: str) -> Iterator[str]:
    tree = ast.parse(_file_of(module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if (
                re.fullmatch(r"[a-z]+[a-z0-9]*(-[a-z0-9]+)+", text)
                and text not in NOT_CODES
                and module != "gitops_gen.aws.regions"
            ):
                yield text


def _reachable(*starts: str) -> set[str]:
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        module = waiting.pop()
        if module in found or module in OTHER_HALF:
            continue
        found.add(module)
        waiting.extend(_imports(module))
    return found


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(_file_of(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gitops_gen"):
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                if name is not None and _file_of(name).exists():
                    yield name


def _file_of(module: str) -> Path:
    path = PROJECT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() and (path / "__init__.py").exists() else path.with_suffix(".py")


# docs/python.md


def test_the_python_of_the_page_runs(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "environments", tmp_path / "environments")
    files = len(api.render(tmp_path))
    blocks = re.findall(r"^```python\n(.*?)^```", _page("docs/python.md"), re.DOTALL | re.MULTILINE)
    printed = [
        subprocess.run(
            [sys.executable, "-c", block],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            text=True,
            capture_output=True,
            check=True,
        ).stdout
        for block in blocks
    ]
    places = ("dev-use1", "dev-usw2", "staging-use1", "staging-usw2", "production-use1", "production-usw2")
    hint = "run this in the folder that has environments/, or name it with -C; docs/model.md says what to write"
    assert printed == [
        f"{[f'myapp-{place}' for place in places]}\n{files} files\n{files} changes\n",
        f"environments/fleet.yaml no-fleet {hint}\n",
    ]


# docs/command-line.md and README.md; what they show is made by running it


def test_every_command_has_its_help_on_the_page() -> None:
    page = _page("docs/command-line.md")
    named = [name for name, _ in make.commands()]
    assert {"generate", "schema"} <= set(named)
    assert [line for line in named if f"\n### {line}\n" not in page] == []


def test_the_hook_of_the_page_is_one_that_there_is() -> None:
    hooks = (PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^      - id: (\S+)$", _page("docs/command-line.md"), re.MULTILINE) == re.findall(
        r"^- id: (\S+)$", hooks, re.MULTILINE
    )


def test_the_tour_of_the_readme_shows_what_it_says_it_shows() -> None:
    """The texts are made by running the commands; this holds that they still tell the story around them."""
    page = _page("README.md")
    shown = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert len(tour.commands(page)) == 9
    assert re.fullmatch(r"output/ is up to date: nothing to write; \d+ files\n", shown[0])
    assert re.fullmatch(r"output/ is up to date: \d+ files\n", shown[1])
    assert shown[2].splitlines()[-1].startswith("nothing is broken: ")
    assert re.search(r"^output/ is up to date: 3 changed, \d added; \d+ files in all\n\Z", shown[3], re.MULTILINE)
    assert shown[4].startswith("7 resources added, 3 resources changed\n")
    assert all("myapp-staging-euw1" in line for line in shown[4].splitlines() if line.startswith("  "))
    assert shown[5].endswith("hint: did you mean namespace?\n")
    assert shown[6].endswith("mend it with: gitops-gen generate\n")
    assert re.search(r"^output/ is up to date: 4 changed, \d deleted; \d+ files in all\n\Z", shown[7], re.MULTILINE)
    assert len(shown) == 8


def test_commands_of_a_page_run_one_after_the_other_and_their_output_replaces_what_is_shown() -> None:
    page = "a\n\n```sh\necho one > x\n```\n\n```sh\ncat x; false\n```\n\n```text\nold\n```\n\n```text\nother\n```\n"
    assert tour.toured(page) == page.replace("old\n", "one\n")


def test_a_bug_is_not_put_into_a_page() -> None:
    with pytest.raises(RuntimeError, match="NameError"):
        tour.toured(f"```sh\n{sys.executable} -c nothing\n```\n")


def test_every_target_that_a_page_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", _page("Makefile"), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"^    make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named <= targets
    assert {"generate", "test", "lint", "types", "docs"} <= named


def test_make_generate_is_the_command_that_the_readme_shows() -> None:
    assert re.search(r"^generate:.*\n\t@\$\(BIN\)/gitops-gen generate$", _page("Makefile"), re.MULTILINE)


# docs/output.md


def test_every_artifact_is_explained() -> None:
    explained = {
        name
        for line in re.findall(r"^\*\*.*$", _page("docs/output.md"), re.MULTILINE)
        for name in re.findall(r"\*\*([a-z-]+)\*\*", line)
    }
    assert explained >= {spec.name for spec in load_specs(PROJECT)}


def test_an_environment_gets_another_name_as_the_page_says(tmp_path: Path) -> None:
    (row,) = re.findall(r"^\| another name for an environment \| (.*) \|$", _page("docs/start.md"), re.MULTILINE)
    assert re.findall(r"`([^`]*)`", row)[:3] == ["project: old", "secrets: {prefix: old}", "name"]
    for name in ("environments", "output"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    shutil.copytree(PROJECT / "output", tmp_path / "before")
    old = tmp_path / "environments/staging.yaml"
    text = f"project: staging\nsecrets: {{prefix: staging}}\n{old.read_text(encoding='utf-8')}"
    for region, code in (("us-east-1", "use1"), ("us-west-2", "usw2")):
        text = text.replace(f"- region: {region}\n", f"- region: {region}\n    name: myapp-staging-{code}\n")
    old.unlink()
    (tmp_path / "environments/trial.yaml").write_text(text, encoding="utf-8")

    told = gitops_gen(tmp_path, "diff", "before", "--format", "json")

    assert (told.code, json.loads(told.out)["destructive"]) == (0, [])
    assert gitops_gen(tmp_path, "generate", "--prune").code == 0
    assert not (tmp_path / "output/environments/staging").exists()


def test_the_shell_is_told_of_the_commands_as_the_page_says() -> None:
    (script,) = re.findall(r'`eval "\$\((.*?) gitops-gen\)"`', _page("docs/start.md"))
    variable, _, shell = script.partition("=")
    process = [sys.executable, "-m", "gitops_gen"]
    said = subprocess.run(process, env={**os.environ, variable: shell}, capture_output=True, text=True, check=False)
    assert (said.returncode, f"{variable}=bash_complete" in said.stdout) == (0, True)
    asked = {variable: "bash_complete", "COMP_WORDS": "gitops-gen gen", "COMP_CWORD": "1"}
    answer = subprocess.run(process, env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert answer.stdout == "plain,generate\n"
