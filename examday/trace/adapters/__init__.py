"""What the trace needs from outside the database: tiles, the head store, the key, the line."""
