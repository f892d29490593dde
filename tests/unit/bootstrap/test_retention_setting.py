"""How long bars are kept is said as a mapping in the file, or as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import ConfigError

VARIABLE = "TRADEWRIGHT_STORAGE__RETENTION"


@pytest.mark.parametrize("said", ["{1m: 2y, 1d: forever}", '"1m: 2y, 1d: forever"', "\n    1m: 2y\n    1d: forever"])
def test_a_mapping_and_a_text_say_the_same(tmp_path: Path, said: str) -> None:
    (tmp_path / "tradewright.yaml").write_text(f"storage:\n  retention: {said}\n")
    settings = load_settings(tmp_path, {})
    assert settings.values.storage.retention == "1m: 2y, 1d: forever"
    stronger = load_settings(tmp_path, {VARIABLE: "1h: 8w"})
    assert stronger.values.storage.retention == "1h: 8w"


@pytest.mark.parametrize("said", ["{1m: long}", "{never: 2y}", "30", "[1m]", "{1m: [2y]}"])
def test_what_is_no_age_is_refused_with_its_place(tmp_path: Path, said: str) -> None:
    (tmp_path / "tradewright.yaml").write_text(f"storage:\n  retention: {said}\n")
    with pytest.raises(ConfigError, match=r"line 2.*'storage\.retention' should be timeframes with ages"):
        load_settings(tmp_path, {})
