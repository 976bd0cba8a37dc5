"""The process of one side: prepares its input once, then calls as often as it is told, and answers in JSON lines."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time


def peak_mb() -> float:
    """Largest memory of this process so far and of the largest that it has started, in megabytes."""
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def processor_seconds() -> float:
    """Time of all threads of this process and of those it has started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main(target: str, options: str) -> int:
    """Serve one side until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    module, name = target.split(":")
    prepare = getattr(importlib.import_module(f"benchmarks.{module}"), name)
    call = prepare(**json.loads(options))
    print(json.dumps({"peak_mb": peak_mb()}), file=answers, flush=True)
    for line in sys.stdin:
        seconds, processor, figures = [], [], {}
        for _ in range(int(line)):
            start, used = time.perf_counter(), processor_seconds()
            figures = call()
            seconds.append(time.perf_counter() - start)
            processor.append(processor_seconds() - used)
        answer = {"seconds": seconds, "processor": processor, "figures": figures, "peak_mb": peak_mb()}
        print(json.dumps(answer), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
