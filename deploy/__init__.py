"""How Alongside is run: the laptop's engines and supervisor, images and manifests."""
