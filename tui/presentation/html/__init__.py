"""Pages that stand alone, to be opened in a browser, printed or sent on."""
