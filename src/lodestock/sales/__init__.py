"""Sales orders: reservation, backorder, shipment, return."""
