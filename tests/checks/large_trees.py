"""Repositories of any size, as people write them: for rules that must not look at everything once for each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Files: TypeAlias = dict[str, str]

REPOSITORY = "https://git.example.com/fleet.git"
_OIDC = "oidc.eks.eu-west-1.amazonaws.com/id/AAAABBBBCCCCDDDDEEEEFFFF00001111"


def application(
    name: str, path: str, *, cluster: str = "in-cluster", namespace: str = "", project: str = "default"
) -> str:
    """Returns an Application that brings a folder, to a namespace of its own name if none is given."""
    where = f"server: {cluster}" if "://" in cluster else f"name: {cluster}"
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: {project}
  source: {{repoURL: {REPOSITORY}, targetRevision: main, path: {path}}}
  destination: {{{where}, namespace: {namespace or name}}}
  syncPolicy: {{syncOptions: [CreateNamespace=true]}}
"""


def chain(namespace: str, *, number: str = "") -> str:
    """Returns a workload with its Secret, and all that it takes; `number` tells two of a namespace apart."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web{number}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: web{number}}}}}
  template:
    metadata: {{labels: {{app: web{number}}}}}
    spec:
      containers:
        - name: web
          image: nginx:1.25
          env: [{{name: PASSWORD, valueFrom: {{secretKeyRef: {{name: database{number}, key: password}}}}}}]
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reader{number}
  namespace: {namespace}
  annotations: {{eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/{namespace}{number}"}}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {{name: aws{number}, namespace: {namespace}}}
spec:
  provider:
    aws:
      service: SecretsManager
      region: eu-west-1
      auth: {{jwt: {{serviceAccountRef: {{name: reader{number}}}}}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: database{number}, namespace: {namespace}}}
spec:
  refreshInterval: 1h0m0s
  secretStoreRef: {{name: aws{number}, kind: SecretStore}}
  target: {{name: database{number}}}
  data:
    - secretKey: password
      remoteRef: {{key: {namespace}/database{number}, property: password}}
"""


def registration(cluster: str) -> str:
    """Returns the Secret by which Argo CD knows a cluster."""
    return f"""\
apiVersion: v1
kind: Secret
metadata: {{name: {cluster}, namespace: argocd, labels: {{argocd.argoproj.io/secret-type: cluster}}}}
stringData: {{name: {cluster}, server: "https://{cluster}.example.com", config: "{{}}"}}
"""


def project(name: str, namespace: str) -> str:
    """Returns an AppProject for one namespace."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: {name}, namespace: argocd}}
spec:
  sourceRepos: ["{REPOSITORY}"]
  destinations: [{{name: in-cluster, namespace: {namespace}}}]
"""


def _role(label: str, name: str, subject: str) -> str:
    trust = f"""\
jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect    = "Allow"
    Action    = "sts:AssumeRoleWithWebIdentity"
    Principal = {{ Federated = "arn:aws:iam::111122223333:oidc-provider/{_OIDC}" }}
    Condition = {{ StringEquals = {{ "{_OIDC}:sub" = "{subject}", "{_OIDC}:aud" = "sts.amazonaws.com" }} }}
  }}] }})"""
    return (
        f'resource "aws_iam_role" "{label}" {{\n  name               = "{name}"\n  assume_role_policy = {trust}\n}}\n'
    )


def _policy(label: str, namespace: str) -> str:
    allowed = f"arn:aws:secretsmanager:eu-west-1:111122223333:secret:{namespace}/*"
    return f"""\
resource "aws_iam_role_policy" "{label}" {{
  role   = aws_iam_role.{label}.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    Resource = "{allowed}"
  }}] }})
}}
"""


def _each(names: Sequence[str], make: Callable[[str], Mapping[str, str]]) -> Files:
    return {path: text for name in names for path, text in make(name).items()}


def _apps(names: Sequence[str]) -> Files:
    def one(number: str) -> Files:
        name = f"app-{number}"
        return {f"argocd/{name}.yaml": application(name, f"apps/{name}"), f"apps/{name}/all.yaml": chain(name)}

    return _each(names, one)


def _broken_apps(names: Sequence[str]) -> Files:
    """Each app has three links that lead nowhere."""
    slips = (("{name: aws, kind", "{name: awss, kind"), ("key: password}}", "key: passwrd}}"), ("reader}}", "raeder}}"))
    files = _apps(names)
    for path in (each for each in files if each.startswith("apps/")):
        for right, wrong in slips:
            files[path] = files[path].replace(right, wrong)
    return files


def _cluster_stores(names: Sequence[str]) -> Files:
    """Each app reads through a ClusterSecretStore whose name it does not spell right."""

    def one(number: str) -> Files:
        name = f"app-{number}"
        text = chain(name).replace(f"kind: SecretStore\nmetadata: {{name: aws, namespace: {name}}}", "@")
        text = text.replace("@", f"kind: ClusterSecretStore\nmetadata: {{name: store-{number}}}")
        text = text.replace("name: aws, kind: SecretStore", f"name: stoer-{number}, kind: ClusterSecretStore")
        return {f"argocd/{name}.yaml": application(name, f"apps/{name}"), f"apps/{name}/all.yaml": text}

    return _each(names, one)


