"""
Go's golang.org/x/mod as a second opinion: sumdb/note and sumdb/tlog read what we write.

Needs Debian's golang-go and golang-golang-x-mod-dev; skipped with this reason where absent.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from examday.verifier.note import encode64
from examday.verifier.tree import consistency_proof, leaf_hash, nodes_of, root
from tests.factories.verifier import honest_day

GOPATH = "/usr/share/gocode"
HAVE_GO = shutil.which("go") is not None and Path(GOPATH, "src/golang.org/x/mod").is_dir()
pytestmark = pytest.mark.skipif(
    not HAVE_GO, reason="no Go oracle: apt install golang-go golang-golang-x-mod-dev"
)

PROGRAM = """
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Kind       string
	Vkey, Note string
	Size, Old  int64
	Index      int64
	Path       []tlog.Hash
	Root, Then tlog.Hash
	Leaf       tlog.Hash
}

func ask(q question) error {
	switch q.Kind {
	case "note":
		key, err := note.NewVerifier(q.Vkey)
		if err != nil {
			return err
		}
		_, err = note.Open([]byte(q.Note), note.VerifierList(key))
		return err
	case "record":
		return tlog.CheckRecord(tlog.RecordProof(q.Path), q.Size, q.Root, q.Index, q.Leaf)
	}
	return tlog.CheckTree(tlog.TreeProof(q.Path), q.Size, q.Root, q.Old, q.Then)
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	for _, q := range questions {
		fmt.Println(ask(q) == nil)
	}
}
"""


def test_go_accepts_our_notes_and_proofs_and_nothing_else(tmp_path):
    """note.Open, tlog.CheckRecord and tlog.CheckTree, each with spoiled twins."""
    day = honest_day()
    hashed = [leaf_hash(leaf) for leaf in day.leaves]
    size = len(hashed)
    roots = [root(hashed[:old]) for old in range(size + 1)]
    note = {"Kind": "note", "Vkey": day.log.verifier.vkey, "Note": day.head().encoded().decode()}
    questions = [note, note | {"Note": note["Note"].replace(f"\n{size}\n", f"\n{size + 1}\n")}]
    wanted = [True, False]
    for index in range(size):
        proof = day.proof(index)
        good = {"Kind": "record", "Size": size, "Root": encode64(roots[size]), "Index": index}
        good |= {"Leaf": encode64(leaf_hash(proof.leaf)), "Path": [*map(encode64, proof.path)]}
        questions += [good, good | {"Index": (index + 1) % size}]
        wanted += [True, False]
    for old in range(1, size):
        path = [*map(encode64, consistency_proof(old, size, nodes_of(hashed)))]
        good = {"Kind": "tree", "Size": size, "Old": old, "Path": path}
        good |= {"Root": encode64(roots[size]), "Then": encode64(roots[old])}
        questions += [good, good | {"Then": encode64(roots[old - 1])}]
        wanted += [True, False]

    assert _answers(questions, tmp_path) == wanted
    assert len(wanted) > 100


def _answers(questions, folder):
    (folder / "main.go").write_text(PROGRAM)
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": GOPATH, "GOFLAGS": ""}
    environment |= {"GOCACHE": str(folder / "cache")}
    done = subprocess.run(
        ["go", "run", str(folder / "main.go")],
        input=json.dumps(questions), text=True, capture_output=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [line == "true" for line in done.stdout.split()]
