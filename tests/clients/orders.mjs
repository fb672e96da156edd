// orders.mjs
import { FftOrderService, OrderStatus } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { client } from "./hub.mjs";

const orders = new FftOrderService(client);

const created = await orders.create({
  tenantOrderId: "from-the-sdk",
  orderDate: new Date(),
  status: OrderStatus.LOCKED,
  consumer: {
    addresses: [{ street: "Main Street", houseNumber: "1", postalCode: "50667", city: "Cologne", country: "DE" }],
  },
  orderLineItems: [{ quantity: 2, article: { tenantArticleId: "4711", title: "Cologne Water" } }],
});

const found = await orders.findByTenantOrderId("from-the-sdk");
if (!found) throw new Error("the order is not there");
const unlocked = await orders.unlock(found.id, found.version);
const cancelled = await orders.cancel(unlocked.id, unlocked.version);
const read = await orders.findBy(cancelled.id);

console.log(JSON.stringify({ created, found, unlocked, cancelled, read }, null, 2));
