"""A small Windows beside the checkout, for proof: Wine, and in it Windows' own Python."""
