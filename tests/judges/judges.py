"""judges.py - the judges that read files: each answers with the list of its complaints, one sentence with the file's name in front.

One process for all files of a judge: a start of the Nu HTML checker's Java machine costs as much as a hundred pages.
"""
import fcntl
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE / "node_modules"


def modules(folder=HERE):
    """node_modules as the folder's package-lock.json wants them; nothing to do when they are there already."""
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules/.of"
    with open(folder / "package-lock.json", "rb") as lock:   # two parts may come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True, stdin=subprocess.DEVNULL)
            stamp.write_text(wanted, encoding="ascii")


def _run(*command):
    """Both outputs: some judges complain on one and some on the other."""
    done = subprocess.run([str(c) for c in command], cwd=HERE, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=900)
    return done.returncode, done.stdout, done.stderr


def _json(name, status, *outputs):
    for text in outputs:
        try:
            return json.loads(text)
        except ValueError:
            pass
    raise AssertionError(f"{name} said nothing that can be read ({status}): {' '.join(outputs)[:2000]}")


def nu(folder):
    """The Nu HTML checker over every .html file of the folder: errors, warnings and whatever else it finds worth saying."""
    status, out, err = _run("java", "-Xss2m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", MODULES / "vnu-jar/build/dist/vnu.jar",
                            "--stdout", "--format", "json", "--skip-non-html", folder)
    said = _json("vnu", status, out, err)["messages"]
    return [f"{os.path.basename(m.get('url', ''))}:{m.get('lastLine', '')}: {m.get('subType', m['type'])}: {m['message']} {m.get('extract', '')!r}" for m in said]


def html_validate(folder):
    """Everything it recommends, for documents and for access. Other than there: a summary of problems stands above the h1 (interface.md), so the
    first heading may be an h2; only files from elsewhere need an integrity hash, ours carry it in their name; a title holds a company's name,
    whose length is its own."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as said:   # it ends before a pipe has taken everything
        status, out, err = _run("node", MODULES / "html-validate/bin/html-validate.mjs", "--config", HERE / "html-validate.json", "--formatter",
                                f"json={said.name}", "--max-warnings", "0", f"{folder}/*.html")
        said = _json("html-validate", status, said.read(), out, err)
    return [f"{os.path.basename(f['filePath'])}:{m['line']}: {m['ruleId']}: {m['message']}" for f in said for m in f["messages"]]


def stylelint(*files):
    """The standard rules, and: no physical side (pages are read from right to left too), no names of colours, no ids. Off is
    no-descending-specificity, which compares rules of components that never meet."""
    status, out, err = _run("node", MODULES / "stylelint/bin/stylelint.mjs", "--config", HERE / "stylelint.json", "--formatter", "json", "--max-warnings", "0",
                            "--report-needless-disables", "--report-invalid-scope-disables", *files)
    said = _json("stylelint", status, err, out)
    return [f"{os.path.basename(f['source'])}:{w['line']}: {w['rule']}: {w['text']}" for f in said for w in f["warnings"] + f.get("parseErrors", [])]
