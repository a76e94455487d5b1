#!/usr/bin/env python3
"""Write a batch document (Docs/formats.md) of N instructions, the same bytes for the same arguments.

usage: make_batch.py credit|voucher N [--seed S] [--batch ID] [--sender NAME] [--payees M] > batch.json

--payees M draws the payees from M accounts (default: N, so nearly every payee is another one).
"""
import argparse, random, sys

p = argparse.ArgumentParser()
p.add_argument("kind", choices=["credit", "voucher"])
p.add_argument("n", type=int)
p.add_argument("--seed", type=int, default=1)
p.add_argument("--batch", default="BENCH-0001")
p.add_argument("--sender", default="social-registry")
p.add_argument("--payees", type=int)
a = p.parse_args()
rnd = random.Random(a.seed)
payees = a.payees or a.n
total = 0
rows = []
out = sys.stdout.write
amounts = [rnd.randrange(5, 500) * 100 for _ in range(a.n)]
total = sum(amounts)
out('{"requestID":"REQ-%s","batchID":"%s","sourceBBID":"%s","programID":"VUP-DS","currency":"RWF",'
    '"createdAt":"2026-11-22T01:00:00Z","control":{"count":%d,"total":"%d.00"},"%sInstructions":[\n'
    % (a.batch, a.batch, a.sender, a.n, total, a.kind))
for i, amount in enumerate(amounts):
    who = rnd.randrange(payees)
    if a.kind == "credit":
        row = ('{"instructionID":"%s-%09d","payee":{"type":"MSISDN","id":"250%09d"},"amount":"%d.00","currency":"RWF",'
               '"narration":"VUP direct support November 2026"}' % (a.batch, i, 780000000 + who, amount))
    else:
        row = ('{"instructionID":"%s-%09d","payeeFunctionalID":"RW-%012d","groupCode":"GENERAL","amount":"%d.00","currency":"RWF",'
               '"narration":"School kit November 2026"}' % (a.batch, i, who, amount))
    out(row + (",\n" if i < a.n - 1 else "\n"))
out("]}\n")
