import ast,sys,re,csv
from pathlib import Path
root=Path(sys.argv[1]); YEAR=re.compile(r"\b(?:19|20)\d\d\b")
src={r['source_id'] for r in csv.DictReader(open(root/'data/sources.csv',encoding='utf-8'))}
n=0
for p in sorted((root/'src/analysis').rglob('*.py')):
    tree=ast.parse(p.read_text()); docs={id(x.value) for x in ast.walk(tree) if isinstance(x,ast.Expr)}
    f={}
    for x in ast.walk(tree):
        if isinstance(x,ast.Constant) and id(x) not in docs:
            if isinstance(x.value,str):
                for v in ([x.value] if x.value in src else YEAR.findall(x.value)): f.setdefault(v,[]).append(x.lineno)
            elif type(x.value) in (int,float) and 1900<=x.value<2100: f.setdefault(str(x.value),[]).append(x.lineno)
    if f: n+=len(f); print(p.relative_to(root/'src/analysis'), {k:v[:4] for k,v in f.items()})
print(n)
