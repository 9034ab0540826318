"""Which of the judged files are plain YAML, and which are templates of a Helm chart or belong to some other tool."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.files import TFVARS_ENDING, yaml_files
from gitops_gen.evidence.values import list_at, text_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.graph import Graph

TEMPLATES = "templates"
_DEPENDENCIES = "/charts/"
_GROUP = "argoproj.io/"
_APPLICATION = re.compile(r"^kind:[ ]*[\"']?(?P<kind>Application(?:Set)?)[\"']?[ ]*$", re.MULTILINE)


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
        if path.endswith(TFVARS_ENDING) and not is_hidden(path):
            file = files.get(path)
            if file is not None:
                yield file


def is_deployed(file: File, graph: Graph) -> bool:
    """True for a file that is deployed, as far as one can see: with objects in it, or values for a chart.

    Other YAML in a repository is for other tools, which read it in their own way.
    """
    if "values" in file.path.rpartition("/")[2] or file.manifests:
        return True
    return any(each.path == file.path for deployment in graph.deployments for each in deployment.values_files)


def is_template(files: Files, path: str) -> bool:
    """True for a template of a Helm chart: a file below templates/, beside which there is a Chart.yaml."""
    if TEMPLATES not in path:
        return False
    folders = path.split("/")[:-1]
    return any(
        name == TEMPLATES and files.is_file("/".join((*folders[:index], "Chart.yaml")))
        for index, name in enumerate(folders)
    )


def charts_of_applications(
    files: Files, paths: Iterable[str], known: Collection[str | None]
) -> Iterator[tuple[str, str]]:
    """Yields the folder of each chart, but for those that are known, that has a template of an Application, and a kind.

    A chart below charts/ of another is a part of that one.
    """
    done = set(known)
    for path in paths:
        folder, is_below, _ = path.partition(f"/{TEMPLATES}/")
        if not is_below or folder in done or is_hidden(path) or not path.endswith((".yaml", ".yml", ".tpl")):
            continue
        outer = folder.rpartition(_DEPENDENCIES)[0]
        if not files.is_file(f"{folder}/Chart.yaml") or (outer and files.is_file(f"{outer}/Chart.yaml")):
            done.add(folder)
            continue
        text = files.content(path) or ""
        found = _APPLICATION.search(text) if _GROUP in text else None
        if found is not None:
            done.add(folder)
            yield folder, found["kind"]


def dependencies_in_tree(files: Files, folders: Iterable[str | None]) -> set[str]:
    """Returns the folders of the charts that charts in some folders depend on, as file://../base, however far."""
    found: set[str] = set()
    todo = [folder for folder in folders if folder]
    while todo:
        folder = todo.pop()
        chart = files.get(f"{folder}/Chart.yaml")
        for value in chart.documents.values if chart is not None else ():
            for dependency in list_at(value, "dependencies"):
                scheme, _, path = (text_at(dependency, "repository") or "").partition("://")
                below = posixpath.normpath(f"{folder}/{path}")
                if scheme == "file" and below not in found:
                    found.add(below)
                    todo.append(below)
    return found


def is_hidden(path: str) -> bool:
    """True for a file in a hidden folder, or a hidden file: those of CI services and editors."""
    return path.startswith(".") or "/." in path
