"""Runs named cases of several worker processes in turns and compares their times. Entry: bench/compare."""
