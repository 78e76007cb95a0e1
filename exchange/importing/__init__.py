"""From a programme in a document to a change of a plan: what is added, changed and left."""
