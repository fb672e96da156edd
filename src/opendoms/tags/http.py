"""The endpoints of tags: decode, call, encode."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from msgspec import Raw

from opendoms.identity.permissions import Permission
from opendoms.kernel.document import decode, encode
from opendoms.tags.actions import TagActions
from opendoms.tags.wire import (
    StrippedTags,
    Tag,
    TagForCreation,
    TagListQuery,
    TagPaginatedResult,
    TagPatchActions,
    TagSearchPayload,
)
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Tags (Core)"
SEARCH_TAG: Final = "Tags"
PATH: Final = "/api/tags"


def routes(tags: TagActions) -> list[Route]:
    """Keeping the tags that orders may carry."""

    async def list_tags(call: Call) -> Answer:
        query: TagListQuery = call.query
        page = await tags.page(call.principal.tenant, after=query.start_after_id or "", size=query.size)
        body: dict[str, Any] = {"tags": [Raw(document) for document in page.documents], "total": page.total}
        if page.has_next_page:
            body["nextCursor"] = decode(page.documents[-1])["id"]
        return Answer(200, encode(body))

    async def create_tag(call: Call) -> Answer:
        body = await tags.create(call.document, call.origin())
        location = f"{call.base_url}{PATH}/{quote(call.document['id'], safe='')}"
        return Answer(201, body, ((b"location", location.encode()),))

    async def read_tag(call: Call) -> Answer:
        return Answer(200, await tags.read(call.principal.tenant, call.path["tagRef"]))

    async def modify_tag(call: Call) -> Answer:
        return Answer(200, await tags.modify(call.path["tagRef"], call.document, call.origin()))

    async def search_tags(call: Call) -> Answer:
        return Answer(200, await tags.search(call.principal.tenant, call.document))

    tag_ref = {"tagRef": "The name of the tag."}
    return [
        Route(
            "GET",
            PATH,
            list_tags,
            operation_id="getTags",
            summary="List tags",
            description="By their ids.",
            tag=TAG,
            permissions=(Permission.TAG_READ,),
            query=TagListQuery,
            replies={200: Reply("A page of tags, empty where there are none.", StrippedTags)},
            refusals={404: "Not answered by this server: a page behind the last one is empty."},
        ),
        Route(
            "POST",
            PATH,
            create_tag,
            operation_id="addTag",
            summary="Create a tag",
            description="Orders may carry the tag from now on. A tag cannot be deleted.",
            tag=TAG,
            permissions=(Permission.TAG_WRITE,),
            body=TagForCreation,
            replies={201: Reply("The tag as it is stored.", Tag, location=True)},
            refusals={409: "There is a tag with this id."},
        ),
        Route(
            "GET",
            PATH + "/{tagRef}",
            read_tag,
            operation_id="getTag",
            summary="Read a tag",
            tag=TAG,
            permissions=(Permission.TAG_READ,),
            path_parameters=tag_ref,
            replies={200: Reply("The tag as it is stored.", Tag)},
            refusals={404: "No tag has this id."},
        ),
        Route(
            "PATCH",
            PATH + "/{tagRef}",
            modify_tag,
            operation_id="putTag",
            summary="Allow more values of a tag",
            description="Values are added and never removed, since orders may carry them.",
            tag=TAG,
            permissions=(Permission.TAG_WRITE,),
            path_parameters=tag_ref,
            body=TagPatchActions,
            replies={200: Reply("The tag after the change.", Tag)},
            refusals={404: "No tag has this id.", 409: "The version is not the stored one."},
        ),
        Route(
            "POST",
            PATH + "/search",
            search_tags,
            operation_id="searchTag",
            summary="Search tags",
            description="Finds every tag that was stored before the search began.",
            tag=SEARCH_TAG,
            permissions=(Permission.TAG_READ,),
            body=TagSearchPayload,
            replies={200: Reply("A page of the tags that were found.", TagPaginatedResult)},
        ),
    ]
