"""What is shipped: the wheel, used in an empty project, and the pre-commit hook."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from email.parser import Parser
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest

from gitops_gen import __version__, api
from gitops_gen.source import read

PROJECT = Path(__file__).parents[1]

requires_hatchling = pytest.mark.skipif(
    find_spec("hatchling") is None, reason="needs the build backend: python -m pip install hatchling"
)
requires_pre_commit = pytest.mark.skipif(
    find_spec("pre_commit") is None, reason="needs pre-commit: python -m pip install pre-commit"
)


def run(*command: str | Path, cwd: Path, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_", "COV_"))}
    return subprocess.run(command, cwd=cwd, env={**kept, **more}, text=True, capture_output=True, check=check)


def copy_of_the_project(folder: Path) -> Path:
    """The files that git tracks or would, without those that are ignored."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "tests", "dist", "build", "*.egg-info")
    shutil.copytree(PROJECT, folder, ignore=ignored)
    for name in (".pre-commit-hooks.yaml", ".gitattributes", ".gitignore"):
        shutil.copy(PROJECT / name, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution."""
    folder = tmp_path_factory.mktemp("build")
    project = copy_of_the_project(folder / "project")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder / "sdist", cwd=project)
    [sdist] = (folder / "sdist").iterdir()
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", folder / "wheel")
    run(sys.executable, "-m", "pip", "wheel", *options, sdist, cwd=folder)
    [built] = (folder / "wheel").iterdir()
    return built


@requires_hatchling
def test_wheel_holds_the_package_the_stock_templates_and_nothing_else(wheel: Path) -> None:
    assert wheel.name == f"gitops_gen-{__version__}-py3-none-any.whl"
    names = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {str(path.relative_to(PROJECT)) for path in (PROJECT / "gitops_gen").rglob("*.py")}
    templates = {
        f"gitops_gen/{path.relative_to(PROJECT)}" for path in (PROJECT / "templates").rglob("*") if path.is_file()
    }
    assert names == {*modules, *templates, "gitops_gen/py.typed"}


@requires_hatchling
def test_wheel_says_its_licence_and_what_it_needs(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        [name] = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
        licences = [each for each in archive.namelist() if "/licenses/" in each]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert [each.rsplit("/", 1)[1] for each in licences] == ["LICENSE"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_payload().startswith("# gitops_gen\n")  # type: ignore[union-attr]


def test_every_package_that_is_needed_has_its_reason() -> None:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        needed = tomllib.load(file)["project"]["dependencies"]
    page = (PROJECT / "docs/decisions/0001-runtime-dependencies.md").read_text(encoding="utf-8")
    reasons = [
        name.lower() for name in re.findall(r"^\| ([\w.-]+) \|", page, re.MULTILINE) if name not in ("package", "---")
    ]
    assert sorted(reasons) == sorted(re.split(r"[><=]", each)[0] for each in needed)


@requires_hatchling
def test_installed_wheel_makes_the_same_bytes_in_an_empty_project(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", installed, cwd=tmp_path)
    python = installed / "bin" / "python"
    options = ("--no-deps", "--no-index", "--quiet", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=tmp_path)
    _lend_dependencies(python)
    shutil.copytree(PROJECT / "environments", tmp_path / "fleet" / "environments")

    program = installed / "bin" / "gitops-gen"
    assert run(program, "--version", cwd=tmp_path).stdout == f"gitops-gen {__version__}\n"
    run(program, "generate", cwd=tmp_path / "fleet")
    output = tmp_path / "fleet" / "output"
    made = {str(path.relative_to(output)): path.read_text() for path in output.rglob("*") if path.is_file()}
    assert made == {artifact.path: artifact.text for artifact in api.render(PROJECT)}
    code = "import gitops_gen.api; print(gitops_gen.__file__)"
    assert run(python, "-c", code, cwd=tmp_path).stdout.startswith(str(installed))


def _lend_dependencies(python: Path) -> None:
    """Lets an environment see what is installed in this one, so that the test needs no package registry."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = Path(run(python, "-c", where, cwd=python.parent).stdout.strip())
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (folder / "lent.pth").write_text("".join(f"{path}\n" for path in sorted(lent)), encoding="utf-8")


# The pre-commit hook.


@pytest.mark.parametrize(
    ("name", "entry", "touched", "others"),
    [
        (
            "gitops-gen-check",
            "gitops-gen generate --check",
            ("environments/apps/myapp.yaml", "templates/helm/values.yaml.j2", "output/argocd/projects/dev.yaml"),
            ("README.md", "examples/environments/a.yaml", "my-output/a.yaml"),
        ),
        (
            "gitops-gen-verify",
            "gitops-gen verify",
            ("charts/web/Chart.yaml", "charts/web/templates/_names.tpl", "iam/main.tf", "output/dev/a.tfvars", "a.yml"),
            ("README.md", "a.py", "templates/helm/values.yaml.j2"),
        ),
    ],
)
def test_hook_runs_for_the_files_that_can_change_its_answer(
    name: str, entry: str, touched: tuple[str, ...], others: tuple[str, ...]
) -> None:
    found = read(PROJECT, ".pre-commit-hooks.yaml").data
    assert isinstance(found, list)
    told = next(each for each in found if isinstance(each, dict) and each["id"] == name)
    assert (told["entry"], told["language"], told["pass_filenames"]) == (entry, "python", False)
    files = re.compile(str(told["files"]))
    assert all(files.search(path) for path in touched)
    assert not any(files.search(path) for path in others)


@requires_pre_commit
def test_hook_refuses_a_commit_whose_output_is_not_what_the_model_says(tmp_path: Path) -> None:
    tool = copy_of_the_project(tmp_path / "tool")
    revision = _committed(tool)
    fleet = tmp_path / "fleet"
    for name in ("environments", "output"):
        shutil.copytree(PROJECT / name, fleet / name)
    (fleet / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {tool}\n    rev: {revision}\n    hooks:\n      - id: gitops-gen-check\n", encoding="utf-8"
    )
    _committed(fleet)

    done = _pre_commit(fleet, tmp_path / "home")
    if done.returncode == 3 or "An unexpected error has occurred" in done.stdout:
        pytest.skip(f"pre-commit cannot install the hook here: {done.stdout[-300:]}")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    edited = fleet / "output/argocd/projects/dev.yaml"
    edited.write_text(edited.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    refused = _pre_commit(fleet, tmp_path / "home")
    assert refused.returncode == 1
    assert refused.stdout.endswith(
        "changed  output/argocd/projects/dev.yaml\n"
        "output/ differs from the model: 1 changed\n"
        "mend it with: gitops-gen generate\n\n"
    )


def _pre_commit(fleet: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return run(
        sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never",
        cwd=fleet, check=False, PRE_COMMIT_HOME=str(home),
    )  # fmt: skip


def _committed(folder: Path) -> str:
    """Commits everything in a folder and returns the revision."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", *who, "commit", "--quiet", "--message", "all", cwd=folder)
    return run("git", "rev-parse", "HEAD", cwd=folder).stdout.strip()


# What git and make are told.


def test_generated_files_are_marked_for_git_and_its_hosts(tmp_path: Path) -> None:
    shutil.copy(PROJECT / ".gitattributes", tmp_path)
    run("git", "init", "--quiet", cwd=tmp_path)
    wanted = ("text", "eol", "linguist-generated")
    paths = ("output/argocd/projects/dev.yaml", "environments/dev.yaml", "gitops_gen/cli.py")
    told = run("git", "check-attr", *wanted, "--", *paths, cwd=tmp_path).stdout.splitlines()
    assert told == [
        "output/argocd/projects/dev.yaml: text: set",
        "output/argocd/projects/dev.yaml: eol: lf",
        "output/argocd/projects/dev.yaml: linguist-generated: set",
        "environments/dev.yaml: text: set",
        "environments/dev.yaml: eol: lf",
        "environments/dev.yaml: linguist-generated: unspecified",
        "gitops_gen/cli.py: text: auto",
        "gitops_gen/cli.py: eol: unspecified",
        "gitops_gen/cli.py: linguist-generated: unspecified",
    ]


@pytest.mark.parametrize("how", ["--directory", "--file"])
def test_make_says_what_there_is_to_make_from_any_folder(tmp_path: Path, how: str) -> None:
    project = tmp_path / "a folder"
    project.mkdir()
    shutil.copy(PROJECT / "Makefile", project)
    where = project if how == "--directory" else project / "Makefile"
    told = run("make", "--no-print-directory", how, where, cwd=tmp_path).stdout.splitlines()
    assert [line.split()[:2] for line in told] == [
        ["make", name]
        for name in (
            "help",
            "generate",
            "check",
            "test",
            "mutate",
            "lint",
            "format",
            "types",
            "schemas",
            "ready",
            "docs",
            "bench",
            "apis",
            "clean",
        )
    ]
