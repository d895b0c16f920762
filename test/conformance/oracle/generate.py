"""Random small meshes with probes, one JSON case a line.

    generate.py --seed N --count M [--uncommon [SUBJECT ...]] > cases.jsonl

Needs PyYAML. Case i of a seed depends on seed and i alone. Half of the ordinary cases start from a working egress pattern and apply up to
three random changes to it (`template:*`), the other half is put together freely (`free`).
"""

import argparse
import copy
import json
import random
import sys

import yaml

from meshes import uncommon
from meshes.changes import MUTATIONS
from meshes.free import add_probes, free
from meshes.mesh import Dumper, Mesh
from meshes.patterns import TEMPLATES

FILES = {
    "ServiceEntry": "egress/entries.yaml",
    "DestinationRule": "egress/rules.yaml",
    "Gateway": "egress/gateway.yaml",
    "VirtualService": "egress/routes.yaml",
}


def dump(docs):
    return "---\n".join(yaml.dump(d, Dumper=Dumper, sort_keys=False, default_flow_style=False, width=160) for d in docs)


def ordinary(seed, i):
    rng = random.Random(f"{seed}/{i}/0")
    m = Mesh(rng)
    if rng.random() < 0.5:
        t = rng.choices([t for t, _ in TEMPLATES], [w for _, w in TEMPLATES])[0]
        t(m)
        m.mesh = copy.deepcopy(m.mesh)
        m.tags.append("template:" + t.__name__.removesuffix("_pattern"))
        k = rng.choices([0, 1, 2, 3], [1, 4, 3, 2])[0]
        for f in rng.choices([f for f, _ in MUTATIONS], [w for _, w in MUTATIONS], k=k):
            n = f(m)
            if n:
                m.tags.append(n)
    else:
        free(m)
        m.tags.append("free")
    if not m.clients:
        m.client()
    m.docs = json.loads(json.dumps(m.docs))
    seen = set()
    for d in m.docs:  # two objects of one name would be one object in a cluster
        md = d["metadata"]
        base, n = md["name"], 2
        while (d["kind"], d["apiVersion"].split("/")[0], md["namespace"], md["name"]) in seen:
            md["name"] = f"{base}-{n}"
            n += 1
        seen.add((d["kind"], d["apiVersion"].split("/")[0], md["namespace"], md["name"]))
    add_probes(m)
    m.docs = json.loads(json.dumps(m.docs))
    if rng.random() < 0.4:
        rng.shuffle(m.docs)
    if rng.random() < 0.08:
        for d in m.docs:
            d["metadata"]["creationTimestamp"] = f"2026-0{rng.randint(1, 6)}-{rng.randint(10, 28)}T0{rng.randint(0, 9)}:00:00Z"
    nsdocs = []
    if rng.random() < 0.5:
        for ns in sorted({d["metadata"].get("namespace", "") for d in m.docs} | {c["namespace"] for c in m.clients}):
            if ns:
                nsdocs.append(
                    {
                        "apiVersion": "v1",
                        "kind": "Namespace",
                        "metadata": {"name": ns, **({"labels": {"istio-injection": "enabled"}} if ns != "istio-system" else {})},
                    }
                )
    m.docs = nsdocs + m.docs
    mesh = m.mesh or None
    if mesh and rng.random() < 0.12:
        m.docs.append(
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "istio", "namespace": "istio-system"},
                "data": {"mesh": yaml.dump(mesh, Dumper=Dumper, sort_keys=False)},
            }
        )
        mesh = None
    if rng.random() < 0.5:
        files = [{"name": "all.yaml", "text": dump(m.docs)}]
    else:
        groups = {}
        for d in m.docs:
            groups.setdefault(FILES.get(d["kind"], "base.yaml"), []).append(d)
        files = [{"name": n, "text": dump(ds)} for n, ds in groups.items()]
    case = {"id": f"c{seed}-{i}", "tags": m.tags, "files": files}
    if mesh:
        case["mesh"] = mesh
    case["probes"] = m.probes
    return case


def of_subject(seed, i, subjects):
    """A mesh on one of the subjects that ordinary meshes leave out."""
    make = subjects[i % len(subjects)]
    m = Mesh(random.Random(f"{seed}/{i}/uncommon"))
    make(m)
    m.docs = json.loads(json.dumps(m.docs))
    case = {"id": f"u{seed}-{i}", "tags": [*m.tags, make.__name__], "files": [{"name": "all.yaml", "text": dump(m.docs)}]}
    if m.mesh:
        case["mesh"] = m.mesh
    return {**case, "probes": m.probes}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--count", type=int, required=True)
    ap.add_argument("--uncommon", nargs="*", metavar="SUBJECT", choices=[f.__name__ for f in uncommon.PATTERNS])
    a = ap.parse_args()
    subjects = [f for f in uncommon.PATTERNS if not a.uncommon or f.__name__ in a.uncommon]
    for i in range(a.count):
        case = ordinary(a.seed, i) if a.uncommon is None else of_subject(a.seed, i, subjects)
        sys.stdout.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
