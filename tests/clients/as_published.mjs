// The SDK with nothing set: it signs in where its vendor's customers do.
import { FftApiClient, FftOrderService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { attempt } from "./attempt.mjs";

const orders = new FftOrderService(new FftApiClient("any", "ada@example.com", "secret", "any"));

console.log(JSON.stringify(await attempt(() => orders.findBy("1"))));
