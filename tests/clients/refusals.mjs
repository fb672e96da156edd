// What the hub refuses, in turn.
import { FftOrderService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { attempt, order } from "./attempt.mjs";
import { client } from "./hub.mjs";

const orders = new FftOrderService(client);

const created = await orders.create(order("refused"));
const again = await attempt(() => orders.create(order("refused")));
const unknown = await attempt(() => orders.findBy("unknown"));
const unlocked = await attempt(() => orders.unlock(created.id, created.version));
const stale = await attempt(() => orders.cancel(created.id, created.version + 1));
const forced = await attempt(() => orders.cancel(created.id, created.version, true));

console.log(JSON.stringify({ created, again, unknown, unlocked, stale, forced }));
