"""The widgets: each draws one part of the screen and posts messages."""
