"""Breaks lines over 120 characters in src, tests and benchmarks: comments, docstrings and strings; then `ruff format`.

    rooms_wrap.py [ROOT]     prints what is left for a person
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

MOST = 120
ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()


def tokens(text):
    return list(tokenize.generate_tokens(io.StringIO(text).readline))


def break_at(text, most, start=0):
    """Where to break a text: behind the last blank that leaves the first part short enough, outside of braces."""
    depth, at = 0, None
    for i, c in enumerate(text):
        depth += (c == "{") - (c == "}")
        if i >= most:
            break
        if c == " " and depth == 0 and i > start:
            at = i + 1
    return at


def wrap(text):
    lines = text.splitlines(keepends=True)
    stacks, docs = {}, {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            docs[node.lineno] = node.end_lineno
    stack, all_tokens = [], tokens(text)
    for token in all_tokens:
        if token.type == tokenize.OP and token.string in "([{":
            before = lines[token.start[0] - 1][: token.start[1]]
            call = token.string == "(" and re.search(r"[\w\])]$", before) and not re.search(r"\b(in|and|or|not|return|if|else|assert|yield)$", before)
            stack.append("call" if call else token.string)
        elif token.type == tokenize.OP and token.string in ")]}":
            stack.pop()
        stacks[token.start] = list(stack)
    for number, line in enumerate(lines, start=1):
        body = line.rstrip("\n")
        if len(body) <= MOST:
            continue
        indent = body[: len(body) - len(body.lstrip())]
        if body.lstrip().startswith("#"):
            at = break_at(body, MOST, len(indent) + 2)
            nxt = lines[number] if number < len(lines) else ""
            rest = body[at:]
            if nxt.startswith(f"{indent}# ") :
                lines[number - 1 : number + 1] = [body[:at].rstrip() + "\n", f"{indent}# {rest} {nxt[len(indent) + 2 :]}"]
            else:
                lines[number - 1] = f"{body[:at].rstrip()}\n{indent}# {rest}\n"
            return "".join(lines)
        first = next((a for a, b in docs.items() if a <= number <= b), None)
        if first:
            at = break_at(body.replace("{", " ").replace("}", " "), MOST, len(indent) + 4)
            rest = body[at:]
            if first == number == docs[first] and rest.endswith('"""'):
                lines[number - 1] = f'{body[:at].rstrip()}\n{indent}{rest[:-3].rstrip()}\n{indent}"""\n'
            elif number + 1 < docs[first] and re.match(rf"{indent}[\w`(]", lines[number]) and not re.match(r"\s*\w+:$", lines[number]):
                lines[number - 1 : number + 1] = [f"{body[:at].rstrip()}\n", f"{indent}{rest} {lines[number][len(indent) :]}"]
            else:
                lines[number - 1] = f"{body[:at].rstrip()}\n{indent}{rest}\n"
            return "".join(lines)
        here = [t for t in all_tokens if t.start[0] == number and t.end[0] == number]
        comment = next((t for t in here if t.type == tokenize.COMMENT), None)
        if comment and not comment.string.startswith("# noqa") and len(body[: comment.start[1]].rstrip()) <= MOST:
            lines[number - 1] = f"{indent}{comment.string}\n{body[: comment.start[1]].rstrip()}\n"
            return "".join(lines)
        for token in here:
            if token.type != tokenize.STRING or token.end[1] <= MOST - 2 or token.string.endswith('"""'):
                continue
            prefix, quote = re.match(r"(\w*)([\"'])", token.string).groups()
            inner = token.string[len(prefix) + 1 : -1]
            if "r" in prefix.lower() or len(inner) < 50:
                continue
            in_call = stacks[token.start][-1:] == ["call"]
            room = max(40, MOST - 4 - max(token.start[1] if in_call else len(indent) + 8, len(indent) + 8))
            shown = inner if "f" in prefix else inner.replace("{", "(").replace("}", ")")
            at = break_at(shown, min(room, len(inner) - 1), 10)
            if at is None:
                continue
            marks = [p if "f" in prefix and re.search(r"(?<!\{)\{(?!\{)", part) else p.replace("f", "") for p, part in ((prefix, inner[:at]), (prefix, inner[at:]))]
            if "f" in prefix and ("{{" in inner or "}}" in inner):
                marks = [prefix, prefix]
            broken = f"{marks[0]}{quote}{inner[:at]}{quote}\n{indent}    {marks[1]}{quote}{inner[at:]}{quote}"
            index = all_tokens.index(token)
            significant = [t for t in all_tokens if t.type not in (tokenize.NL, tokenize.COMMENT)]
            place = significant.index(token)
            beside = {significant[place - 1].type, significant[place + 1].type}
            if tokenize.STRING in beside or in_call and significant[place - 1].string in "(,=" and significant[place + 1].string in "),":
                pass  # it is concatenated already, or an argument
            else:
                broken = f"({broken})"
            lines[number - 1] = body[: token.start[1]] + broken + body[token.end[1] :] + "\n"
            return "".join(lines)
        commas = [t for t in here if t.string == "," and t.end[1] <= MOST and stacks.get(t.start)]
        if commas and commas[-1].end[1] < len(body.rstrip()) and not (comment and comment.start[1] <= MOST):
            at = commas[-1].end[1]
            lines[number - 1] = f"{body[:at]}\n{indent}{body[at:].strip()}\n"
            new = "".join(lines)
            if new != text and number not in tried:
                tried.add(number)
                return new
    return None


tried: set = set()


def value(text):
    return ast.dump(ast.parse(text))


for _ in range(90):
    out = subprocess.run([".venv/bin/ruff", "check", "--select", "E501", "--output-format", "concise", "src", "tests", "benchmarks"], cwd=ROOT, capture_output=True, text=True).stdout
    files = sorted({line.split(":")[0] for line in out.splitlines() if ": E501" in line})
    changed = []
    for name in files:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        tried.clear()
        new = wrap(text)
        if new and new != text:
            try:
                ast.parse(new)
            except SyntaxError as error:
                print(name, error)
                continue
            path.write_text(new, encoding="utf-8")
            changed.append(name)
    if not changed:
        break
    subprocess.run([".venv/bin/ruff", "format", "--quiet", *changed], cwd=ROOT)
print(subprocess.run([".venv/bin/ruff", "check", "--output-format", "concise", "src", "tests", "benchmarks"], cwd=ROOT, capture_output=True, text=True).stdout)
