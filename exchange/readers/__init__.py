"""One module a format: each turns a file of its format into a `SourceDocument`."""
