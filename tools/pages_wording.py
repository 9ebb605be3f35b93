"""Run in the root of a (flat, merged) checkout that has src/analysis/wording.py: takes the formatters' definitions out of
the modules that had them and re-points imports and calls. Idempotent. Then: ruff check --fix --select I,F401 src tests; ruff format is not run."""
import ast, pathlib, re, sys
ORIGIN = {"exhibits": {"number": "number", "spell": "spell", "listed": "listed", "months": "months"},
          "trade_exhibits": {"signed": "signed"}, "growth_exhibits": {"signed": "signed"}, "figures": {"shortened": "shortened"}}
PRIVATE = {"_lower": "inside", "_plain": "plain", "_scaled": "scaled"}
have = {n.name for n in ast.parse(pathlib.Path("src/analysis/wording.py").read_text()).body if isinstance(n, ast.FunctionDef)}
files = [*pathlib.Path("src/analysis").glob("*.py"), *pathlib.Path("tests").rglob("*.py")]
for p in files:
    if p.name == "wording.py": continue
    src = p.read_text(); tree = ast.parse(src); stem = p.stem
    off = [0]
    for l in src.splitlines(keepends=True): off.append(off[-1] + len(l.encode()))
    b = src.encode(); pos = lambda ln, c: off[ln - 1] + c
    edits, used, renamed = [], set(), {}
    own = ORIGIN.get(stem, {})
    for n in tree.body:
        if isinstance(n, ast.FunctionDef):
            new = own.get(n.name) if n.name in own else PRIVATE.get(n.name) if stem.endswith("_exhibits") and n.args.args and ast.unparse(n.args.args[0].annotation or ast.Name("x")) in ("str", "object", "float") else None
            if new and new in have:
                a = off[n.lineno - 1]; z = off[n.end_lineno]
                while b[z:z + 1] == b"\n": z += 1
                edits.append((a, z, b""))
                renamed[n.name] = new
        if isinstance(n, ast.ImportFrom) and n.module in tuple(f"analysis.{m}" for m in ORIGIN):
            m = n.module.split(".")[1]
            keep = [x for x in n.names if not (x.name in ORIGIN[m] and x.name in have)]
            gone = [x for x in n.names if x not in keep]
            if gone:
                used |= {x.name for x in gone}
                new = f"from {n.module} import " + ", ".join(x.name + (f" as {x.asname}" if x.asname else "") for x in keep) if keep else ""
                end = pos(n.end_lineno, n.end_col_offset)
                edits.append((pos(n.lineno, n.col_offset), end + (0 if keep else 1), new.encode()))
    body = b
    for n in ast.walk(tree):
        if isinstance(n, ast.Name) and n.id in renamed and isinstance(n.ctx, ast.Load):
            used.add(renamed[n.id])
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and (n.value.id, n.attr) == ("figures", "shortened") and "shortened" in have:
            used.add("shortened")
    if not edits and "shortened" not in used: continue
    out = b
    for a, z, new in sorted(edits, reverse=True): out = out[:a] + new + out[z:]
    text = out.decode()
    for old_name, new_name in renamed.items():
        if old_name != new_name: text = re.sub(rf"\b{old_name}\(", f"{new_name}(", text)
    if "shortened" in used: text = text.replace("figures.shortened(", "shortened(")
    if used:
        t2 = ast.parse(text)
        old = [n for n in t2.body if isinstance(n, ast.ImportFrom) and n.module == "analysis.wording"]
        lines = text.splitlines(keepends=True)
        if old:
            used |= {x.name for x in old[0].names}
            lines[old[0].lineno - 1:old[0].end_lineno] = [f"from analysis.wording import {', '.join(sorted(used))}\n"]
        else:
            at = max([n.end_lineno for n in t2.body if isinstance(n, (ast.Import, ast.ImportFrom))])
            lines.insert(at, f"from analysis.wording import {', '.join(sorted(used))}\n")
        text = "".join(lines)
    p.write_text(text.rstrip() + "\n"); ast.parse(text)
    print(p, sorted(used), renamed)
