"""What each action does when its key is pressed."""
