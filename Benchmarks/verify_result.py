#!/usr/bin/env python3
"""Check an opened result (JSON on standard input) against the batch that it answers: as many lines, in the same order,
each SUCCESSFUL with its amount, each reference used once, and a summary that agrees with the lines.

usage: openssl ... | gunzip | verify_result.py BATCH.json
"""
import sys
from decimal import Decimal
import orjson

with open(sys.argv[1], "rb") as file:
    batch = orjson.loads(file.read())
result = orjson.loads(sys.stdin.buffer.read())
asked, lines, summary = batch["creditInstructions"], result["results"], result["summary"]

faults = []
def expect(what, expected, found):
    if expected != found:
        faults.append(f"{what}: expected {expected}, found {found}")

expect("batchID", batch["batchID"], result["batchID"])
expect("status", "COMPLETED", result["status"])
expect("lines", len(asked), len(lines))
expect("SUCCESSFUL lines", len(asked), sum(line["status"] == "SUCCESSFUL" for line in lines))
expect("lines out of order or with another amount", 0, sum(
    order["instructionID"] != line["instructionID"] or Decimal(order["amount"]) != Decimal(line["amount"])
    or order["currency"] != line["currency"] for order, line in zip(asked, lines)))
expect("different references", len(asked), len({line["reference"] for line in lines}))
paid = sum(Decimal(line["amount"]) for line in lines if line["status"] == "SUCCESSFUL")
expect("sum of the lines", Decimal(batch["control"]["total"]), paid)
expect("summary.succeeded", len(asked), summary["succeeded"])
expect("summary.amounts", paid, Decimal(summary["amounts"][batch["currency"]]["succeeded"]))
for fault in faults:
    print("result:", fault, file=sys.stderr)
print(f"result: {len(lines)} lines, {paid} {batch['currency']} paid")
sys.exit(1 if faults else 0)
