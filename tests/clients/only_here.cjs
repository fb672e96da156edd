// Loaded before a script (node --require): whatever is fetched from beyond this machine fails, and says where it went.
const { fetch } = globalThis;

globalThis.fetch = async (address, options) => {
  const { hostname } = new URL(address);
  if (hostname !== "127.0.0.1") throw new Error(`tests may not reach ${hostname}`);
  return fetch(address, options);
};
