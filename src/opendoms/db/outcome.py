"""What both engines answer alike: the refusals of the store, and the text that neither of them takes."""

from __future__ import annotations

from typing import Final

from opendoms.db.engine import Parameters
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.refusal import Fault, Invalid, Unavailable

# Result columns that hold JSON: they come out as the bytes that went in.
DOCUMENT_COLUMNS: Final = frozenset({"document", "detail"})

# How long a read may take in either engine before it is ended, in seconds.
READ_S_MAX: Final = 30

NUL: Final = "\0"
# The longest promoted text. An index entry of PostgreSQL holds 2,704 bytes, with tenant and id beside it.
PROMOTED_BYTES_MAX: Final = 2_000
_INTEGER_END: Final = 1 << 63
_CHARACTERS_UNSUSPECTED: Final = PROMOTED_BYTES_MAX // 4


def unreachable() -> Unavailable:
    """The database cannot be asked now, and nothing was written by this call."""
    return Unavailable(Fault("The database cannot be reached.", "Try again; nothing that was answered is lost."))


def too_slow() -> Unavailable:
    """A statement took longer than it may and was ended; nothing of it was written."""
    return Unavailable(Fault("The database did not answer in time.", "Ask for less at once, or try again later."))


def uncertain() -> Unavailable:
    """The connection was lost while a write was on its way, and what became of it cannot be found out."""
    return Unavailable(
        Fault("The database did not say whether it took the write.", "Read again before you repeat the request.")
    )


def outdated() -> Unavailable:
    """The search index is built by another release than this process is of; nothing was written."""
    return Unavailable(
        Fault("The search index was rebuilt by another release.", "Start this server again with that release.")
    )


def overloaded(limit: int) -> Unavailable:
    """More writes are waiting than may wait."""
    return Unavailable(Fault(f"More than {limit} writes are waiting for the database.", "Try again later."))


def closed() -> Unavailable:
    """The engine was closed, or never opened."""
    return Unavailable(Fault("The database connection is closed.", "The server is stopping."))


def refuse_unstorable(changeset: Changeset) -> None:
    """Raises Invalid for what PostgreSQL cannot store, so that neither engine does: NUL, and a very long key."""
    # Joined first: one search per row costs a fraction of one per text, and this runs for every write.
    for put in changeset.puts:
        texts = [value for value in put.values if isinstance(value, str)]
        _refuse_nul("".join((put.tenant, put.id, *texts)), put.document)
        for text in texts:
            if len(text) > _CHARACTERS_UNSUSPECTED and len(text.encode()) > PROMOTED_BYTES_MAX:
                raise _too_long()
    for drop in changeset.drops:
        _refuse_nul(drop.tenant + drop.id, b"")
    for event in changeset.events:
        texts = [event.tenant, event.entity_kind, event.entity_id, event.event_id, event.type, event.actor, event.cause]
        _refuse_nul("".join(texts), event.document, event.detail or b"")
    for row in changeset.redactions:
        texts = [row.tenant, row.entity_kind, row.entity_id, row.actor, row.cause]
        _refuse_nul("".join(texts), row.document, row.detail or b"")
    for timer in changeset.timers:
        _refuse_nul(timer.tenant + timer.kind + timer.entity_id, timer.detail or b"")
    for hold in changeset.holds:
        _refuse_nul(hold.tenant + hold.facility_ref + hold.tenant_article_id)
    for restock in changeset.restocks:
        _refuse_nul(restock.tenant + restock.facility_ref + restock.tenant_article_id)


def _refuse_nul(text: str, *documents: bytes) -> None:
    if NUL in text:
        raise nul_refused()
    for document in documents:
        if b"\0" in document:
            raise nul_refused()


def refuse_unstorable_parameters(parameters: Parameters) -> bool:
    """Raises Invalid where a parameter of a read holds NUL, as no text does. Returns whether one is a sequence.

    Numbers of a sequence have 64 bits as well: SQLite would take a larger one for a fraction.
    """
    sequence = False
    for value in parameters.values():
        if isinstance(value, str):
            if NUL in value:
                raise nul_refused()
        elif isinstance(value, (list, tuple)):
            sequence = True
            for item in value:
                if isinstance(item, str):
                    if NUL in item:
                        raise nul_refused()
                elif not -_INTEGER_END <= item < _INTEGER_END:
                    raise unstorable()
    return sequence


def nul_refused() -> Invalid:
    """The refusal of a text with NUL. It does not repeat the text."""
    return Invalid(Fault("The character U+0000 cannot be stored.", "Remove it from the text and send it again."))


def _too_long() -> Invalid:
    return Invalid(
        Fault(
            f"A value that orders are found by is longer than {PROMOTED_BYTES_MAX} bytes.",
            "Shorten it; a longer one can stand in a custom attribute.",
        )
    )


def unstorable() -> Invalid:
    """The refusal of a value that no column can hold: an integer of more than 64 bits, half of a surrogate pair."""
    return Invalid(Fault("A value cannot be stored.", "Integers have 64 bits, and text must be valid Unicode."))
