"""What the release binary is made of."""

import os
from pathlib import Path

import pytest

from kit import *


@pytest.fixture(scope="module")
def program() -> bytes:
    return Path(os.environ["GATEWAY_BINARY"]).read_bytes()


def test_the_system_s_libraries_are_linked(program):
    for name in (b"libssl.so.3", b"libcrypto.so.3", b"libsqlite3.so.0", b"SSL_CTX_new"):
        assert name in program, f"expected {name.decode()} in the binary"


@pytest.mark.parametrize("prefix", ["CNIOBoringSSL_", "CCryptoBoringSSL_"])
def test_no_package_brings_a_second_tls_library(program, prefix):
    at = program.find(prefix.encode())
    around = program[max(at - 20, 0):at + 60]

    assert at < 0, f"expected no {prefix} in the binary, got …{around!r}…"
