// Finds every order by its caller's id: as it is, and encoded twice beforehand.
import { FftOrderService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { attempt, order } from "./attempt.mjs";
import { client } from "./hub.mjs";

const orders = new FftOrderService(client);
const results = [];
for (const own of JSON.parse(process.argv[2])) {
  await orders.create(order(own));
  const asItIs = await attempt(() => orders.findByTenantOrderId(own));
  const encoded = await attempt(() => orders.findByTenantOrderId(encodeURIComponent(encodeURIComponent(own))));
  results.push([own, asItIs, encoded]);
}

console.log(JSON.stringify(results));
