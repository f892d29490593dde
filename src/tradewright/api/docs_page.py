"""The interface as a page: every route with its role, parameters and answers; nothing is loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Any

__all__ = ["docs_page"]

_STYLE = (
    "body{font:14px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "code{font-family:ui-monospace,monospace}h2{margin-top:2rem}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}"
    "details{margin:.4rem 0}summary{cursor:pointer}"
)


def docs_page(document: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    info = document["info"]
    parts = [_section(document, tag) for tag in document.get("tags", [])]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<body><h1>{escape(info['title'])} API, version {escape(info['version'])}</h1>"
        f'<p>{escape(info["description"])} The whole document: <a href="/openapi.json">/openapi.json</a>.</p>'
        f"{''.join(parts)}</body></html>"
    )


def _section(document: dict[str, Any], tag: dict[str, str]) -> str:
    found = [
        _operation(method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if tag["name"] in operation.get("tags", [])
    ]
    return f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>{''.join(found)}"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    role = operation.get("x-role", "anybody")
    rows = "".join(_parameter(each) for each in operation.get("parameters", []))
    body = operation.get("requestBody", {}).get("content", {})
    shapes = ", ".join(_shape(each.get("schema", {})) for each in body.values())
    answers = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(answer['description'])}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<details><summary><code>{method.upper()} {escape(path)}</code> · {escape(role)}</summary>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"{'<p>Body: ' + escape(shapes) + '</p>' if shapes else ''}"
        f"{'<table><tr><th>Parameter<th>In<th>Meaning</tr>' + rows + '</table>' if rows else ''}"
        f"<table><tr><th>Status<th>Answer</tr>{answers}</table></details>"
    )


def _parameter(said: dict[str, Any]) -> str:
    name = f"<code>{escape(said['name'])}</code>"
    return f"<tr><td>{name}</td><td>{escape(said['in'])}</td><td>{escape(said.get('description', ''))}</td></tr>"


def _shape(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", schema.get("title", "form"))).rpartition("/")[2]
