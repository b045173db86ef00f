"""What is taught: each lesson's words (`<slug>.md`) beside its live widgets (`<slug>.py`)."""
