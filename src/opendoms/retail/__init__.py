"""A made-up retailer for looking around: shops, warehouses, carriers, articles, and what lies where. Pure data."""
