"""The same bytes on every machine: files, adjusted and resampled bars, runs, results and reports.

One process for each of three time zones, each with another seed for the hashes of texts, so that neither the machine's
clock nor the order of a set can be in a result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.golden.test_shared_files import FILES

ZONES = ("America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")

PROBE = """
import hashlib, json, sys, warnings
from pathlib import Path
import tradewright as tw

warnings.simplefilter("ignore")
data, out = Path(sys.argv[1]), Path(sys.argv[2])
files = json.loads(sys.argv[3])
found = {}


def digest(content):
    return hashlib.sha256(content).hexdigest()


def probe_run(name, strategy, bars, **said):
    result = tw.backtest(strategy, bars, **said)
    result.report(out / f"{name}.html")
    result.to_csv(out / name)
    found[f"{name} record"] = result.hash
    found[f"{name} result.json"] = digest(result.to_json().encode())
    found[f"{name} report.html"] = digest((out / f"{name}.html").read_bytes())
    for file in sorted((out / name).iterdir()):
        found[f"{name} {file.name}"] = digest(file.read_bytes())


class Cross(tw.Strategy):
    def setup(self):
        self.fast, self.slow = (self.use(tw.indicators.sma, "close", bars) for bars in (10, 30))

    def on_bar(self, ctx):
        if self.fast.crossed_above(self.slow):
            ctx.target_percent(0.9)
        elif self.fast.crossed_below(self.slow):
            ctx.close_position()


bars = {}
for name, said in files.items():
    bars[name] = tw.read_bars(data / name, symbol="EURUSD", **said)
    found[name] = bars[name].fingerprint
apple = tw.read_bars(
    data / "daily/AAPL_1d_1998_2021_raw.csv.gz", symbol="AAPL", calendar="XNAS", timeframe="1d",
    actions=data / "daily/AAPL_factors.csv",
)
found["adjusted"] = tw.adjust_bars(apple, "full").fingerprint
found["weeks"] = tw.resample_bars(tw.adjust_bars(apple, "split"), "1w").fingerprint
found["hours"] = tw.resample_bars(bars["intraday/ESTX50_5m_200601.csv.gz"], "1h").fingerprint
found["synthetic"] = tw.synthetic_bars(timeframe="1h", bars=500, calendar="XHKG").fingerprint
probe_run("daily", Cross, apple, start="2012-01-01", cash=100_000.0)
probe_run("intraday", Cross, bars["intraday/ESTX50_5m_200601.csv.gz"], seed=3)
print(json.dumps(found))
"""


def files_of(shared_data: Path) -> dict[str, dict[str, str]]:
    """Every file that holds bars, with what is to be said about it."""
    said = {name: words for name, (_, _, words) in FILES.items()}
    dropping = {"calendar": "XNYS", "timeframe": "1d", "bad_rows": "drop"}
    said |= {f"universe_djia/{file.name}": dropping for file in (shared_data / "universe_djia").glob("*.csv.gz")}
    daily = {"calendar": "XNAS", "timeframe": "1d"}
    said |= {f"daily/{file.name}": daily for file in (shared_data / "daily").glob("*_wiki_actions.csv")}
    said |= {f"daily/{name}": daily for name in ("AAPL_1d_2004_2018_yahoo.csv.gz", "INTC_1d_1995_2004.csv.gz")}
    said["intraday/IBM_1m_20131004_20131011_trades.csv"] = FILES["intraday/AIG_1m_20131004_20131011_trades.csv"][2]
    said["intraday/SPX_1m_20191105_20191108.csv"] = {
        "calendar": "XNYS", "timeframe": "1m", "volume": "none", "sessions": "regular",
    }  # fmt: skip
    return dict(sorted(said.items()))


@pytest.fixture(scope="module")
def found(shared_data, tmp_path_factory) -> dict[str, dict[str, str]]:
    """What each zone's process found, by zone."""
    files = json.dumps(files_of(shared_data))
    running = {}
    for number, zone in enumerate(ZONES):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": str(number)}
        command = [sys.executable, "-c", PROBE, str(shared_data), str(tmp_path_factory.mktemp("zone")), files]
        running[zone] = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    answers = {zone: process.communicate()[0] for zone, process in running.items()}
    assert [process.returncode for process in running.values()] == [0] * len(ZONES)
    return {zone: json.loads(answer) for zone, answer in answers.items()}


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES[1:])
def test_files_runs_and_reports_are_the_same_bytes_in_every_zone(found, zone):
    here, there = found[ZONES[0]], found[zone]
    assert {name for name in here if here[name] != there[name]} == set()
    assert len(here) == len(there) > 60
