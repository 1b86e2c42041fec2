#!/usr/bin/env python3
"""Keep report/frameworks/*.json and the control map saying the same.

The map is a table kept beside the project: one row per control, with the framework, its title, the control's number, our
own label, how strong the evidence is, the queries that give it and what is still needed from elsewhere.

    frameworks.py MAP            compare; say what differs; status 1 when something does
    frameworks.py --write MAP    rewrite the JSON files from the map

`not_evidenced` is written by hand in the JSON files and kept when they are rewritten. Control numbers are data that an
auditor reads, so the comparison also refuses a control twice, an unknown strength and a query id that is badly spelled.
"""
import csv
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parents[2] / "report" / "frameworks"
STRENGTHS = {"D": "direct", "P": "partial", "S": "supporting"}
COLUMNS = ["framework", "version_name", "control", "paraphrase", "strength", "queries", "still_needed",
           "nist_baselines"]


def read_map(path):
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or list(rows[0]) != COLUMNS:
        sys.exit(f"frameworks.py: '{path}': the columns are not {' '.join(COLUMNS)}")
    frameworks, seen, before = {}, set(), ""
    for row in rows:
        key = (row["framework"], row["control"])
        if key in seen:
            sys.exit(f"frameworks.py: '{path}': {' '.join(key)} stands there twice")
        seen.add(key)
        queries = row["queries"].split()
        bad = [q for q in queries if not re.fullmatch(r"[a-z]{3}(-[a-z0-9]+)+", q)]
        if bad or not queries:
            sys.exit(f"frameworks.py: '{path}': {' '.join(key)}: bad query ids: {' '.join(bad) or 'none at all'}")
        # The table writes "same" for "as in the row above" and a dash for "nothing".
        needed = row["still_needed"]
        needed = before if needed == "same" else "" if needed == "—" else needed
        before = needed
        control = {
            "id": row["control"],
            "label": row["paraphrase"],
            "strength": STRENGTHS[row["strength"]],
            "queries": queries,
            "still_needed": needed,
        }
        if row["nist_baselines"]:
            control["baselines"] = row["nist_baselines"]
        title, controls = frameworks.setdefault(row["framework"], (row["version_name"], []))
        if title != row["version_name"]:
            sys.exit(f"frameworks.py: '{path}': {row['framework']} has two titles")
        controls.append(control)
    return frameworks


def dump(framework):
    """One line per control: short enough to compare by eye, and a change of one control is a change of one line."""
    def text(value):
        return json.dumps(value, ensure_ascii=False)
    lines = ["{"]
    for key in ("name", "title", "not_evidenced"):
        lines.append(f"  {text(key)}: {text(framework[key])},")
    lines.append('  "controls": [')
    controls = [f"    {text(control)}" for control in framework["controls"]]
    lines.append(",\n".join(controls))
    lines += ["  ]", "}", ""]
    return "\n".join(lines)


def main(argv):
    write = argv[1:2] == ["--write"]
    paths = argv[2:] if write else argv[1:]
    if len(paths) != 1:
        sys.exit(__doc__)
    wanted = read_map(paths[0])
    differs = 0
    for name, (title, controls) in wanted.items():
        path = HERE / f"{name}.json"
        old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        new = {"name": name, "title": title, "not_evidenced": old.get("not_evidenced", ""), "controls": controls}
        if not new["not_evidenced"]:
            print(f"{path.name}: not_evidenced is empty: say what this tool cannot show")
            differs += 1
        if write:
            path.write_text(dump(new), encoding="utf-8")
            continue
        if old.get("title") != title:
            print(f"{path.name}: the title is not '{title}'")
            differs += 1
        there = {c["id"]: c for c in old.get("controls", [])}
        for control in controls:
            if there.pop(control["id"], None) != control:
                print(f"{path.name}: {control['id']} differs from the map")
                differs += 1
        for left in there:
            print(f"{path.name}: {left} is not in the map")
            differs += 1
        if not differs and [c["id"] for c in old["controls"]] != [c["id"] for c in controls]:
            print(f"{path.name}: the controls stand in another order than in the map")
            differs += 1
    for path in sorted(HERE.glob("*.json")):
        if path.stem not in wanted:
            print(f"{path.name}: this framework is not in the map")
            differs += 1
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
