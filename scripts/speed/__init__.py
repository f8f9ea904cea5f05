"""The measuring program behind `scripts/bench.py`: loads, scenarios, and the table they fill."""
