"""The sentences of the language, a file for each tongue, all with the same tables."""
