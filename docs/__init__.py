"""For builders: the design, the notes the course grew from, how to write for it, and the pictures of the README."""
