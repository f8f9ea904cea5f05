"""Mutation testing: do the tests notice when one thing in the code is wrong?"""
