"""Single sign-on against a provider of our own: who it names gets in, and no token that is not quite right."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from bot.settings_desk import DeskSection, SingleSignOnSection
from tests.contract.store_engines import SqliteEngine
from tests.desk import DeskPlace, Visitor, desk_place

KEY, OTHER_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
Spoil = Callable[[dict[str, Any]], None]


class Provider:
    """Issues tokens for whoever asks."""

    def __init__(self) -> None:
        self.address = ""
        self.user = "An"
        self.now = 0
        self.spoil: Spoil = lambda _claims: None
        self.key, self.algorithm = KEY, "RS256"
        self.asked: dict[str, Any] = {}
        self.verifier = ""

    async def describe(self, _request: web.Request) -> web.Response:
        names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
        described = {name: f"{self.address}/{path}" for name, path in names.items()}
        return web.json_response({"issuer": self.address, **described})

    async def keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [KEY.as_dict(private=False)]})

    async def token(self, request: web.Request) -> web.Response:
        posted = await request.post()
        self.verifier = str(posted["code_verifier"])
        assert (posted["code"], posted["client_secret"]) == ("c0de", "secret")
        claims = {
            "iss": self.address,
            "aud": "motcua",
            "nonce": self.asked["nonce"],
            "preferred_username": self.user,
            "iat": self.now,
            "exp": self.now + 300,
        }
        self.spoil(claims)
        return web.json_response({"id_token": jwt.encode({"alg": self.algorithm}, claims, self.key)})


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    made = Provider()
    application = web.Application()
    application.router.add_get("/.well-known/openid-configuration", made.describe)
    application.router.add_get("/keys", made.keys)
    application.router.add_post("/token", made.token)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()


@pytest.fixture
async def there(sqlite_engine: SqliteEngine) -> AsyncIterator[tuple[Provider, DeskPlace]]:
    async with provider() as made:
        made.now = int(sqlite_engine.clock.now().timestamp())
        sso = SingleSignOnSection(
            issuer=made.address, client_id="motcua", client_secret=SecretStr("secret"), label="Cổng tỉnh"
        )
        desk = DeskSection(totp="required", sso=sso)
        async with desk_place(sqlite_engine, desk=desk, public_url="http://desk.example.vn") as place:
            await place.officer()
            yield made, place


async def departed(made: Provider, visitor: Visitor, path: str = "/desk/sso") -> dict[str, str]:
    """The query with which the provider is asked."""
    away = await visitor.get(path)
    assert away.status == 303
    assert away.location.startswith(f"{made.address}/auth?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(away.location).query).items()}
    made.asked = query
    return query


async def test_in_by_the_provider(there: tuple[Provider, DeskPlace]) -> None:
    made, place = there
    visitor = place.visitor()
    assert "Đăng nhập bằng Cổng tỉnh" in (await visitor.get("/desk/login?next=/desk/audit")).text
    query = await departed(made, visitor, "/desk/sso?next=/desk/audit")
    assert query["redirect_uri"] == "http://desk.example.vn/desk/sso/callback"
    assert query["code_challenge_method"] == "S256"
    back = await visitor.get(f"/desk/sso/callback?code=c0de&state={query['state']}")
    assert (back.status, back.location) == (303, "/desk/audit")
    assert len(made.verifier) >= 43
    assert (await visitor.get("/desk/audit")).status == 200


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda claims: claims.update(iss="https://evil.example"), id="another issuer"),
        pytest.param(lambda claims: claims.update(aud="another"), id="another client"),
        pytest.param(lambda claims: claims.update(aud=["motcua", "x"], azp="x"), id="handed to another client"),
        pytest.param(lambda claims: claims.update(nonce="old"), id="another attempt"),
        pytest.param(lambda claims: claims.pop("nonce"), id="no nonce"),
        pytest.param(lambda claims: claims.update(exp=claims["iat"] - 3600), id="too old"),
        pytest.param(lambda claims: claims.pop("exp"), id="without an end"),
        pytest.param(lambda claims: claims.pop("preferred_username"), id="nobody"),
    ],
)
async def test_tokens_that_do_not_hold(there: tuple[Provider, DeskPlace], spoil: Spoil) -> None:
    made, place = there
    made.spoil = spoil
    visitor = place.visitor()
    query = await departed(made, visitor)
    back = await visitor.get(f"/desk/sso/callback?code=c0de&state={query['state']}")
    assert back.status == 502
    assert (await visitor.get("/desk/profile")).status == 303


async def test_a_token_signed_by_somebody_else(there: tuple[Provider, DeskPlace]) -> None:
    made, place = there
    made.key = OTHER_KEY
    visitor = place.visitor()
    query = await departed(made, visitor)
    assert (await visitor.get(f"/desk/sso/callback?code=c0de&state={query['state']}")).status == 502


async def test_an_answer_to_another_attempt(there: tuple[Provider, DeskPlace]) -> None:
    made, place = there
    visitor, other = place.visitor(), place.visitor()
    query = await departed(made, visitor)
    await departed(made, other)
    assert (await other.get(f"/desk/sso/callback?code=c0de&state={query['state']}")).status == 502
    assert (await place.visitor().get(f"/desk/sso/callback?code=c0de&state={query['state']}")).status == 502
    place.engine.clock.advance(601)
    assert (await visitor.get(f"/desk/sso/callback?code=c0de&state={query['state']}")).status == 502


@pytest.mark.parametrize("user", ["nobody", "an "])
async def test_only_who_has_an_account_here(there: tuple[Provider, DeskPlace], user: str) -> None:
    made, place = there
    made.user = user
    visitor = place.visitor()
    query = await departed(made, visitor)
    back = await visitor.get(f"/desk/sso/callback?code=c0de&state={query['state']}")
    assert back.status == (303 if user.strip() == "an" else 403)


async def test_a_provider_that_is_away(sqlite_engine: SqliteEngine) -> None:
    sso = SingleSignOnSection(issuer="http://127.0.0.1:9", client_id="motcua", client_secret=SecretStr("secret"))
    async with desk_place(sqlite_engine, desk=DeskSection(sso=sso), public_url="http://desk.example.vn") as place:
        answered = await place.visitor().get("/desk/sso")
    assert (answered.status, "dùng mật khẩu" in answered.text) == (502, True)
