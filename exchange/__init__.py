"""How a programme travels: readers of documents, the table reader, and what is written out."""
