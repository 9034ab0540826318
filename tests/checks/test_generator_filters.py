"""The regular expressions by which a generator picks repositories and pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: services
  namespace: argocd
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - {generator}:
        github: {{organization: shop, owner: shop, repo: api}}
        filters:
          - {field}: {pattern}
  template:
    metadata:
      name: "{{{{ .branch }}}}"
    spec:
      project: default
      source:
        repoURL: https://github.com/shop/api.git
        path: deploy
      destination:
        name: one
"""
FIELDS = [
    *(("scmProvider", each) for each in ("repositoryMatch", "labelMatch", "branchMatch")),
    *(("pullRequest", each) for each in ("branchMatch", "targetBranchMatch", "titleMatch")),
]


def refused(root: Path, generator: str, field: str, pattern: str) -> list[str]:
    """Returns what is said of a pattern, but for the owner, or the organization, that the other generator has."""
    text = SET.format(generator=generator, field=field, pattern=pattern)
    return [each for each in found(root, {"argocd/services.yaml": text}, "argo-cd-object") if "filters" in each]


@pytest.mark.parametrize(("generator", "field"), FIELDS)
def test_a_pattern_that_go_does_not_compile_is_an_error(tmp_path: Path, generator: str, field: str) -> None:
    (said,) = refused(tmp_path, generator, field, '"^svc-("')
    assert said.splitlines()[0] == (
        f"argocd/services.yaml:13:{15 + len(field)}: error: ApplicationSet services: spec.generators.0.{generator}."
        f"filters.0.{field}: no regular expression of Go: a ( has no )"
    )


@pytest.mark.parametrize("pattern", ["^svc-", "'^(main|release-[0-9]+)$'", "'{{ .start }}('", '""'])
@pytest.mark.parametrize(("generator", "field"), FIELDS)
def test_a_pattern_of_go_and_one_that_is_filled_in_are_fine(
    tmp_path: Path, generator: str, field: str, pattern: str
) -> None:
    assert refused(tmp_path, generator, field, pattern) == []
