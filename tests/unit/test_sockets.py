"""Sockets that may be forgotten, even those that the system refused."""

from __future__ import annotations

import gc
import socket
from pathlib import Path

import pytest

from powens._sockets import Socket, open_socket


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_socket_that_is_forgotten_is_closed_without_a_warning():
    before = open_files()
    sock = open_socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    assert open_files() == before + 1
    del sock
    gc.collect()
    assert open_files() == before


def test_a_socket_that_the_system_refuses_is_an_error_and_no_warning():
    with pytest.raises(OSError, match="Errno"):
        Socket(socket.AF_INET, socket.SOCK_STREAM, 12345)
    gc.collect()
