// What a call answered, or how the SDK says that it failed.
export async function attempt(call) {
  try {
    return { answer: await call() };
  } catch (error) {
    return { name: error.name, status: error.status, message: error.message };
  }
}

// The smallest order, with the caller's own id.
export function order(tenantOrderId) {
  return {
    tenantOrderId,
    orderDate: new Date(),
    consumer: { consumerId: "c", addresses: [] },
    orderLineItems: [{ quantity: 1, article: { tenantArticleId: "4711", title: "Cologne Water" } }],
  };
}
