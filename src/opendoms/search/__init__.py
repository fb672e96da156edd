"""Searching: what `POST /api/…/search` of every slice shares.

A slice describes once what may be searched. What filters mean, in which order results stand and how they are paged is
said by pure functions; where documents are many, an index finds them.

1. `search.fields` describes what a filter may name: `Fields` is a table from the member of the filter to `Value`,
   `Nested`, `Each` or `Attributes`. `search.order` has `Sorts`, the same for what may be sorted by.

       TAGS = Searchable(
           kind="tags",
           fields={"id": Value("text", ("id",)), "allowedValues": Value("text", ("allowedValues",), many=True)},
           sorts={"id": Value("text", ("id",))},
       )

2. `search.wire` has the closed wire types of filters and of the envelope: `SearchPayload` (a slice adds `query` and
   `sort`), `StringFilter`, `StringSearchFilter`, `DateFilter`, `Direction`, `PageInfo`, …

3. Of few documents all are read:

       search = search_of(TAGS, call.document, now=now)   # raises Invalid, with the path of each fault
       if search.start_after_id is not None:              # never in an order by id
           search = search.behind(document)               # the one with this id, read by the slice
       gathering = Gathering(search)
       for body in bodies:                                # stored bytes, in any order, as many batches as it takes
           gathering.add(decode(body), body)
       page = gathering.page()                            # Page(bodies, page_info, total or None)
       answer = page.envelope("tags")                     # the bytes of the answer

   A search of nothing but documents in memory: `search.evaluate.predicate(fields, query, now=now)(document)`.

4. Of many documents an index finds those that are worth reading. The slice names a moment that every document has (its
   order is that of the index, and so the default of the `Searchable`), makes terms, and declares them at its table; a
   migration makes the tables of the index, as 0003 does for orders. The store then writes both in one transaction.

       TERMS = Terms("order_search", FIELDS, ("orderDate",))
       ORDERS = Table("orders", …, search_index=Index(TERMS.index, TERMS.entry, TERMS.definition))
       searcher = Searcher(db, clock, Searched(ORDER_SEARCH, ORDERS, TERMS), Bounds(search_s=10, total_s=2))

       found = await searcher.search(tenant, call.document, find)   # `find` looks up what startAfterId names
       Answer(200, found.page.envelope("orders"), TOTAL_OMITTED if found.total_omitted else ())

   What documents do not hold (the name of a facility, where they have its id) the slice looks up first, and hands over
   a `query` that asks for what they hold; a member of the fields that the wire types do not have is of use there. To
   sort by it, the slice makes a `Searchable` per search, with `fields.Named` among its sorts: see records/searches.py.
   `search.explaining.explanation` says in words how a body would be searched.

How it goes, from a body to documents: `page` understands it, `plan` says what the index is asked (by `terms`, in an
`expression`), `sqlite_sql` and `postgres_sql` say it in SQL, `reading` reads in batches, `searcher` decides until when.
All but the last two are pure.

What holds for every search is said at the heads of `evaluate`, `order`, `cursor` and `page`. They are the reference for
searches by index, which find the same documents in the same order.
"""
