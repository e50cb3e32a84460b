"""
Kiosk: the check-in at a door, on a machine of its own, working with the line down.

A guest of the server: it knows it by HTTP and `examday.wire` alone. 扫码 a scan asks, 本人 the
examiner's tap admits, 存疑 holds without using the ticket up. Every act becomes a signed event in
the kiosk's own durable outbox before anything is shown, and leaves it only when the server has
said, in a signed answer, that it has the event.
"""
