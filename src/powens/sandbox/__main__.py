"""`python -m powens.sandbox`: serve until interrupted."""

import argparse
import signal
import sys
import threading
from types import FrameType

from powens.sandbox.server import Sandbox


def main(arguments: list[str] | None = None) -> int:
    """Serve a sandbox until SIGINT or SIGTERM; prints what a client needs as `NAME=value` lines."""
    parser = argparse.ArgumentParser(prog="python -m powens.sandbox", description=main.__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (0: any free one)")
    parser.add_argument("--seed", type=int, default=0, help="another seed is another world")
    parser.add_argument(
        "--transactions",
        type=int,
        default=400,
        help="transactions of a bank (%(default)s)",
    )
    options = parser.parse_args(arguments)
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with Sandbox(**vars(options)) as powens:
        for name, value in powens.environment.items():
            sys.stdout.write(f"{name}={value}\n")
        sys.stdout.flush()
        while not ended.wait(0.5):  # some systems do not interrupt a wait without a limit
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
