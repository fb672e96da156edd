"""The rules of orders: pure functions of documents, time and ids. Bodies have been judged by the wire types before."""
