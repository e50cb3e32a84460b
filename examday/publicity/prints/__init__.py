"""The notice as it hangs on the board."""
