// promises.mjs
import { FftOrderService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { client } from "./hub.mjs";

const orders = new FftOrderService(client);

const promise = await orders.createPromise({
  tenantOrderId: "promised-to-the-sdk",
  orderDate: new Date(),
  consumer: {
    addresses: [{ street: "Main Street", houseNumber: "1", postalCode: "50667", city: "Cologne", country: "DE" }],
  },
  orderLineItems: [{ quantity: 2, article: { tenantArticleId: process.env.ARTICLE ?? "4711", title: "Cologne Water" } }],
});
const extended = await orders.extendPromise(promise.orderRef, promise.orderVersion);
const confirmed = await orders.confirmPromise(extended.id, extended.version);

console.log(JSON.stringify({ promise, extended, confirmed }, null, 2));
