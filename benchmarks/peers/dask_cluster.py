"""No-op tasks on a local Dask cluster of two processes, for benchmarks/peers/dask.ts.

dask_cluster.py rate SECONDS     prints the tasks a second
dask_cluster.py latency TASKS    prints the ms of each task, one after the other, as a JSON list
"""

import json
import sys
import time

from distributed import Client, LocalCluster


def no_op(n):
    return n


def run(client, tasks):
    started = time.perf_counter()
    # Not pure: a pure call with the same input would be answered from memory.
    outputs = client.gather(client.map(no_op, range(tasks), pure=False))
    seconds = time.perf_counter() - started
    assert len(outputs) == tasks and outputs[-1] == tasks - 1
    return seconds


def latencies(client, tasks):
    measured = []
    for n in range(tasks):
        started = time.perf_counter()
        client.submit(no_op, n, pure=False).result()
        measured.append((time.perf_counter() - started) * 1000)
    return measured


def main(what, amount):
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        first = run(client, 200)
        if what == "latency":
            print(json.dumps(latencies(client, int(amount))))
            return
        tasks = max(200, round(200 / first * float(amount)))
        print(json.dumps(tasks / run(client, tasks)))


if __name__ == "__main__":
    main(*sys.argv[1:])
