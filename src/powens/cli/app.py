"""Commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

import powens

from . import demo as demonstration

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
