"""The rules of carriers: pure functions of documents, time and ids. Wire types have judged the bodies before."""
