"""Which of the judged files are plain YAML, and which are templates of a Helm chart or belong to some other tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import TFVARS_ENDINGS, yaml_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.graph import Graph

CHART = "Chart.yaml"
REQUIREMENTS = "requirements.yaml"
"""Where a chart of the first version of the API says what it needs."""
VALUES = "values.yaml"
"""What a chart says itself, below all that it is given."""
TEMPLATES = "templates"


def path_in(folder: str, name: str) -> str:
    """Returns the path of a file in a folder, which may be the root."""
    return name if folder == "." else f"{folder}/{name}"


def plain_yaml(files: Files, paths: Iterable[str]) -> Iterator[File]:
    """Yields the YAML files among some, without templates of charts and without what is in hidden folders."""
    for path in yaml_files(paths):
        if not is_hidden(path) and not is_template(files, path):
            file = files.get(path)
            if file is not None:
                yield file


def variable_files(files: Files, paths: Iterable[str]) -> Iterator[File]:
    """Yields the variable files of Terraform among some, without what is in hidden folders."""
    for path in paths:
        if path.endswith(TFVARS_ENDINGS) and not is_hidden(path):
            file = files.get(path)
            if file is not None:
                yield file


def is_deployed(file: File, graph: Graph) -> bool:
    """True for a file that is deployed, as far as one can see: with objects in it, or values for a chart.

    Other YAML in a repository is for other tools, which read it in their own way.
    """
    return "values" in file.path.rpartition("/")[2] or bool(file.manifests) or file.path in graph.values_paths


def is_template(files: Files, path: str) -> bool:
    """True for a template of a Helm chart: a file below templates/, beside which there is a Chart.yaml."""
    if TEMPLATES not in path:
        return False
    folders = path.split("/")[:-1]
    return any(
        name == TEMPLATES and files.is_file("/".join((*folders[:index], CHART))) for index, name in enumerate(folders)
    )


def is_hidden(path: str) -> bool:
    """True for a file in a hidden folder, or a hidden file: those of CI services and editors."""
    return path.startswith(".") or "/." in path
