"""The process of one side: prepares its input once, then calls as often as it is told, and answers in JSON lines."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time


def peak_mb() -> float:
    """Largest memory of this process so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def main(target: str, options: str) -> int:
    """Serve one side until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    module, name = target.split(":")
    prepare = getattr(importlib.import_module(f"benchmarks.estimation.{module}"), name)
    call = prepare(**json.loads(options))
    print(json.dumps({"peak_mb": peak_mb()}), file=answers, flush=True)
    for line in sys.stdin:
        seconds, processor, figures = [], [], {}
        for _ in range(int(line)):
            start, used = time.perf_counter(), time.process_time()
            figures = call()
            seconds.append(time.perf_counter() - start)
            processor.append(time.process_time() - used)
        answer = {"seconds": seconds, "processor": processor, "figures": figures, "peak_mb": peak_mb()}
        print(json.dumps(answer), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
