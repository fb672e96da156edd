"""What a delivery promise looks like on the wire: what is asked, and what is answered."""

from __future__ import annotations

from opendoms.promises.wire.explanation import PromiseExplanation
from opendoms.promises.wire.request import PromiseRequest
from opendoms.promises.wire.response import ResponseForDeliveryPromise

__all__ = ["PromiseExplanation", "PromiseRequest", "ResponseForDeliveryPromise"]
