"""
Trace: 全程留痕, the append-only transparency log of an exam site.

Every verb of every room appends one entry inside its own transaction (*sequenced*); `publish`
hashes new entries into the RFC 6962 tree (*integrated*) and signs a head that covers them
(*published*). A head is a C2SP checkpoint, co-signed by witnesses outside the site and
time-stamped by RFC 3161 servers. An entry never holds personal data: names and ID numbers stand
in it as salted commitments, and deleting the salt erases them. Serves 可追溯、可倒查 (HE-07, LN-21).
Above signing, below every room of the day; knows nothing of what the entries are about.
"""
