"""The payments graph over HTTP."""

from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse

from . import queries
from .graph import Graph, GraphUnavailable
from .models import Found, Health, Page, Person, PersonSummary, Ring, Stats, Transfer
from .rings import find_rings
from .settings import Settings

settings = Settings()


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.graph = Graph(settings)
    yield
    await app.state.graph.close()


app = FastAPI(title="Payments graph", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)


def graph_of(request: Request) -> Graph:
    return request.app.state.graph


TheGraph = Annotated[Graph, Depends(graph_of)]
Offset = Annotated[int, Query(ge=0)]
Limit = Annotated[int, Query(ge=1, le=settings.page_limit)]
PersonId = Annotated[str, Path(pattern=r"^P\d{4}$")]
AccountId = Annotated[str, Path(pattern=r"^A\d{4}$")]


@app.exception_handler(GraphUnavailable)
async def unavailable(_: Request, error: GraphUnavailable) -> JSONResponse:
    return JSONResponse(status_code=503, content={"detail": str(error)})


@app.get("/healthz")
async def healthz(graph: TheGraph) -> Health:
    return Health(status="ok", holds_data=bool(await graph.one(queries.HOLDS_DATA)))


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
