"""Commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

import powens
from powens.sandbox import Sandbox

from . import demo as demonstration
from . import sandbox as serving

app: typer.Typer = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"powens {powens.__version__}")
        raise typer.Exit


@app.callback()
def powens_command(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Open banking with Powens."""


@app.command()
def demo(
    *,
    seed: Annotated[int, typer.Option(help="Another seed makes other people and amounts.")] = 0,
) -> None:
    """Connect an invented bank and read its accounts, with both clients."""
    try:
        demonstration.run(seed)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command()
def sandbox(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 is any free one.")
    ] = 8765,
    seed: Annotated[int, typer.Option(help="Another seed is another world.")] = 0,
    transactions: Annotated[int, typer.Option(min=0, help="Transactions of a bank.")] = 400,
    webhooks_to: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Send webhooks to this address, one path per event."),
    ] = None,
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND",
            help="After `--`: run this command with POWENS_BASE_URL and the like in its "
            "environment, and stop with it.",
        ),
    ] = None,
) -> None:
    """Run a Powens of your own, until Ctrl-C or for as long as a command runs."""
    try:
        served = Sandbox(seed=seed, transactions=transactions, host=host, port=port)
        code = serving.run(served, port, webhooks_to=webhooks_to, command=command or ())
    except serving.StartError as error:
        typer.echo(str(error), err=True)
        code = error.exit_code
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    raise typer.Exit(code)
