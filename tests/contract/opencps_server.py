"""A small OpenCPS 2.x with the traps of the real one. Dossiers are raw, as ``/o/rest/v2/dossiers`` gives them."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

GROUP = "20143"
PREFIX = "/o/rest/v2"


class OpenCpsServer:
    """Answers reads; ``missing`` is how this version tells that a dossier does not exist."""

    def __init__(self, *dossiers: Mapping[str, Any], missing: web.Response | None = None) -> None:
        self._dossiers = dossiers
        self._missing = missing
        self.logs: list[Any] = []
        self.paths: list[str] = []

    def app(self) -> web.Application:
        """What to serve."""
        app = web.Application()
        app.router.add_get(f"{PREFIX}/dossiers", self._list)
        app.router.add_get(f"{PREFIX}/dossiers/{{id}}", self._detail)
        app.router.add_get(f"{PREFIX}/dossierlogs/{{id}}/logs", self._logs)
        return app

    async def _list(self, request: web.Request) -> web.Response:
        self.paths.append(request.path_qs)
        wanted = request.query["dossierNo"]
        start, end = int(request.query["start"]), int(request.query["end"])  # unbounded is an error here
        found = [item for item in self._visible(request) if wanted in item["dossierNo"]][start:end]
        return web.json_response({"total": len(found), "data": found} if found else {"total": 0})

    async def _detail(self, request: web.Request) -> web.Response:
        self.paths.append(request.path_qs)
        if request.headers["Accept"] != "application/json":
            return web.Response(body=b"<dossier/>", content_type="application/xml")
        wanted = request.match_info["id"]
        key = "dossierId" if wanted.isdecimal() else "dossierNo"
        for item in self._visible(request):
            if wanted in {str(item.get(key)), item.get("referenceUid")}:
                return web.json_response(item)
        return self._no_such() if self._missing is None else _copy(self._missing)

    async def _logs(self, request: web.Request) -> web.Response:
        self.paths.append(request.path_qs)
        start, end = int(request.query["start"]), int(request.query["end"])
        return web.json_response({"total": len(self.logs), "data": self.logs[start:end]})

    def _visible(self, request: web.Request) -> list[Mapping[str, Any]]:
        return list(self._dossiers) if request.headers.get("groupId") == GROUP else []

    @staticmethod
    def _no_such() -> web.Response:
        return web.json_response({"code": 404, "message": "not found", "description": ""}, status=404)


def _copy(answer: web.Response) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)
