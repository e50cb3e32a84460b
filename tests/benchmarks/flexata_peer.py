"""
The peer FlexATA (PyPI, MIT) on the same bank and demands; runs under its own Python.

    python flexata_peer.py PROBLEM SECONDS

PROBLEM is the JSON that `test_assembly` writes: items as rows and demands as words of FlexATA.
Prints one JSON object. FlexATA wants CPLEX installed; its CBC door needs pulp and pandas only.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path

import pandas as pd
import pulp
from FlexATA.form_builder import FormBuilder


def main(path, limit):
    problem = json.loads(Path(path).read_text("utf-8"))
    start, used = time.perf_counter(), time.process_time()
    builder = FormBuilder(minimize=True)
    items = pd.DataFrame(problem["items"])
    builder.pool = items
    builder.create_item_by_form_variables(
        number_of_forms=problem["papers"], number_of_items_per_form=100
    )
    builder.add_weights_objective([int(cost) for cost in items["cost"]])
    for row in problem["rows"]:
        values = [0] * len(items)
        for column, value in zip(row["columns"], row["values"], strict=True):
            values[column] = value
        if row["low"] == row["high"]:
            builder.add_content_constraints(values, row["low"], "==", row["name"])
            continue
        if row["low"] is not None:
            builder.add_content_constraints(values, row["low"], ">=", row["name"] + "_low")
        builder.add_content_constraints(values, row["high"], "<=", row["name"] + "_high")
    if problem["papers"] > 1:
        builder.add_item_usage_constraints(0, 1)
    built = time.perf_counter() - start
    builder.solve_problem(timeLimit=limit, gapRel=0.01, gapAbs=0.0, msg=False, solver="CBC")
    chosen = [
        [i for i in range(len(items)) if (builder.value(builder.items[i][form]) or 0) > 0.5]
        for form in range(problem["papers"])
    ]
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - start,
                "built": built,
                "cpu": time.process_time() - used + children.ru_utime + children.ru_stime,
                "peak": max(peak, children.ru_maxrss // 1024),
                "status": builder.status,
                "chosen": chosen,
                "pulp": pulp.__version__,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
