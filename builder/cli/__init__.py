"""The terminal: options in, words and results out, one place where errors end."""
