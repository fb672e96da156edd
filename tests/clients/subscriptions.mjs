// Every call of the SDK about subscriptions, and the webhook that comes of one.
import { createServer } from "node:http";
import { FftOrderService, FftSubscriptionService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { client } from "./hub.mjs";

const subscriptions = new FftSubscriptionService(client);
let receive;
const received = new Promise((resolve) => (receive = resolve));
const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  response.writeHead(201).end();
  receive({ headers: request.headers, message: JSON.parse(Buffer.concat(parts).toString()) });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const created = await subscriptions.createSubscription({
  name: "shop",
  event: "ORDER_CREATED",
  target: {
    type: "WEBHOOK",
    callbackUrl: `http://127.0.0.1:${server.address().port}/hook`,
    headers: [{ key: "X-Shop", value: "main" }],
  },
});
const listed = await subscriptions.getSubscriptions();
const order = await new FftOrderService(client).create({
  orderDate: new Date(),
  consumer: {
    addresses: [{ street: "Main Street", houseNumber: "1", postalCode: "50667", city: "Cologne", country: "DE" }],
  },
  orderLineItems: [{ quantity: 2, article: { tenantArticleId: "4711", title: "Cologne Water" } }],
});
const { headers, message } = await received;
await subscriptions.deleteSubscription(created.id);
const left = await subscriptions.getSubscriptions();
server.close();
server.closeAllConnections();

console.log(JSON.stringify({ created, listed, order, headers, message, left }));
