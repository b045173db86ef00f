"""What there is to learn: lessons in order, what each makes you able to do, the words, the facts with sources."""
