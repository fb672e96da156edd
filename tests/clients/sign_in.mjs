// One sign-in for many calls, and a refresh once the token is about to lapse.
import { FftOrderService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { attempt } from "./attempt.mjs";
import { client } from "./hub.mjs";

const orders = new FftOrderService(client);

const before = await attempt(() => client.getToken());
const kept = await attempt(() => client.getToken());
client["authService"].expiresAt = new Date(0);
const after = await attempt(() => client.getToken());
const found = await attempt(() => orders.findByTenantOrderId("nobody's"));

console.log(JSON.stringify({ before, kept, after, found }));
