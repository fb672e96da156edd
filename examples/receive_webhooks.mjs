// Receives webhooks of opendoms: checks who sent them, and handles every event once. Node 18 or newer, no packages.
//
//   WEBHOOK_SECRET=whsec_... PORT=8000 node examples/receive_webhooks.mjs
//
// `verified` and `Seen` are the parts to take into a service of your own.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

// A message that is older, or further ahead, is not believed: somebody may have kept it.
const TOLERANCE_S = 300;
const BODY_BYTES_MAX = 8 * 1024 * 1024;
// Ids are kept for longer than an event is tried.
const KEPT_S = 8 * 86_400;

/**
 * The message with its `event`, `eventId` and `payload`, or null where it is not from opendoms or not as it was sent.
 * Two secrets are given while one is being rotated. `body` is a Buffer of the very bytes that came: parse it afterwards.
 */
export function verified(secrets, headers, body, nowS) {
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) return null;
  const head = Buffer.from(`${headers["webhook-id"] ?? ""}.${timestamp}.`);
  const given = (headers["webhook-signature"] ?? "")
    .split(" ")
    .filter((each) => each.startsWith("v1,"))
    .map((each) => Buffer.from(each.slice(3), "base64"));
  for (const secret of secrets) {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const expected = createHmac("sha256", key).update(head).update(body).digest();
    if (given.some((each) => each.length === expected.length && timingSafeEqual(each, expected))) {
      return JSON.parse(body.toString("utf8"));
    }
  }
  return null;
}

/** Remembers which events were handled. A service keeps this in its database, in the transaction of its effects. */
export class Seen {
  #at = new Map();

  /** Whether an event was not seen before; from now on it was. */
  isNew(eventId, nowS) {
    for (const [id, at] of this.#at) {
      if (at >= nowS - KEPT_S) break;
      this.#at.delete(id);
    }
    if (this.#at.has(eventId)) return false;
    this.#at.set(eventId, nowS);
    return true;
  }
}

/** Prints each event once. Answers 204 for what is verified, new or not, so that it is not sent again. */
function serve(secrets, port) {
  const seen = new Seen();
  const server = createServer(async (request, response) => {
    const parts = [];
    let size = 0;
    for await (const part of request) {
      size += part.length;
      if (size > BODY_BYTES_MAX) return response.writeHead(413).end();
      parts.push(part);
    }
    const nowS = Date.now() / 1000;
    const message = verified(secrets, request.headers, Buffer.concat(parts), nowS);
    if (message === null) return response.writeHead(401).end();
    if (seen.isNew(message.eventId, nowS)) {
      console.log(`${message.event} ${request.headers["opendoms-sequence"]} ${message.eventId}`);
    }
    return response.writeHead(204).end();
  });
  server.listen(port, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const secrets = (process.env.WEBHOOK_SECRET ?? "").split(/\s+/).filter(Boolean);
  if (secrets.length === 0) {
    console.error("WEBHOOK_SECRET is missing: the secret of the subscription, or two of them while one is rotated");
    process.exit(1);
  }
  serve(secrets, Number(process.env.PORT ?? 8000));
}
