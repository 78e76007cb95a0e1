"""The YAML text: read guarded and with positions, changed by the smallest patch."""
