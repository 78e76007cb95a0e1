"""What a commit says to a reviewer and to a program: subject, lines of fields, trailers."""
