"""A chart rendered by Helm's own engine, in this process and without a cluster.

The engine is the Helm Go library in the package `helm-python-sdk`; tests/requirements-helm.txt says how to
install it. Its API takes values as JSON only; that JSON comes from Helm's own reader and merge.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

requires_helm = pytest.mark.skipif(
    find_spec("helm_python") is None,
    reason="needs the Helm engine: python -m pip install --require-hashes -r tests/requirements-helm.txt",
)


class HelmError(Exception):
    """Helm refused a chart or its values; the message is Helm's own."""


def version() -> str:
    """The version of the Helm library that renders, such as `v4.2.3`."""
    import helm_python

    engine: str = helm_python.helm_sdk_version()
    return engine


def render(chart: Path, *, release: str, namespace: str, values_files: Sequence[Path]) -> list[dict[str, object]]:
    """The objects that `helm install --dry-run=client` would apply, in Helm's install order.

    Helm reads and merges the values files: the chart's own first, then `values_files` in order. So a bare
    `no`, `0123` or `1e3`, a null and a list mean here what they mean in Argo CD. The chart's schema is held
    against the result. The objects are read back by the same reader. Hooks and `crds/` are left out.

    Raises HelmError: a values file that is no YAML mapping, values that the schema refuses, a template that
    fails, a release name that Helm does not take. Raises OSError: a values file that cannot be read.
    """
    import helm_python

    values = _merge(values_files)
    try:
        with helm_python.Chart.load(chart) as loaded, helm_python.Config(storage_driver="memory") as config:
            installed = config.install(loaded, release, values, namespace=namespace, dry_run="client")
    except helm_python.HelmError as error:
        raise HelmError(str(error)) from error
    return _objects(installed["manifest"])


def _merge(values_files: Sequence[Path]) -> dict[str, object]:
    """Several values files as one mapping.

    Helm's command reads each `-f` file with the function that reads a chart's values.yaml, and merges
    the files with the function that merges the documents of one. So they become the documents of one.
    """
    texts = [path.read_text(encoding="utf-8") for path in values_files]
    for path, text in zip(values_files, texts, strict=True):
        _read(text, name=str(path))
    return _read("\n---\n".join(texts), name="merged values")


def _read(text: str, *, name: str) -> dict[str, object]:
    import helm_python

    with TemporaryDirectory() as directory:
        chart = Path(directory)
        (chart / "Chart.yaml").write_text("{apiVersion: v2, name: values, version: 0.0.0}", encoding="utf-8")
        (chart / "values.yaml").write_text(text, encoding="utf-8")
        try:
            with helm_python.Chart.load(chart) as loaded:
                values: dict[str, object] = loaded.values
        except helm_python.HelmError as error:
            raise HelmError(f"{name}: {error}") from error
    return values


def _objects(manifest: str) -> list[dict[str, object]]:
    import helm_python

    documents = (helm_python.values_from_yaml(text) for text in re.split(r"(?m)^---\s*$", manifest))
    return [document for document in documents if document]
