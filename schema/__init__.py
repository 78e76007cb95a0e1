"""What a programme is: the JSON Schema, the typed model, the rules and the states, all pure."""
