"""Projects listed events and resources to the rows of a golden file: FILE.events and FILE.resources become FILE.tsv.

Plain reads that succeeded are counted per actor and action: a sample has hundreds of them and they say the same.
"""
import collections
import json
import sys

COLUMNS = ("record time actor actor_type session via mfa credential service action verb resource account region place channel "
           "source_ip outcome error run commit change_request native_id detail").split()


def cell(value):
    if value is None:
        return ""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def rows_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


for events_path in sys.argv[1:]:
    base = events_path[: -len(".events")]
    reads = collections.Counter()
    rows = []
    for e in rows_of(events_path):
        if e["verb"] in ("read", "list") and e["outcome"] == "success":
            reads[tuple(cell(e.get(c)) for c in ("source", "actor", "actor_type", "service", "action", "account"))] += 1
            continue
        if e.get("records"):
            e["record"] = e["records"]
        rows.append(["event", cell(e.get("source"))] + [cell(e.get(c)) for c in COLUMNS])
    with open(base + ".tsv", "w", encoding="utf-8", newline="\n") as out:
        if rows:
            print("\t".join(["kind", "source"] + COLUMNS), file=out)
        for row in rows:
            print("\t".join(row), file=out)
        for key in sorted(reads):
            print("\t".join(("reads", str(reads[key])) + key), file=out)
        for r in sorted(rows_of(base + ".resources"), key=lambda r: (r.get("record") or 0, r.get("address") or "")):
            print("\t".join(["resource"] + [cell(r.get(c)) for c in ("address", "type", "cloud_id", "status", "serial")]), file=out)
