"""The payments graph over HTTP."""

import asyncio
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse

from . import queries
from .graph import Graph, GraphUnavailable
from .keeper import fetch_secrets
from .models import Dependencies, Found, Health, Page, Person, PersonSummary, Ring, Stats, StoreFacts, Token, Transfer
from .rings import find_rings
from .settings import Settings
from .store import Store, StoreUnavailable
from .tokens import TokenRefused, Tokens

settings = Settings()


@asynccontextmanager
async def lifespan(app: FastAPI):
    secrets = await fetch_secrets(settings)
    app.state.tokens = Tokens(secrets.jwt_secret, secrets.api_key, settings.token_seconds)
    app.state.graph = Graph(settings)
    app.state.store = Store(settings, secrets.database_password) if settings.store_host else None
    if app.state.store:
        await app.state.store.open()
    yield
    await app.state.graph.close()
    if app.state.store:
        await app.state.store.close()


app = FastAPI(title="Payments graph", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)


def graph_of(request: Request) -> Graph:
    return request.app.state.graph


def store_of(request: Request) -> Store:
    if request.app.state.store is None:
        raise HTTPException(404, "this stack keeps its graph in memory: it has no store")
    return request.app.state.store


def token_holder(request: Request, authorization: Annotated[str, Header()] = "") -> dict:
    """The claims of the caller's token; 401 without one that is ours."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRefused("expected the header 'Authorization: Bearer <token>'")
    return request.app.state.tokens.check(token.strip())


TheGraph = Annotated[Graph, Depends(graph_of)]
TheStore = Annotated[Store, Depends(store_of)]
Offset = Annotated[int, Query(ge=0)]
Limit = Annotated[int, Query(ge=1, le=settings.page_limit)]
PersonId = Annotated[str, Path(pattern=r"^P\d{4}$")]
AccountId = Annotated[str, Path(pattern=r"^A\d{4}$")]


@app.exception_handler(GraphUnavailable)
@app.exception_handler(StoreUnavailable)
async def unavailable(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse(status_code=503, content={"detail": str(error)})


@app.exception_handler(TokenRefused)
async def refused(_: Request, error: TokenRefused) -> JSONResponse:
    return JSONResponse(status_code=401, content={"detail": str(error)}, headers={"WWW-Authenticate": "Bearer"})


@app.get("/healthz")
async def healthz(graph: TheGraph) -> Health:
    return Health(status="ok", holds_data=bool(await graph.one(queries.HOLDS_DATA)))


@app.get("/dependencies")
async def dependencies(request: Request, graph: TheGraph) -> Dependencies:
    """What the API stands on, each asked now."""

    async def ask(question) -> str:
        try:
            await question
        except (GraphUnavailable, StoreUnavailable) as error:
            return str(error)
        return "ok"

    store = request.app.state.store
    asked = {"graph": ask(graph.one(queries.HOLDS_DATA))} | ({"store": ask(store.node())} if store else {})
    return Dependencies(**dict(zip(asked, await asyncio.gather(*asked.values()))))


@app.post("/token")
async def token(request: Request, x_api_key: Annotated[str, Header()] = "") -> Token:
    tokens = request.app.state.tokens
    return Token(
        access_token=tokens.issue(x_api_key), token_type="bearer", expires_in=tokens.seconds
    )


@app.get("/store", dependencies=[Depends(token_holder)])
async def store_facts(store: TheStore) -> StoreFacts:
    """What lies under the graph; for holders of a token."""
    node, tables = await asyncio.gather(store.node(), store.tables())
    return StoreFacts(**node, keyspace=settings.store_keyspace, tables=tables)


@app.get("/stats")
async def stats(graph: TheGraph) -> Stats:
    vertices, edges = await graph.one(queries.COUNT_VERTICES), await graph.one(queries.COUNT_EDGES)
    return Stats(vertices=dict(sorted(vertices.items())), edges=dict(sorted(edges.items())))


@app.get("/people")
async def people(graph: TheGraph, offset: Offset = 0, limit: Limit = 50) -> Page[PersonSummary]:
    total = await graph.one(queries.COUNT_PEOPLE)
    items = await graph.run(queries.PEOPLE, start=offset, stop=offset + limit)
    return Page(total=total, offset=offset, limit=limit, items=items)


@app.get("/people/{person_id}")
async def person(graph: TheGraph, person_id: PersonId) -> Person:
    found = await graph.one(queries.PERSON, wanted=person_id)
    if found is None:
        raise HTTPException(404, f"no person '{person_id}'")
    return Person(**found["person"], accounts=found["accounts"], devices=found["devices"])


@app.get("/accounts/{account_id}/transfers")
async def transfers(
    graph: TheGraph,
    account_id: AccountId,
    direction: Literal["in", "out", "both"] = "both",
    offset: Offset = 0,
    limit: Limit = 50,
) -> Page[Transfer]:
    if not await graph.one(queries.ACCOUNT_EXISTS, wanted=account_id):
        raise HTTPException(404, f"no account '{account_id}'")
    which = {"wanted": account_id, "way": direction.upper()}
    total = await graph.one(queries.COUNT_TRANSFERS, **which)
    items = await graph.run(queries.TRANSFERS, **which, start=offset, stop=offset + limit)
    return Page(total=total, offset=offset, limit=limit, items=items)


@app.get("/rings")
async def rings(
    graph: TheGraph, least_cents: Annotated[int, Query(ge=1)] = 50_000, offset: Offset = 0, limit: Limit = 50
) -> Page[Ring]:
    large = await graph.run(queries.LARGE_TRANSFERS, least=least_cents)
    flagged = set(await graph.run(queries.FLAGGED))
    found = find_rings(large, flagged)
    return Page(total=len(found), offset=offset, limit=limit, items=found[offset : offset + limit])


@app.get("/search")
async def search(
    graph: TheGraph, q: Annotated[str, Query(min_length=2, max_length=100)], limit: Limit = 20
) -> list[Found]:
    return await graph.run(queries.SEARCH, words=q, most=limit)
