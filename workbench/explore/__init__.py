"""Features → meaning: what a feature fires on, tested."""
