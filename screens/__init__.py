"""What a person sees: one file a page. Each page puts the other wings together."""