def _clusters(names: Sequence[str]) -> Files:
    """One folder on clusters that no file declares."""
    return {
        "apps/web/all.yaml": chain("web"),
        **_each(
            names,
            lambda n: {f"argocd/{n}.yaml": application(f"web-{n}", "apps/web", cluster=f"c-{n}", namespace="web")},
        ),
    }


def _registered(names: Sequence[str]) -> Files:
    """One folder on clusters whose names are not those of their Secrets."""

    def one(number: str) -> Files:
        app = application(f"web-{number}", "apps/web", cluster=f"clutser-{number}", namespace="web")
        return {f"argocd/{number}.yaml": app, f"clusters/{number}.yaml": registration(f"cluster-{number}")}

    return {"apps/web/all.yaml": chain("web"), **_each(names, one)}


def _projects(names: Sequence[str]) -> Files:
    """A project for each app, which about half of them do not spell right, and which permits others nothing."""

    def one(number: str) -> Files:
        name = f"app-{number}"
        spelled = f"project-{number}" if number < "8" else f"projetc-{number}"
        app = application(name, f"apps/{name}", namespace="elsewhere", project=spelled)
        return {
            f"argocd/{name}.yaml": app,
            f"projects/{name}.yaml": project(f"project-{number}", name),
            f"apps/{name}/all.yaml": chain(name),
        }

    return _each(names, one)


def _set_of_files(names: Sequence[str]) -> Files:
    """One set over the files of clusters and two apps."""
    generators = f"""\
    - matrix:
        generators:
          - git: {{repoURL: {REPOSITORY}, revision: main, files: [{{path: "clusters/*.yaml"}}]}}
          - list: {{elements: [{{app: a}}, {{app: b}}]}}
"""
    template = application("@", "apps/@a", cluster="@c", namespace="x").partition("spec:\n")[2].replace("\n", "\n    ")
    applicationset = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: apps, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
{generators}  template:
    metadata: {{name: "{{{{ .name }}}}-{{{{ .app }}}}"}}
    spec:
    {template}"""
    text = applicationset.replace("apps/@a", "'apps/{{ .app }}'").replace("@c", "'{{ .name }}'")
    apps = {f"apps/{app}/all.yaml": chain(app) for app in "ab"}
    return {
        "set.yaml": text.rstrip() + "\n",
        **apps,
        **_each(names, lambda n: {f"clusters/{n}.yaml": f"name: cluster-{n}\nversion: 1.10\n"}),
    }


def _overlays(names: Sequence[str]) -> Files:
    def one(number: str) -> Files:
        name = f"app-{number}"
        return {
            f"argocd/{name}.yaml": application(name, f"overlays/{name}"),
            f"overlays/{name}/kustomization.yaml": f"namespace: {name}\nresources: [../../base]\n",
        }

    return {"base/all.yaml": chain("x"), "base/kustomization.yaml": "resources: [all.yaml]\n", **_each(names, one)}


def _patched(names: Sequence[str]) -> Files:
    """A base and an overlay for each app: the overlay patches what is wrong in its base."""

    def one(number: str) -> Files:
        patch = "[{op: replace, path: /spec/refreshInterval, value: 1h}]"
        target = f"target: {{kind: ExternalSecret, name: database{number}}}"
        return _of_overlay(number, "", f"patches: [{{{target}, patch: '{patch}'}}]\n")

    return _each(names, one)


def _replaced(names: Sequence[str]) -> Files:
    """A base and an overlay for each app: the base patches something else, and the overlay copies what is wrong."""

    def one(number: str) -> Files:
        target = f"{{select: {{kind: ExternalSecret, name: database{number}}}, fieldPaths: [spec.refreshInterval]}}"
        files = _of_overlay(number, ", facts.yaml", f"replacements: [{{{_COPIED}, targets: [{target}]}}]\n")
        patch = "[{op: replace, path: /metadata/labels, value: {a: b}}]"
        files[f"base/{number}/kustomization.yaml"] += f"patches: [{{target: {{kind: Deployment}}, patch: '{patch}'}}]\n"
        return {**files, f"overlays/{number}/facts.yaml": _FACTS}

    return _each(names, one)


def _replaced_in_one(names: Sequence[str]) -> Files:
    """One kustomization that copies into an object of each app, and takes them all from one base."""
    targets = ", ".join(
        f"{{{_COPIED}, targets: [{{select: {{kind: ExternalSecret, name: database{number}}}, "
        "fieldPaths: [spec.refreshInterval]}]}"
        for number in names
    )
    listed = ", ".join(f"{number}.yaml" for number in names)
    return {
        **_each(names, lambda n: {f"base/{n}.yaml": _without_interval(n)}),
        "base/kustomization.yaml": f"resources: [{listed}]\n",
        "dev/kustomization.yaml": f"resources: [../base, facts.yaml]\nreplacements: [{targets}]\n",
        "dev/facts.yaml": _FACTS,
    }


_COPIED = "source: {kind: ConfigMap, name: facts, fieldPath: data.interval}"
_FACTS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: facts}\ndata: {interval: 1h}\n"


def _without_interval(number: str) -> str:
    return chain("x", number=number).replace("refreshInterval: 1h0m0s", "refreshInterval: INTERVAL")


def _of_overlay(number: str, more: str, changes: str) -> Files:
    """Returns an app with a base and an overlay that takes more, and changes what it takes."""
    made = "configMapGenerator: [{name: made, literals: [a=b]}]\n"
    return {
        f"argocd/{number}.yaml": application(f"app-{number}", f"overlays/{number}"),
        f"base/{number}/all.yaml": _without_interval(number),
        f"base/{number}/kustomization.yaml": "resources: [all.yaml]\n",
        f"overlays/{number}/kustomization.yaml": f"resources: [../../base/{number}{more}]\n{made}{changes}",
    }


def _one_folder(names: Sequence[str]) -> Files:
    """One Application with everything in its folder, of which nothing reads the right Secret."""
    wrong = "secretKeyRef: {name: databsae"
    chains = _each(names, lambda n: {f"apps/all/{n}.yaml": chain("all", number=f"-{n}")})
    broken = {path: text.replace("secretKeyRef: {name: database", wrong) for path, text in chains.items()}
    return {"argocd/all.yaml": application("all", "apps/all"), **broken}


def _same_objects(names: Sequence[str]) -> Files:
    """Every app brings the same objects to one namespace."""

    def one(number: str) -> Files:
        name = f"app-{number}"
        app = application(name, f"apps/{name}", namespace="shared")
        return {f"argocd/{name}.yaml": app, f"apps/{name}/all.yaml": chain("shared")}

    return _each(names, one)


def _roles(names: Sequence[str]) -> Files:
    """A role in Terraform for each app."""

    def one(number: str) -> Files:
        name = f"app-{number}"
        role = _role(f"r{number}", name, f"system:serviceaccount:{name}:reader")
        return {f"terraform/{name}.tf": role + _policy(f"r{number}", name)}

    return {**_apps(names), **_each(names, one)}


def _repeated_roles(names: Sequence[str]) -> Files:
    """One role in Terraform that is repeated for each app."""
    listed = ", ".join(f'"app-{name}"' for name in names)
    role = _role("all", "${each.key}", "system:serviceaccount:${each.key}:reader")
    policy = _policy("all", "${each.key}").replace("aws_iam_role.all.id", "aws_iam_role.all[each.key].id")
    repeated = "{\n  for_each = toset(var.apps)\n  "
    text = (role + policy).replace('"all" {\n  ', f'"all" {repeated}')
    return {**_apps(names), "terraform/main.tf": f'variable "apps" {{\n  default = [{listed}]\n}}\n{text}'}


def _called_roles(names: Sequence[str]) -> Files:
    """A module in Terraform that is called for each app, and given a policy beside it."""

    def one(number: str) -> str:
        return f"""\
