"""Self-contained pages, to be opened in a browser, printed or sent on."""
