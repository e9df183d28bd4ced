// Replaced by the stub of the README once the package carries it as a file.
