"""Records what a real istiod and a real Envoy do with cases; run by ../record-golden.

Usage: record.py TOPOLOGY SERVICES CASES OUT [BATCH]. CASES has a case a line, JSON without `expect`. OUT gets the
cases with what both passes over them saw, a line each, and the names of those that the passes did not agree on.
"""
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

import peers
import player

AT_ONCE = 12  # cases; more would let them wait for one another
LAST_COPIES = 0.4  # seconds until the mirrored calls have arrived, too
CONTROL = 7999
READY_PORT = 8080


def batches(cases, size):
    return [cases[i:i + size] for i in range(0, len(cases), size)]


async def play_all(cases):
    free = asyncio.Semaphore(AT_ONCE)

    async def play(case):
        async with free:
            return await player.play(case)
    answers = await asyncio.gather(*map(play, cases))
    await asyncio.sleep(LAST_COPIES)
    return answers


class Nack(Exception):
    """Envoy refuses what istiod made of some case."""


def one_pass(folder, client, cases):
    """case name -> what was expected of each request, as this pass saw it."""
    peers.get(CONTROL, "/reset")
    with peers.envoy(folder, client, READY_PORT) as envoy:
        refused = peers.refusals(envoy)
        if refused:
            raise Nack("; ".join(refused))
        answers = asyncio.run(play_all(cases))
    received = {}
    for each in json.loads(peers.get(CONTROL, "/attempts")):
        received.setdefault(each["id"], []).append(each)
    log = peers.access_log(folder)
    return {case["name"]: [player.expectation(case, request, of_request, received, log)
                           for request, of_request in zip(case["requests"], of_case)]
            for case, of_case in zip(cases, answers)}


def start(folder, services, cases):
    """istiod, with the cases whose policy it takes, and those whose policy it does not."""
    taken, refused = list(cases), []
    while True:
        documents = {"services.yaml": services} | {case["name"] + ".yaml": case["policy"] for case in taken}
        try:
            return peers.istiod(folder, documents), taken, refused
        except peers.Refused as refusal:
            bad = [case for case in taken if case["name"] == refusal.name]
            if not bad:
                raise
            taken.remove(bad[0])
            refused.append(bad[0] | {"rejected": refusal.reason, "requests": [], "stable": True})


def record_batch(folder, services, cases):
    """The cases that both passes agreed on, and what the others disagreed about."""
    try:
        return record_together(folder, services, cases)
    except Nack as nack:
        if len(cases) == 1:
            return [cases[0] | {"nack": str(nack), "requests": [], "stable": True}], []
        # One that Envoy refuses spoils all: it is in one of the halves.
        half = len(cases) // 2
        parts = [record_batch(folder, services, part) for part in (cases[:half], cases[half:])]
        return parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]


def record_together(folder, services, cases):
    good, unsteady = [], []
    process, cases, refused = start(folder, services, cases)
    good += refused
    with process as istiod:
        by_client = {}
        for case in cases:
            by_client.setdefault(json.dumps(case["client"], sort_keys=True), []).append(case)
        for client, group in by_client.items():
            first, second = (one_pass(folder, json.loads(client), group) for _ in range(2))
            for case in group:
                pairs = list(zip(case["requests"], first[case["name"]], second[case["name"]]))
                both = [player.merged(*pair) for pair in pairs]
                if None in both:
                    index = both.index(None)
                    unsteady.append({"case": case["name"], "request": index, "passes": pairs[index][1:]})
                    continue
                for request, expect in zip(case["requests"], both):
                    request["expect"] = expect
                good.append(case | {"stable": True})
        complaints = [line for line in istiod.log.read_text(errors="replace").splitlines()
                      if "\terror\t" in line or "invalid" in line]
    for line in complaints[:10]:
        print("istiod:", line[:400], file=sys.stderr)
    return good, unsteady


def main():
    topology, services, source, target = map(Path, sys.argv[1:5])
    size = int(sys.argv[5]) if len(sys.argv) > 5 else 300
    cases = [json.loads(line) for line in source.read_text().splitlines()]
    recorded, unsteady = [], []
    with tempfile.TemporaryDirectory(prefix="record-golden-") as folder:
        command = [sys.executable, str(Path(__file__).with_name("backends.py")), str(topology)]
        with peers.Process(command, Path(folder) / "backends.log") as backends:
            peers.wait_for("the backends", lambda: "backends ready" in backends.log.read_text())
            for number, batch in enumerate(batches(cases, size)):
                began = time.monotonic()
                good, bad = record_batch(folder, services.read_text(), batch)
                recorded += good
                unsteady += bad
                print(f"batch {number}: {len(good)} recorded, {len(bad)} unsteady, "
                      f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    order = {case["name"]: i for i, case in enumerate(cases)}
    recorded.sort(key=lambda case: order[case["name"]])
    with open(target, "w") as out:
        for case in recorded:
            out.write(json.dumps(case, separators=(",", ":"), sort_keys=True) + "\n")
    with open(f"{target}.unsteady", "w") as out:
        for each in unsteady:
            out.write(json.dumps(each) + "\n")
    print(f"{len(recorded)} of {len(cases)} cases recorded in {target}; {len(unsteady)} unsteady ones left out "
          f"(see {target}.unsteady)", file=sys.stderr)


if __name__ == "__main__":
    main()
