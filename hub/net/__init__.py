"""The network that the hub is in: addresses, names, what a Host header may say, mDNS, QR."""
