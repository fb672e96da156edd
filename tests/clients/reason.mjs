// reason.mjs
import { FftOrderService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { client } from "./hub.mjs";

const reason = await client.post("cancelationreasons", {
  reason: "Changed their mind",
  reasonLocalized: { en_US: "Changed their mind" },
});
const order = await new FftOrderService(client).findByTenantOrderId(process.env.ORDER ?? "");
if (!order) throw new Error("the order is not there");
const cancelled = await client.post(`orders/${order.id}/actions`, {
  name: "CANCEL",
  version: order.version,
  cancelationReasonId: reason.id,
});

console.log(JSON.stringify({ reason, cancelled }, null, 2));
