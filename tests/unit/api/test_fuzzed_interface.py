"""Whatever is asked, within the document or beside it, is answered as the document says, and never with a fault."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from tests.access import QuickPasswords
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import ENOUGH, Kept, identify, person

from tradewright.api.application import DoorOptions, create_app
from tradewright.bootstrap.access import access_desks
from tradewright.bootstrap.control_room import control_room
from tradewright.domain.control.users import Role
from tradewright.face.bars_again import OriginReader

EXAMPLES = int(os.environ.get("TRADEWRIGHT_EXAMPLES", "4"))
"""Requests to each route; more are asked for by hand."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def fuzzed(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server over a copy of the kept runs, to which anything may happen."""
    folder = tmp_path_factory.mktemp("fuzzed")
    shutil.copytree(kept.folder, folder / "store")
    room = control_room("0.0.test", OriginReader, folder=folder / "store", project=folder)
    number = iter(range(1 << 40))
    room.__dict__["access"] = access_desks(
        room.now_ns, lambda size: next(number).to_bytes(size, "big"), room.folder, QuickPasswords()
    )
    room.access.users.users.add(person(Role.ADMIN).user)
    return create_app(room, DoorOptions(identify=identify, limits=ENOUGH))


@pytest.fixture(scope="module")
def document(fuzzed: Any) -> Any:
    """What the server says of itself."""
    return schemathesis.openapi.from_dict(fuzzed.openapi())


def operations() -> list[tuple[str, str]]:
    """Every route of the document that is kept beside the dashboard."""
    paths = json.loads((Path(__file__).parents[3] / "dashboard" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    return [(method.upper(), path) for path, found in paths.items() for method in found]


def carried(case: Any) -> dict[str, Any]:
    """A request as the client takes it."""
    given = case.as_transport_kwargs(base_url="http://localhost")
    sent = {name: given[name] for name in ("params", "headers", "json", "files", "cookies") if given.get(name)}
    if "files" in sent:
        sent["files"] = [(name, _file(file)) for name, file in sent["files"]]
    body = given.get("data", given.get("content"))
    if isinstance(body, (bytes, str)):
        sent["content"] = body
    elif body:
        sent["data"] = body
    return {"method": given["method"], "path": given["url"], **sent}


def _file(said: Any) -> Any:
    """What stands in the place of a file, as something that can be sent."""
    if isinstance(said, tuple):
        return (said[0], _file(said[1]), *said[2:])
    return said if isinstance(said, bytes) else str(said).encode()


@pytest.mark.parametrize(("method", "path"), operations(), ids=lambda value: value)
def test_every_answer_is_one_that_the_document_names(method: str, path: str, fuzzed: Any, document: Any) -> None:
    operation = document[path][method]
    client = AsgiClient(fuzzed, {"Authorization": "Bearer admin"})
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases)
    def ask(case: Any) -> None:
        answer = client.request(**carried(case))
        case.validate_response(answer, checks=CHECKS)

    ask()
