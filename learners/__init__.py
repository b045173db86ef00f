"""Who is learning and what they did: an append-only log of events, and everything else derived from it."""
