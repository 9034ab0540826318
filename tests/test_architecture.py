"""The rules of who may import whom, held against every module's own imports."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "gitops_gen"

VOCABULARY = (
    "named_tuple",
    "data_classes",
    "go_programs",
    "background",
    "cached_property",
    "patterns",
    "kinds",
    "change_kind",
    "garbage_collector",
    "digests",
    "output_names",
    "plain_text",
    "problems",
    "workers",
    "joined_paths",
    "signature",
    "signatures",
    "sealed_file",
    "near_miss",
    "shapes",
    "characters",
    "aws",
    "durations",
    "kubernetes",
    "external_secrets",
    "external_secrets_providers",
    "external_secrets_shapes",
    "go_regexes",
    "argo_cd_shapes",
    "grammar",
    "name_pattern",
    "secrets_guard",
    "secrets_in_text",
    "hcl_nesting",
)
"""What both halves speak: values and the rules of other people's systems, without a model."""

READING = ("yaml_reader", "source")

MODEL_HALF = (
    *("blocks", "block_shapes", "entry_shapes", "entries", "artifact_entries", "entry_errors"),
    *("model", "resolve", "load", "formats", "artifacts", "templating", "ready", "targets", "plan", "render"),
    *("tree", "staging", "outcome", "last_run"),
)
"""From the files of the model to the files on disk, in the order of the stages."""

EVIDENCE_HALF = ("evidence", "checks", "findings", "judge", "waivers", "checkouts", "proof")
"""What rendered files say, and whether they agree. A proof that reuses its premise, the model, proves nothing."""

COMPARISON = ("diff",)
"""What differs between rendered files: of the files alone, so that it can compare what no model of ours made."""


def _files() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


FILES = _files()


def imports(module: str, *, types: bool) -> set[str]:
    """The modules of this package that a module imports; `types` takes those that only a type checker sees as well."""
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in _imports_in(tree, types=types):
        found |= _named(node)
    return found - {module}


