"""The sandbox as a process: it says where it listens, serves, and ends with Ctrl-C."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from typing import Any

import pytest
import requests

PROGRAM = [sys.executable, "-c", "import sys; from tradewright.cli import main; sys.exit(main())", "sandbox"]
MADE_UP = ("--synthetic", "--symbols", "ALDER,BIRCH", "--start", "2024-01-02", "--end", "2024-02-29", "--port", "0")

pytestmark = pytest.mark.slow


def document(process: subprocess.Popen[str]) -> Any:
    """The JSON document that the program prints first."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            return json.loads("".join(lines))
    raise AssertionError("".join(lines))


def test_it_serves_until_ctrl_c_and_leaves_its_port() -> None:
    args = [*PROGRAM, *MADE_UP, "--speed", "lockstep", "--key", "TEST:secret", "--costs", "none", "--json"]
    process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = document(process)
    assert (said["venue"], said["symbols"], said["keys"]) == ("SANDBOX", ["ALDER", "BIRCH"], ["TEST"])
    headers = {"APCA-API-KEY-ID": "TEST", "APCA-API-SECRET-KEY": "secret"}
    assert requests.get(f"{said['url']}/v2/account", headers=headers, timeout=60).json()["cash"] == "100000"
    assert requests.post(f"{said['control']}/advance", json={"bars": 3}, timeout=60).json()["advanced"] == 3
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (0, "")
    assert err.splitlines()[-1] == "The SANDBOX has ended after 3 bars."
    with socket.create_server(("127.0.0.1", int(said["url"].rpartition(":")[2]))):
        pass


def test_it_says_how_to_point_a_client_at_it() -> None:
    process = subprocess.Popen([*PROGRAM, *MADE_UP], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(7)]
    process.send_signal(signal.SIGINT)
    said = "".join([*lines, process.stdout.read()])
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    assert lines[0].startswith("SANDBOX on http://127.0.0.1:")
    assert "a SYNTHETIC market" in lines[0]
    assert "TradingClient(" in said
    assert said.splitlines()[-1] == "The SANDBOX has ended after 0 bars."
