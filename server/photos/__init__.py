"""Photos: bytes come in by parts, are redrawn without a word about where, and lie encrypted."""
