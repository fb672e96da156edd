"""Searching: what `POST /api/…/search` of every slice shares. Pure: no module in here reads, writes or asks the time.

A slice describes once what may be searched, and hands over documents; this package judges, orders and pages them.

1. `search.fields` describes what a filter may name: `Fields` is a table from the member of the filter to `Value`,
   `Nested`, `Each` or `Attributes`. `search.order` has `Sorts`, the same for what may be sorted by.

       TAGS = Searchable(
           kind="tags",
           fields={"id": Value("text", ("id",)), "allowedValues": Value("text", ("allowedValues",), many=True)},
           sorts={"id": Value("text", ("id",))},
       )

2. `search.wire` has the closed wire types of filters and of the envelope: `SearchPayload` (a slice adds `query` and
   `sort`), `StringFilter`, `StringSearchFilter`, `DateFilter`, `Direction`, `PageInfo`, …

3. `search.page` does the rest:

       search = search_of(TAGS, call.document, now=now)   # raises Invalid, with the path of each fault
       if search.start_after_id is not None:              # never in an order by id
           search = search.behind(document)               # the one with this id, read by the slice
       gathering = Gathering(search)
       for body in bodies:                                # stored bytes, in any order, as many batches as it takes
           gathering.add(decode(body), body)
       page = gathering.page()                            # Page(bodies, page_info, total or None)
       answer = page.envelope("tags")                     # the bytes of the answer

   A search of nothing but documents in memory: `search.evaluate.predicate(fields, query, now=now)(document)`.

What holds for every search is said at the heads of `evaluate`, `order`, `cursor` and `page`. They are the reference for
searches in SQL, which must find the same documents in the same order.
"""
