"""What touches files and pictures: intake (hashing), media (parsing in a jail), watch (inbox)."""
