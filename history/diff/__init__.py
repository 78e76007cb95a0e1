"""What two versions of a programme differ in, by measure and field, and in words."""
