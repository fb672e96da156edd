"""Who is told of what happens: subscriptions, and the relay that delivers events to them in order."""
