// hub.mjs
import { FftApiClient } from "@fulfillmenttools/fulfillmenttools-sdk-typescript";

const hub = process.env.HUB_URL ?? "http://127.0.0.1:8080";
const email = process.env.HUB_EMAIL ?? "";
const password = process.env.HUB_PASSWORD ?? "";

// "any": the vendor's project and key. A hub has neither; the key must be there and not empty.
export const client = new FftApiClient("any", email, password, "any", {
  enableHttpLogging: true,
  getLogger: () => ({
    // An error of the SDK holds a status and no reason. The reason is in the answer, which is shown here.
    // What is sent is not shown: it holds the password and the token.
    debug: (_text, details) => {
      if (details?.[0]?.status >= 400) console.error(JSON.stringify(details[0].body));
    },
    log: () => {},
    info: () => {},
    warn: console.warn,
    error: console.error,
  }),
});

// The SDK makes its addresses while it is constructed, so they are set afterwards.
Object.assign(client, { baseUrl: `${hub}/api` });
Object.assign(client["authService"], {
  authLoginUrl: `${hub}/v1/accounts:signInWithPassword`,
  authRefreshUrl: `${hub}/v1/token`,
});
