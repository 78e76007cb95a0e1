"""What is reported, as blocks that every format is written from: no figure is worked out twice."""
