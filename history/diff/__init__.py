"""The difference of two versions of a programme: by measure and field, and in words."""
