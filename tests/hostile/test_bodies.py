"""Answers whose head is valid and whose body is anything, to every method."""

from __future__ import annotations

from .cases import make_answer
from .drivers import ONCE, RETRYING, Server, provoke, run, victim_of


def test_a_body_causes_no_error_but_ours(surface, sample, seeds):
    server = Server()

    def case(seed):
        method, arguments, good = sample(seed)
        policy = RETRYING if seed % 10 == 0 else ONCE
        answer = make_answer(seed, good)
        provoke(victim, server, answer, (method, arguments), retry_policy=policy)

    with victim_of(server, surface) as victim:
        run(seeds(420, 25_000), lambda seed: sample(seed).method, case)
