"""
The demo day: a driver of the same verbs a page or the HTTP interface calls, not a second house.

Every part is real: files parsed, QR codes decoded from pictures by a kiosk process, video encoded
and hashed, PDFs signed with people's own keys. Only the clock is simulated, so that five working
days of publicity pass in a moment.
"""
