// Every call of the SDK about tags.
import { FftTagService } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { client } from "./hub.mjs";

const tags = new FftTagService(client);

const created = await tags.create("colour", ["red"]);
const updated = await tags.update("colour", ["blue", "green"]);
const read = await tags.get("colour");
const listed = await tags.getAll();

console.log(JSON.stringify({ created, updated, read, listed }));
