"""The protocol's law as pure functions: plain data in, plain data out, standard library only."""
