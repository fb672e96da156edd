"""The rules of facilities: pure functions of documents, time and ids. Wire types have judged the bodies before."""