def _imports_in(node: ast.AST, *, types: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not (not types and isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _imports_in(child, types=types)


def _named(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        assert node.level == 0, "imports are absolute"
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    return {known for name in names if (known := _known(name)) is not None}


def _known(name: str) -> str | None:
    """The module of this package that a dotted name leads to: `gitops_gen.model.Fleet` leads to `model`."""
    parts = name.split(".")
    if parts[0] != "gitops_gen":
        return None
    for end in range(len(parts), 1, -1):
        if ".".join(parts[1:end]) in FILES:
            return ".".join(parts[1:end])
    return ""


def part(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def within(parts: tuple[str, ...]) -> list[str]:
    return sorted(module for module in FILES if part(module) in parts)


def graph(*, types: bool) -> Mapping[str, set[str]]:
    return {module: imports(module, types=types) for module in FILES}


def test_no_module_imports_itself_through_others() -> None:
    # Inside a function an import waits until it is called; at the top it does not.
    try:
        list(TopologicalSorter(graph(types=False)).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_module_of_the_rules_is_there() -> None:
    known = {part(module) for module in FILES}
    assert {*VOCABULARY, *READING, *MODEL_HALF} <= known


@pytest.mark.parametrize("module", within((*VOCABULARY, *READING, *MODEL_HALF)))
def test_stage_imports_only_the_stages_before_it(module: str) -> None:
    order = (*VOCABULARY, *READING, *MODEL_HALF)
    before = set(order[: order.index(part(module)) + 1])
    assert {part(each) for each in imports(module, types=False)} - {""} <= before


@pytest.mark.parametrize("module", within(MODEL_HALF))
def test_model_half_knows_nothing_of_the_evidence_half(module: str) -> None:
    assert {part(each) for each in imports(module, types=True)}.isdisjoint(EVIDENCE_HALF)


@pytest.mark.parametrize("module", within(EVIDENCE_HALF))
def test_evidence_half_knows_nothing_of_the_model_half(module: str) -> None:
    assert {part(each) for each in imports(module, types=True)}.isdisjoint(MODEL_HALF)


@pytest.mark.parametrize("module", within(COMPARISON))
def test_comparison_reads_rendered_files_and_knows_no_model(module: str) -> None:
    known = {part(each) for each in imports(module, types=True)}
    assert known <= {*VOCABULARY, *READING, *COMPARISON, "evidence"}
    assert {each for each in imports(module, types=True) if part(each) == "evidence"} <= {"evidence.hcl"}


@pytest.mark.parametrize("module", within((*VOCABULARY, *READING)))
def test_vocabulary_and_reading_know_neither_half(module: str) -> None:
    known = {part(each) for each in imports(module, types=True)}
    assert known.isdisjoint((*MODEL_HALF, *EVIDENCE_HALF))


@pytest.mark.parametrize("module", within(("forges",)))
def test_adapters_of_the_services_know_neither_git_nor_the_model(module: str) -> None:
    known = {each for each in imports(module, types=True) if part(each) != "forges"}
    assert known <= {"problems", "remote", "reports.markdown"}


def test_plan_of_a_pull_request_is_made_from_values_alone() -> None:
    beside = {"forges.values", "diff.values", "reports.markdown", "remote"}
    for module in ("plan", "values", "marker", "labels"):
        known = imports(f"pull_request.{module}", types=True)
        assert {each for each in known if part(each) != "pull_request"} <= beside


def test_a_helper_has_a_noun_for_its_name() -> None:
    assert [name for name in FILES if {"utils", "util", "helpers", "common", "misc"} & set(name.split("."))] == []


@pytest.mark.parametrize(
    ("package", "users"),
    [
        ("click", {"cli", "commands", "progress", "terminal"}),
        ("pydantic", {"entries", "artifact_entries", "entry_errors", "load", "artifacts", "ready", "schema"}),
        ("jinja2", {"templating"}),
        ("yaml", {"yaml_reader"}),
        ("ruamel", {"edit"}),
        ("pygohcl", {"formats", "evidence"}),
        ("detect_secrets", {"secrets_guard"}),
        ("github", {"forges"}),
        ("gitlab", {"forges"}),
        ("requests", {"forges"}),
        ("urllib3", {"forges"}),
        ("watchfiles", {"watcher"}),
    ],
)
def test_package_of_others_has_its_few_users(package: str, users: set[str]) -> None:
    found = {part(module) for module in FILES if package in _outside(module)}
    assert found <= users
    assert found


def _outside(module: str) -> set[str]:
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    nodes = list(_imports_in(tree, types=True))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def test_only_the_command_line_ends_the_process() -> None:
    ends = {
        module
        for module, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in ("sys.exit", "os._exit", "SystemExit")
    }
    # The last is a program of its own.
    assert ends <= {"__main__", "background", "evidence.helm.engine"}


HEAVY = ("pydantic", "jinja2", "yaml", "ruamel", "pygohcl", "json", "difflib", "subprocess", "asyncio")


def _imported(statement: str) -> set[str]:
    """The packages that a statement imports in a fresh interpreter."""
    return {module.split(".")[0] for module in _imported_modules(statement)}


def _imported_modules(statement: str) -> set[str]:
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-X",
            "importtime",
            "-c",
            f"import sys; sys.path.insert(0, {str(PROJECT)!r}); {statement}",
        ],
        text=True,
        capture_output=True,
        check=True,
    )
    return {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if "|" in line}


def test_start_imports_nothing_that_costs_time() -> None:
    assert _imported("import gitops_gen.__main__").isdisjoint({*HEAVY, "click", "typing"})


def test_version_imports_nothing_more_than_the_start() -> None:
    run = "sys.argv = ['gitops-gen', '--version']; import gitops_gen.__main__ as main; main.main()"
    assert _imported(run).isdisjoint({*HEAVY, "click", "typing"})


def test_cold_run_in_which_all_is_sound_imports_no_large_package(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "environments", tmp_path / "environments")
    imported = _imported(f"from gitops_gen.cli import run; assert run(['-C', {str(tmp_path)!r}, 'generate']) == 0")
    assert "gitops_gen" in imported
    assert imported.isdisjoint({"pydantic", "pydantic_core", "jinja2", "yaml"})


FOR_FINDINGS = {"near_miss", "yaml_reader.places", "yaml_reader.syntax"}
"""What tells a finding: where it is, and what was meant."""
FOR_OTHER_RUNS = {"reports.json", "name_pattern"}
"""What only a run of another format, or of a large fleet needs."""


def test_cold_run_in_which_all_is_sound_imports_only_what_it_uses(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "environments", tmp_path / "environments")
    imported = _imported_modules(
        f"from gitops_gen.cli import run; assert run(['-C', {str(tmp_path)!r}, 'generate']) == 0"
    )
    assert imported.isdisjoint({f"gitops_gen.{module}" for module in FOR_FINDINGS | FOR_OTHER_RUNS})


FOR_RARE_FUNCTIONS = {"json_text", "yaml_text", "regex", "functions.texts", "functions.lists", "functions.patterns"}
"""What functions of a Go template need that no stock template calls."""
FOR_ODD_FILES = {"hcl_format", "encrypted", "forms"}
"""What looks at variable files in another style, and at what is no plain manifest."""


def test_verify_of_stock_templates_imports_no_function_that_they_do_not_call() -> None:
    imported = _imported_modules(f"from gitops_gen.cli import run; assert run(['-C', {str(PROJECT)!r}, 'verify']) == 0")
    assert "gitops_gen.evidence.gotemplate" in imported
    assert "yaml" not in imported
    assert imported.isdisjoint({f"gitops_gen.evidence.gotemplate.{module}" for module in FOR_RARE_FUNCTIONS})
    assert imported.isdisjoint({f"gitops_gen.evidence.{module}" for module in FOR_ODD_FILES})


FOR_CHARTS_IN_PARTS = {"absent_parts", "chart_building", "chart_parts", "chart_refusals", "left_out", "part_folders"}
"""What only charts need that are made of others."""


def test_verify_of_a_chart_in_one_piece_imports_nothing_for_others() -> None:
    imported = _imported_modules(f"from gitops_gen.cli import run; assert run(['-C', {str(PROJECT)!r}, 'verify']) == 0")
    assert "gitops_gen.evidence.renderings" in imported
    assert imported.isdisjoint({f"gitops_gen.evidence.{module}" for module in FOR_CHARTS_IN_PARTS})


def test_help_imports_nothing_but_click() -> None:
    run = "from gitops_gen.cli import run; run(['generate', '--help'])"
    imported = _imported(run)
    assert "click" in imported
    assert imported.isdisjoint({"pydantic", "jinja2", "yaml", "ruamel", "pygohcl"})
