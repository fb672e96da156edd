"""What subscriptions must satisfy, and how deliveries go on: pure."""
