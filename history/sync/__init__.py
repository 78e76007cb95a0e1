"""One programme in many clones: fetched, merged by measure and field, and pushed."""
