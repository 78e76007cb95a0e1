"""The controls that dialogs are made of: each holds one value and checks it."""