module "m{number}" {{
  source = "../role"
  name   = "app-{number}"
}}
resource "aws_iam_role_policy_attachment" "a{number}" {{
  role       = module.m{number}.role_name
  policy_arn = "arn:aws:iam::111122223333:policy/app-{number}"
}}
"""

    role = 'variable "name" {}\n' + _role("it", "${var.name}", "system:serviceaccount:${var.name}:reader")
    output = 'output "role_name" {\n  value = aws_iam_role.it.name\n}\n'
    calls = "".join(map(one, names))
    return {**_apps(names), "terraform/role/main.tf": role + output, "terraform/live/main.tf": calls}


def _variable_files(names: Sequence[str]) -> Files:
    """A root in Terraform for each app, and as many variable files that may be for any of them."""
    declared = "".join(f'variable "{name}" {{\n  default = "a"\n}}\n' for name in ("region", "tier"))

    def one(number: str) -> Files:
        name = f"app-{number}"
        role = _role("it", name, f"system:serviceaccount:{name}:reader")
        return {
            f"terraform/{number}/main.tf": declared + role + _policy("it", name),
            f"vars/{number}.tfvars": 'region = "eu-west-1"\ntier   = "b"\n',
        }

    return {**_apps(names), **_each(names, one)}


_TREES: Mapping[str, Callable[[Sequence[str]], Files]] = {
    "apps": _apps,
    "broken apps": _broken_apps,
    "stores of a cluster": _cluster_stores,
    "clusters that nothing declares": _clusters,
    "clusters of another name": _registered,
    "projects": _projects,
    "a set over files": _set_of_files,
    "overlays": _overlays,
    "patched bases": _patched,
    "replaced fields": _replaced,
    "replacements of one folder": _replaced_in_one,
    "one folder": _one_folder,
    "the same objects": _same_objects,
    "roles": _roles,
    "repeated roles": _repeated_roles,
    "called roles": _called_roles,
    "variable files": _variable_files,
}
"""What makes a repository of some names, none of them a slip of another."""

KINDS = tuple(_TREES)


def large_tree(kind: str, count: int) -> Files:
    """Returns a repository with so many of what its kind is called after; no other repository has the same names."""
    return _TREES[kind]([f"{crc32(f'{kind} {count} {number}'.encode()):08x}" for number in range(count)])
