"""What the commands print for people: one module for each thing that is shown."""
