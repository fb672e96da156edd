// Cancels one order by force.
import { FftOrderService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { order } from "./attempt.mjs";
import { client } from "./hub.mjs";

const orders = new FftOrderService(client);

const created = await orders.create(order("forced"));
const cancelled = await orders.cancel(created.id, created.version, true);

console.log(JSON.stringify({ created, cancelled }));
