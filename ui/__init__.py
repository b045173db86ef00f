"""The shared look: theme, the one player for every run, figures, the sandbox."""
