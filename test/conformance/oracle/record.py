"""Records what Istio makes of cases: runs the oracle twice over them and writes those that are worth keeping, with expectations.

    record.py CASES.jsonl OUT.jsonl [--oracle PROGRAM] [--workers N] [--every]

Left out are cases with a resource that validation refuses, cases whose answer differs between the two runs, and probes whose fate the
configuration alone does not settle; without --every also cases of fewer than three probes and those in which all probes pass through.
"""

import argparse
import collections
import json
import subprocess
import sys

from shape import expectation, is_settled, refused_listeners

# What no comparison looks at is not recorded.
PARTS = ("outcome", "code", "flag", "at", "detail", "share")
HOP = ("proxy", "listener", "virtualHost", "cluster", "tls")
DELIVERED = ("host", "port", "as", "sni", "authority")


def lines(path):
    with open(path) as f:
        return [json.loads(line) for line in f if line.strip()]


def ask(cases, program, workers):
    """The oracle's results, in order. The listeners themselves are needed only to see which of them Envoy refuses."""
    asked = [
        {
            "id": case["id"],
            "files": [f["text"] for f in case["files"]],
            "probes": case["probes"],
            "options": {"dump": any("kind: VirtualService" in f["text"] for f in case["files"])},
            **({"mesh": case["mesh"]} if "mesh" in case else {}),
        }
        for case in cases
    ]
    text = "".join(json.dumps(each) + "\n" for each in asked)
    done = subprocess.run([program, "-workers", str(workers)], input=text, capture_output=True, text=True)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    if len(results) != len(cases):
        sys.exit(f"the oracle answered {len(results)} of {len(cases)} cases:\n{done.stderr[-2000:]}")
    return results


def is_refused(result):
    return any(doc.get("errors") or doc.get("unknownFields") or doc.get("dropped") for doc in result.get("validation") or [])


def is_broken(result):
    probes = result.get("probes") or []
    return bool(result.get("error")) or any(
        p.get("error") or not p.get("paths") or any(path["outcome"]["result"] == "unsupported" for path in p["paths"]) for p in probes
    )


def compared(expected):
    """An expectation without what is never compared."""
    kept = {k: expected[k] for k in PARTS if k in expected}
    if "delivered" in expected:
        kept["delivered"] = {k: v for k, v in expected["delivered"].items() if k in DELIVERED}
    kept["hops"] = [{k: v for k, v in hop.items() if k in HOP} for hop in expected["hops"]]
    for hop in kept["hops"]:
        if "tls" in hop:
            hop["tls"] = {k: v for k, v in hop["tls"].items() if k in ("mode", "sni")}
    if "others" in expected:
        kept["others"] = [compared(each) for each in expected["others"]]
    return kept


def recorded(case, result):
    refused = refused_listeners(result.get("dump"))
    probes = [{**probe, "expect": compared(expectation(answer, refused))} for probe, answer in zip(case["probes"], result["probes"]) if is_settled(answer)]
    return {**case, "probes": probes}


def is_dull(case):
    return len(case["probes"]) < 3 or all(p["expect"]["outcome"] == "passthrough" for p in case["probes"])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("cases")
    ap.add_argument("out")
    ap.add_argument("--oracle", default="./oracle")
    ap.add_argument("--workers", type=int, default=2)
    ap.add_argument("--every", action="store_true")
    a = ap.parse_args()
    cases = lines(a.cases)
    left_out = collections.Counter()
    with open(a.out, "w") as out:
        for case, first, second in zip(cases, ask(cases, a.oracle, a.workers), ask(cases, a.oracle, a.workers)):
            if is_broken(first) or is_broken(second):
                left_out["broken"] += 1
                print("broken", case["id"], str(first.get("error"))[:150], file=sys.stderr)
                continue
            if is_refused(first):
                left_out["refused"] += 1
                continue
            answer = recorded(case, first)
            if answer != recorded(case, second):
                left_out["different in the second run"] += 1
                continue
            if is_dull(answer) and not a.every:
                left_out["dull"] += 1
                continue
            out.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{len(cases) - left_out.total()} cases recorded; left out: {dict(left_out)}", file=sys.stderr)


if __name__ == "__main__":
    main()
