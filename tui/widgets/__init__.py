"""The widgets: each draws one part of a snapshot and posts messages."""
