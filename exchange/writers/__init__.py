"""Writers: a report in one format each. The same report gives the same bytes."""
