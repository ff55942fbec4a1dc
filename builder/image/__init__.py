"""What the image is: its Dockerfile, its labels, its files. Building it is the engine's part."""
